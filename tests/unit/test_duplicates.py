"""Duplicate keys in one delivery: equal rows are loaded once, different rows not at all."""

import numpy as np
import pytest
from leveringen import Landing, melding, to_csv

from expectations import contract
from orchestration.deliveries import duplicates
from orchestration.deliveries.duplicates import KeyIndex


def test_an_equal_row_is_repeated_and_different_rows_are_rejected(landing: Landing):
    rows = [
        melding(1), melding(2), melding(1, TOELICHTING="free text is not kept, so this is the same"),
        melding(3), melding(3, UREN="17"), melding(3, UREN="18"),
        melding(4), melding(4, TIJDSTIP_LAATSTE_MUTATIE="12:00:01"),
        melding(5), melding(5, UREN="x"),
    ]  # fmt: skip
    landing.meldingen("a", rows)
    (entry,) = landing.ingest(max_rejected_rows=100)
    (entity,) = entry.entiteiten
    assert (entity.gelezen, entity.geladen, entity.herhaald, entity.afgewezen) == (10, 4, 1, 5)
    assert [(row["sleutel"], row["rijnummer"]) for row in landing.loaded(entry)] == [("M1", 1), ("M2", 2), ("M4", 7), ("M4", 8)]
    assert {row["code"] for row in landing.rejected(entry)} == {"sleutel_dubbel"}
    assert [(row["waarde"], row["kolom"], row["regel"]) for row in landing.rejected(entry)] == [
        ("M3", "MELDINGSNUMMER", 5), ("M3", "MELDINGSNUMMER", 6), ("M3", "MELDINGSNUMMER", 7),
        ("M5", "MELDINGSNUMMER", 10), ("M5", "MELDINGSNUMMER", 11),
    ]  # fmt: skip


def test_equal_invalid_rows_are_rejected_for_their_fault(landing: Landing):
    landing.meldingen("a", [melding(1, UREN="x"), melding(1, UREN="x")])
    assert [row["code"] for row in landing.rejected(landing.ingest()[0])] == ["getal_ongeldig", "getal_ongeldig"]


def test_duplicates_in_different_files_of_an_entiteit(landing: Landing):
    files = {
        "verzuimmeldingen_1.csv": to_csv([melding(1), melding(2)]),
        "verzuimmeldingen_2.csv": to_csv([melding(2), melding(1, UREN="20")]),
    }
    landing.write("a", files, rijen=2)
    (entry,) = landing.ingest()
    assert [(row["bestand"], row["rijnummer"]) for row in landing.loaded(entry)] == [("verzuimmeldingen_1.csv", 2)]
    assert [(row["bestand"], row["regel"]) for row in landing.rejected(entry)] == [
        ("verzuimmeldingen_1.csv", 2),
        ("verzuimmeldingen_2.csv", 3),
    ]
    assert entry.entiteiten[0].herhaald == 1


@pytest.mark.parametrize("at_once", [1, 2, 7, 1000])
def test_a_part_at_a_time_finds_the_same_rows(monkeypatch: pytest.MonkeyPatch, at_once: int):
    monkeypatch.setattr(duplicates, "AT_ONCE", at_once)
    index = KeyIndex(contract.load("duo").entities["verzuimmelding"])
    assert not len(index.suspects())
    for hashes, readable in (([5, -9, 5, 8], [True, True, True, False]), ([8, 8, -9, 3], [True, False, True, True])):
        index.hashes.append(np.array(hashes, dtype=np.int64))
        index.readable.append(np.array(readable))
    assert index.suspects().tolist() == [0, 1, 2, 6]
