"""What is past its period goes, and nothing else; what is held stays."""

from datetime import UTC, datetime
from typing import Any

import pytest
from leveringen import Landing, bsn, melding, to_csv

from orchestration import change, clock
from orchestration.defs.bronnen import purge_expired
from orchestration.defs.lake_run import LakeRun, silent
from orchestration.deliveries import ledger
from orchestration.persons import hold, identity, purge
from orchestration.persons.identity import PersonError

DECISION = hold.decide("de termijn is om", "Jansen")
NIGHT = datetime(2026, 1, 1, tzinfo=UTC)
OLD, YOUNG, UNKNOWN = bsn(20_000_001), bsn(20_000_002), bsn(20_000_003)


@pytest.fixture
def held(landing: Landing) -> Landing:
    """A lake with a person born in 2008, one born in 2010, and one whose birth is unknown."""
    births = [{"BSN": OLD, "ONDERWIJSNUMMER": "", "GEBOORTEDATUM": "2008-02-29", "GESLACHT": "V"},
              {"BSN": YOUNG, "ONDERWIJSNUMMER": "", "GEBOORTEDATUM": "2010-05-06", "GESLACHT": "V"}]  # fmt: skip
    landing.write("register", {"jongeren.csv": to_csv(births)}, bron="monitor", entiteit="jongere", rijen=2, aard="volledig")
    landing.meldingen(
        "20250303", [melding(1, BSN=OLD), melding(2, BSN=YOUNG), melding(3, BSN=UNKNOWN), melding(4, BSN=OLD, VERZUIMSOORT="V9")]
    )
    kinds = [("N1", OLD, "verzuimgesprek"), ("N2", OLD, "proces_verbaal"), ("N3", YOUNG, "halt"), ("N4", YOUNG, "verzuimgesprek")]
    rows = [{"INTERVENTIENR": nr, "BSN": who, "ONDERWIJSNUMMER": "", "DATUM": "20-01-2025", "SOORT": kind, "VERZUIMSOORT": "luxe"}
            for nr, who, kind in kinds]  # fmt: skip
    landing.write("carel", {"interventies.csv": to_csv(rows)}, bron="carel", entiteit="interventie", rijen=4, aard="volledig")
    for bron in ("monitor", "duo", "carel"):
        landing.ingest(bron, max_rejected_rows=1000)
    return landing


def at(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(day).replace(tzinfo=UTC))


def keys(landing: Landing) -> list[str]:
    return sorted(row["sleutel"] for entry in ledger.read(landing.lake) for place in range(len(entry.entiteiten)) if entry.bron != "monitor"
                  for row in [*landing.loaded(entry, place), *landing.rejected(entry, place)])  # fmt: skip


def purged(landing: Landing, *, yes: bool = True, **settings: Any) -> purge.Purge:
    return purge.purge(landing.settings(**settings), DECISION if yes else None)


EVERYTHING = ["M1", "M2", "M3", "M4", "N1", "N2", "N3", "N4"]


@pytest.mark.parametrize(
    ("day", "settings", "left"),
    [
        ("2027-02-28", {}, EVERYTHING),
        ("2027-03-01", {}, ["M2", "M3", "N2", "N3", "N4"]),  # born on 29 February 2008: 19 years
        ("2027-03-01", {"retention_file_years": 20}, EVERYTHING),
        ("2028-03-01", {"retention_file_years": 20}, ["M2", "M3", "N2", "N3", "N4"]),
        ("2030-01-19", {"retention_file_years": 100}, EVERYTHING),
        ("2030-01-20", {"retention_file_years": 100}, ["M1", "M2", "M3", "M4", "N1", "N4"]),  # a proces-verbaal and Halt: five years
        ("2029-05-06", {"retention_enforcement_years": 9}, ["M3", "N2", "N3"]),
        ("2039-01-31", {"retention_enforcement_years": 99}, ["M3", "N2", "N3"]),
        ("2039-02-01", {"retention_enforcement_years": 99}, ["N2", "N3"]),  # the first event, when the person was at least five
        ("2026-02-12", {"retention_report_years": 1}, ["M4", "N1", "N2", "N3", "N4"]),
        ("2026-02-11", {"retention_report_years": 1}, EVERYTHING),
    ],
)
def test_a_period_ends_on_its_day(held: Landing, monkeypatch: pytest.MonkeyPatch, day: str, settings: dict[str, Any], left: list[str]):
    at(monkeypatch, day)
    found = purged(held, yes=False, retention_original_days=36_500, **settings)
    assert found.nothing == (left == EVERYTHING)
    assert keys(held) == EVERYTHING and not change.record(held.lake) and not held.lake.change.exists()
    assert purged(held, retention_original_days=36_500, **settings) == found
    assert keys(held) == left
    births = sum(entry.entiteiten[0].geladen for entry in ledger.read(held.lake, "monitor"))
    assert found.rows.total() == len(EVERYTHING) - len(left) + 2 - births
    assert purged(held, retention_original_days=36_500, **settings).nothing


