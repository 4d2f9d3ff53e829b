"""Loose files become a delivery that is accepted, or an error of one sentence."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from leveringen import Landing, bsn, melding, to_csv, to_xlsx

from orchestration.deliveries.deliver import DeliveryError, deliver
from orchestration.deliveries.reasons import Refusal

pytestmark = pytest.mark.usefixtures("reading_in_a_thread")
MOMENT = datetime.fromisoformat("2025-03-03T02:00:00+01:00")
INCIDENTS = [["INCIDENTNR", "BSN", "DATUM", "CONTACT_MET"], ["1", bsn(1), "03-03-2025", "school"]]


def test_what_is_delivered_is_accepted(landing: Landing, tmp_path: Path):
    (tmp_path / "verzuimmeldingen.csv").write_bytes(to_csv([melding(1), melding(2)]))
    (tmp_path / "signalen.csv").write_bytes(b"SIGNAALNUMMER;DATUM_LAATSTE_MUTATIE;BSN;DATUM_BEGIN;STATUS\n")
    files = [str(tmp_path / "verzuimmeldingen.csv"), f"absoluut_verzuim={tmp_path / 'signalen.csv'}"]
    folder = deliver(landing.settings(), "duo", files, "mutatie", MOMENT)
    assert folder == landing.lake.landing / "duo" / "20250303T020000"
    manifest = json.loads((folder / "levering.json").read_text())
    assert [(file["entiteit"], file["rijen"]) for file in manifest["bestanden"]] == [("verzuimmelding", 2), ("absoluut_verzuim", 0)]
    assert landing.ingest()[0].accepted
    again = deliver(landing.settings(), "duo", files, "mutatie", MOMENT.astimezone(UTC))
    assert again.name == "20250303T020000-02"
    assert landing.ingest()[0].oordeel == "herhaald"
    assert landing.lake.landing.stat().st_mode & 0o077 == 0


def test_a_sheet_of_a_workbook(landing: Landing, tmp_path: Path):
    path = tmp_path / "carel.xlsx"
    path.write_bytes(to_xlsx({"Incidenten": INCIDENTS, "Anders": INCIDENTS}))
    deliver(landing.settings(), "carel", [f"incident={path}#Incidenten"], "volledig", MOMENT, levering="eerste")
    (entry,) = landing.ingest("carel")
    assert (entry.accepted, entry.levering, entry.bestanden[0].blad) == (True, "eerste", "Incidenten")


@pytest.mark.parametrize(
    ("bron", "files", "aard", "levering", "reason"),
    [
        ("duox", ["a.csv"], "mutatie", None, "onbekende bron"),
        ("duo", ["a.csv"], "half", None, "aard is volledig of mutatie"),
        ("duo", [], "mutatie", None, "minstens één bestand"),
        ("duo", ["weg.csv"], "mutatie", None, "weg.csv is er niet"),
        ("duo", ["a.csv"], "mutatie", None, "noem haar: verzuimmelding=a.csv"),
        ("duo", ["a.txt"], "mutatie", None, "alleen .csv"),
        ("duo", ["verzuimmelding=a.csv"], "mutatie", None, "kolom .* ontbreekt"),
        ("duo", ["koppeling.csv"], "mutatie", None, "codering|nul-byte"),
        ("duo", ["verzuimmelding=a.csv", "verzuimmelding=b/a.csv"], "mutatie", None, "twee bestanden heten"),
        ("duo", ["verzuimmelding=a.csv", "verzuimmelding=a.csv"], "mutatie", None, "twee keer"),
        ("duo", ["verzuimmelding=a.csv"], "mutatie", "a/b", "naam van een levering"),
    ],
)
def test_what_cannot_be_delivered(
    landing: Landing,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bron: str,
    files: list[str],
    aard: str,
    levering: str | None,
    reason: str,
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()
    for name, content in {"a.csv": b"X\n1\n", "b/a.csv": b"X\n1\n", "a.txt": b"", "koppeling.csv": b"\0"}.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises((DeliveryError, Refusal), match=reason):
        deliver(landing.settings(), bron, files, aard, MOMENT, levering)
    assert not list(landing.lake.landing.glob("*/*"))


def test_a_moment_without_an_offset(landing: Landing):
    with pytest.raises(DeliveryError, match="tijdzone"):
        deliver(landing.settings(), "duo", ["a.csv"], "mutatie", MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("1025-03-03T02:00:00+01:00", "de kennisdatum ligt niet tussen 1990 en 2100"),
        ("2101-03-03T02:00:00+01:00", "de kennisdatum ligt niet tussen 1990 en 2100"),
        ("2099-03-03T02:00:00+01:00", "de kennisdatum ligt in de toekomst, meer dan een dag na nu"),
    ],
)
def test_a_moment_that_is_a_mistake(landing: Landing, moment: str, reason: str):
    with pytest.raises(DeliveryError, match=reason):
        deliver(landing.settings(), "duo", ["a.csv"], "mutatie", datetime.fromisoformat(moment))
