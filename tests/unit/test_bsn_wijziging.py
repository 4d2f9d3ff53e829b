"""A BSN that was replaced: both numbers valid, no circle in a delivery, and one person for whoever asks after it, keeps it or erases it."""

from datetime import UTC, date, datetime

import pytest
from leveringen import Landing, bsn, melding, onderwijsnummer, to_csv

from orchestration import clock
from orchestration.deliveries import ledger
from orchestration.deliveries.pseudonym import Pseudonymiser, load_key
from orchestration.persons import disclose, erase, hold, identity, purge, retention, rotate

A, B, C, D, OTHER = (bsn(40_000_000 + 20 * place) for place in range(5))
OWN = onderwijsnummer(9)
DECISION = hold.decide("verzoek", "Jansen")


def change(old: str, new: str, day: str = "2025-01-01") -> dict[str, str]:
    return {"BSN_OUD": old, "BSN": new, "DATUM_WIJZIGING": day}


def deliver(landing: Landing, *rows: dict[str, str], name: str = "a", day: int = 1) -> None:
    content = {"bsn_wijzigingen.csv": to_csv(rows)}
    moment = f"2025-03-{day:02d}T02:00:00+01:00"
    landing.write(name, content, bron="monitor", entiteit="bsn_wijziging", rijen=len(rows), kennisdatum=moment)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (change("", B), "sleutel_ontbreekt", "BSN_OUD"),
        (change(A, ""), "waarde_ontbreekt", "BSN"),
        (change(A[:-1] + str((int(A[-1]) + 1) % 10), B), "identificatie_ongeldig", "BSN_OUD"),
        (change(A, OWN), "identificatie_ongeldig", "BSN"),
        (change(A, B, "2025-02-30"), "datum_ongeldig", "DATUM_WIJZIGING"),
        (change(A, A), "wijziging_in_kring", "BSN_OUD"),
    ],
)
def test_a_row_without_two_valid_numbers_is_rejected(landing: Landing, row: dict[str, str], code: str, column: str):
    deliver(landing, change(C, D), row)
    (entry,) = landing.ingest("monitor")
    assert [(one["code"], one["kolom"], one["regel"]) for one in landing.rejected(entry)] == [(code, column, 3)]
    assert len(landing.loaded(entry)) == 1


@pytest.mark.parametrize(
    ("rows", "closing"),
    [
        ([(A, B), (B, A)], [1]),
        ([(A, B), (B, C), (C, A), (C, D)], []),  # of one number two: neither counts, so there is no circle
        ([(A, B), (B, C), (C, A)], [2]),
        ([(C, A), (A, B), (B, C), (D, A)], [2]),
        ([(A, B), (A, B), (B, A)], [2]),
        ([(A, C), (B, C), (C, D)], []),
        ([(A, B), (B, A), (B, C)], []),
        ([(A, B), (B, A), (C, B), (B, A)], [1]),
    ],
)
def test_a_row_that_closes_a_circle_is_rejected_in_the_order_of_the_file(landing: Landing, rows: list[tuple[str, str]], closing: list[int]):
    deliver(landing, *(change(*row) for row in rows))
    (entry,) = landing.ingest("monitor", max_rejected_rows=100)
    found = [row for row in landing.rejected(entry) if row["code"] == "wijziging_in_kring"]
    assert [row["rijnummer"] - 1 for row in found] == closing
    assert all(row["waarde"] == row["sleutel"] and row["bsn_pseudoniem"] for row in found)
    (entity,) = entry.entiteiten
    assert entity.gelezen == len(rows) == entity.geladen + entity.herhaald + entity.afgewezen
    assert len(landing.loaded(entry)) == entity.geladen


def test_a_circle_over_several_files_of_one_delivery(landing: Landing):
    files = {"een.csv": to_csv([change(A, B)]), "twee.csv": to_csv([change(B, C), change(C, A)])}
    landing.write("a", files, bron="monitor", entiteit="bsn_wijziging", rijen={"een.csv": 1, "twee.csv": 2})
    (entry,) = landing.ingest("monitor")
    assert [(row["bestand"], row["regel"]) for row in landing.rejected(entry)] == [("twee.csv", 3)]