def test_the_report_counts_persons_rows_and_deliveries(held: Landing, monkeypatch: pytest.MonkeyPatch):
    at(monkeypatch, "2030-01-20")
    found = purged(held, yes=False, retention_original_days=36_500)
    assert found.persons == {"dossier": 2, "handhaving": 2}
    assert found.rows == {"dossier": 7, "handhaving": 2}
    assert found.deliveries == {"dossier": 3, "handhaving": 1}


def test_what_is_held_stays(held: Landing, monkeypatch: pytest.MonkeyPatch):
    at(monkeypatch, "2027-03-01")
    numbers = identity.parse_numbers(OLD)
    hold.hold(held.settings(), None, numbers, DECISION, release=False)
    found = purged(held, retention_original_days=36_500)
    assert found.nothing and found.held == 1
    with pytest.raises(PersonError, match="al onder"):
        hold.hold(held.settings(), None, numbers, DECISION, release=False)
    hold.hold(held.settings(), None, numbers, DECISION, release=True)
    hold.hold(held.settings(), "duo/20250303", None, DECISION, release=False)
    assert purged(held).deliveries == {"origineel": 2}
    assert keys(held) == EVERYTHING, "whoever is named in a delivery that is held, is held"
    assert [path.name for path in held.lake.landing.glob("*/*")] == ["20250303"]
    hold.hold(held.settings(), "duo/20250303", None, DECISION, release=True)
    purged(held)
    assert keys(held) == ["M2", "M3", "N2", "N3", "N4"]
    assert [one.opgeheven is not None for one in hold.read(held.lake)] == [True, True]
    with pytest.raises(PersonError, match="valt niet onder"):
        hold.hold(held.settings(), "duo/20250303", None, DECISION, release=True)
    with pytest.raises(PersonError, match="kent geen levering"):
        hold.hold(held.settings(), "duo/nooit", None, DECISION, release=False)


def test_an_original_goes_thirty_days_after_its_verdict_and_the_delivery_stays(held: Landing, monkeypatch: pytest.MonkeyPatch):
    held.meldingen("fout", [melding(9)] * 2, kennisdatum="2025-03-05T02:00:00+01:00", bestanden=[])
    [refused] = held.ingest()
    assert refused.oordeel == "geweigerd"
    judged = datetime.fromisoformat(refused.gezien)
    before = keys(held)
    for days, there in ((29, 4), (30, 1)):
        monkeypatch.setattr(clock, "now", lambda days=days: judged.replace(hour=23) + __import__("datetime").timedelta(days=days))
        found = purged(held)
        assert len(list(held.lake.landing.glob("*/*"))) == there
    assert (found.deliveries, found.waiting) == ({"origineel": 3}, 1)
    assert keys(held) == before
    assert held.ingest() == held.ingest("monitor") == held.ingest("carel") == []
    assert [[one.wat for one in entry.herschreven] for entry in ledger.read(held.lake, "monitor")] == [["origineel_verwijderd"]]
    assert change.latest(held.lake) is None, "no row went, so earlier warehouses stay"


@pytest.mark.parametrize(
    ("setting", "moment", "goes"), [("elke_nacht", None, True), ("op_verzoek", None, False), ("elke_nacht", NIGHT, False)]
)
def test_every_night_purges_if_that_is_set(
    held: Landing, monkeypatch: pytest.MonkeyPatch, setting: str, moment: datetime | None, goes: bool
):
    """After reading and before the gate; a look back, and the rebuilding of a release, change nothing."""
    at(monkeypatch, "2027-03-01")
    run = LakeRun(held.settings(purge=setting, known_at=moment), "nacht", silent)
    purge_expired(run)
    run.release()
    assert (keys(held) != EVERYTHING) == goes
