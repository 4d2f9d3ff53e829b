"""A dossier of a melding names no person: it is shown, kept, erased and purged with the melding that it names."""

from datetime import UTC, datetime

import pytest
from leveringen import Landing, bsn, melding, to_csv

from orchestration import clock
from orchestration.deliveries import ledger
from orchestration.persons import disclose, erase, hold, identity, purge
from orchestration.persons.identity import Numbers

THEIRS, OTHER = bsn(45_000_000), bsn(45_000_100)
NUMBERS = identity.parse_numbers(THEIRS)
DECISION = hold.decide("verzoek", "Jansen")
DOSSIER = ("carel", "meldingdossier")


@pytest.fixture
def landing(landing: Landing) -> Landing:
    """A lake with a melding of two persons, and a dossier of each; of one also a dossier that is rejected, and one of no melding."""
    meldingen = [melding(n, BSN=one, MELDINGSNUMMER=f"20250{n}") for n, one in ((1, THEIRS), (2, OTHER))]
    landing.meldingen("a", meldingen)
    dossiers = [{"MELDINGSNUMMER": f"20250{n}", "AFSLUITING": "gezien"} for n in (1, 2, 3)]
    landing.write("b", {"meldingdossiers.csv": to_csv(dossiers)}, bron="carel", entiteit="meldingdossier", rijen=3)
    wrong = [{"MELDINGSNUMMER": "202501", "AFSLUITING": "nee"}]
    landing.write("c", {"meldingdossiers.csv": to_csv(wrong)}, bron="carel", entiteit="meldingdossier")
    birth = {"GEBOORTEDATUM": "2008-01-01", "GESLACHT": "X"}
    persons = [{"BSN": THEIRS} | birth, {"BSN": OTHER} | birth | {"GEBOORTEDATUM": "2010-01-01"}]
    landing.write("d", {"jongeren.csv": to_csv(persons)}, bron="monitor", entiteit="jongere", rijen=2)
    for bron in ("monitor", "duo", "carel"):
        landing.ingest(bron)
    return landing


def dossiers(landing: Landing, numbers: Numbers = NUMBERS) -> tuple[list[str], int]:
    """Return the numbers of the dossiers of a person, and of how many rejected ones."""
    found = disclose.collect(landing.settings(), numbers)
    rejected = [entiteit for _, entiteit, _ in found.rejected if entiteit == "meldingdossier"]
    return [row["meldingsnummer"] for _, row in found.rows.get(DOSSIER, [])], len(rejected)


def left(landing: Landing) -> list[str]:
    """Return the numbers of all dossiers in the lake."""
    entries = [entry for entry in ledger.read(landing.lake, "carel") if entry.entiteiten]
    return [row["meldingsnummer"] for entry in entries for row in landing.loaded(entry)]


def test_a_dossier_is_shown_to_the_person_of_its_melding(landing: Landing):
    assert dossiers(landing) == (["202501"], 1)
    assert dossiers(landing, identity.parse_numbers(OTHER)) == (["202502"], 0)


def test_a_dossier_is_erased_with_its_melding(landing: Landing):
    found = erase.erase(landing.settings(), NUMBERS, DECISION)
    assert (found.rows["carel.meldingdossier"], found.rejected) == (1, 1)
    assert left(landing) == ["202502", "202503"]


def test_a_dossier_goes_when_the_file_of_its_person_is_past_its_period(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 1, 12, tzinfo=UTC))
    found = purge.purge(landing.settings(), DECISION)
    assert found.rows["dossier"] == 4
    assert left(landing) == ["202502", "202503"]


def test_a_dossier_goes_when_its_melding_is_past_a_period_of_its_own(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    for day, expected in (("2027-02-11", ["202501", "202502", "202503"]), ("2027-02-12", ["202503"])):
        monkeypatch.setattr(clock, "now", lambda day=day: datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        purge.purge(landing.settings(retention_report_years=2, retention_file_years=30), DECISION)
        assert left(landing) == expected


def test_the_dossier_of_a_person_that_is_held_stays(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    hold.hold(landing.settings(), None, NUMBERS, DECISION, release=False)
    monkeypatch.setattr(clock, "now", lambda: datetime(2040, 1, 1, tzinfo=UTC))
    purge.purge(landing.settings(retention_report_years=2), DECISION)
    assert left(landing) == ["202501", "202503"]