@pytest.fixture
def chained(landing: Landing) -> Landing:
    """A lake with one child under three BSNs and an onderwijsnummer, and another child."""
    deliver(landing, change(A, B), name="a", day=1)
    deliver(landing, change(B, C), change(D, D), name="b", day=2)
    born = {"GEBOORTEDATUM": "2010-05-06", "GESLACHT": "V", "ONDERWIJSNUMMER": ""}
    jongeren = [born | {"BSN": A, "ONDERWIJSNUMMER": OWN}, born | {"BSN": C}, born | {"BSN": OTHER, "GEBOORTEDATUM": "2000-05-06"}]
    landing.write("c", {"jongeren.csv": to_csv(jongeren)}, bron="monitor", entiteit="jongere", rijen=3)
    meldingen = [melding(1, BSN=B), melding(2, BSN="", ONDERWIJSNUMMER=OWN), melding(3, BSN=OTHER), melding(4, BSN=B, UREN="x")]
    landing.meldingen("d", meldingen)
    for bron in ("monitor", "duo"):
        landing.ingest(bron, max_rejected_rows=100)
    return landing


@pytest.mark.parametrize("number", [A, B, C, OWN])
def test_whoever_asks_by_one_number_gets_all(chained: Landing, number: str):
    found = disclose.collect(chained.settings(), identity.parse_numbers(number))
    assert {place: len(rows) for place, rows in found.rows.items()} == {
        ("monitor", "bsn_wijziging"): 2, ("monitor", "jongere"): 2, ("duo", "verzuimmelding"): 2
    }  # fmt: skip
    assert [entiteit for _, entiteit, _ in found.rejected] == ["verzuimmelding"]


@pytest.mark.parametrize("number", [A, C])
def test_erasing_by_one_number_erases_all(chained: Landing, number: str):
    found = erase.erase(chained.settings(), identity.parse_numbers(number), DECISION)
    assert dict(found.rows) == {"monitor.bsn_wijziging": 2, "monitor.jongere": 2, "duo.verzuimmelding": 2}
    for left in (A, B, C, OWN):
        assert disclose.collect(chained.settings(), identity.parse_numbers(left)).nothing
    assert not disclose.collect(chained.settings(), identity.parse_numbers(OTHER)).nothing


def test_a_rejected_row_is_found_by_the_number_that_would_be_replaced(chained: Landing):
    assert [row["code"] for _, _, row in disclose.collect(chained.settings(), identity.parse_numbers(D)).rejected] == ["wijziging_in_kring"]
    deliver(chained, change(D, OTHER, "2025-02-30"), name="e", day=3)
    chained.ingest("monitor")
    assert len(disclose.collect(chained.settings(), identity.parse_numbers(D)).rejected) == 2


def test_a_chain_is_one_person_with_one_birth_date(chained: Landing):
    entries = ledger.read(chained.lake)
    made = Pseudonymiser(load_key(chained.settings().key_file, chained.lake))
    people = retention.persons(chained.lake, entries)
    newest = made.one("bsn", C)
    assert {people.of[made.one("bsn", number)] for number in (A, B, C)} == {people.of[made.one("onderwijsnummer", OWN)]} == {newest}
    assert people.born == {newest: date(2010, 5, 6), made.one("bsn", OTHER): date(2000, 5, 6)}


def test_the_file_of_one_who_is_old_enough_is_purged_with_its_changes(chained: Landing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2029, 5, 6, 12, tzinfo=UTC))
    found = purge.purge(chained.settings(), DECISION)
    assert found.rows["dossier"] == 9
    assert disclose.collect(chained.settings(), identity.parse_numbers(A)).nothing


def test_a_circle_of_several_deliveries_is_one_person(landing: Landing):
    deliver(landing, change(A, B), name="a", day=1)
    deliver(landing, change(B, A), name="b", day=2)
    landing.ingest("monitor")
    made = Pseudonymiser(load_key(landing.settings().key_file, landing.lake))
    people = retention.persons(landing.lake, ledger.read(landing.lake))
    assert len({people.of[made.one("bsn", number)] for number in (A, B)}) == 1
    found = disclose.collect(landing.settings(), identity.parse_numbers(A))
    assert len(found.rows["monitor", "bsn_wijziging"]) == 2


def test_another_key_renews_both_numbers(chained: Landing):
    before = {place: len(rows) for place, rows in disclose.collect(chained.settings(), identity.parse_numbers(A)).rows.items()}
    rotate.rotate(chained.settings(), DECISION)
    after = disclose.collect(chained.settings(), identity.parse_numbers(A))
    assert {place: len(rows) for place, rows in after.rows.items()} == before
    made = Pseudonymiser(load_key(chained.settings().key_file, chained.lake))
    rows = [row for _, row in after.rows["monitor", "bsn_wijziging"]]
    assert {row["bsn_oud_pseudoniem"] for row in rows} == {row["sleutel"] for row in rows} == {made.one("bsn", number) for number in (A, B)}
