"""`leerplicht run --known-at … --until … --every …`: which instants, what is skipped, a failure that stops nothing, going on after one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from leveringen import Landing, melding
from typer.testing import CliRunner, Result

from orchestration import backfill, night, runs
from orchestration.backfill import RangeError, Step, instants
from orchestration.cli import app
from orchestration.lake import Lake
from orchestration.outcome import Afloop

FIRST, LAST = "2025-01-31T02:00+01:00", "2025-05-01T00:00+02:00"


@pytest.fixture
def looked(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The instants of the nights that ran, on a lake with one delivery; nights are only pretended."""
    landing.meldingen("een", [melding()])
    landing.ingest()
    made: list[datetime] = []

    def run(settings, _report):
        made.append(settings.known_at)
        current = Lake.of(settings).published("intern") / "current"
        current.mkdir(parents=True, exist_ok=True)
        return runs.Run(run="een", taak="nacht", begon=datetime.now(UTC), afloop=Afloop.GEPUBLICEERD)

    monkeypatch.setattr(night, "run", run)
    monkeypatch.setenv("LEERPLICHT_LAKE", str(landing.lake.root))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(landing.settings().key_file))
    return made


def leerplicht(*options: str) -> Result:
    return CliRunner().invoke(app, ["run", "--known-at", FIRST, "--until", LAST, *options])


def written(moments: list[datetime]) -> list[str]:
    return [moment.isoformat(timespec="minutes") for moment in moments]


@pytest.mark.parametrize(
    ("step", "last", "found"),
    [
        ("maand", LAST, ["2025-01-31T02:00+01:00", "2025-02-28T02:00+01:00", "2025-03-31T02:00+02:00", "2025-04-30T02:00+02:00"]),
        ("kwartaal", "2025-04-30T02:00+02:00", ["2025-01-31T02:00+01:00", "2025-04-30T02:00+02:00"]),
        ("kwartaal", "2025-04-30T01:59+02:00", ["2025-01-31T02:00+01:00"]),
        ("jaar", "2026-02-01T00:00+01:00", ["2025-01-31T02:00+01:00", "2026-01-31T02:00+01:00"]),
        ("week", "2025-02-14T02:00+01:00", ["2025-01-31T02:00+01:00", "2025-02-07T02:00+01:00", "2025-02-14T02:00+01:00"]),
    ],
)
def test_a_range_goes_by_the_dutch_calendar(step, last, found):
    assert written(instants(datetime.fromisoformat(FIRST), datetime.fromisoformat(last), Step(step))) == found


def test_a_day_stays_at_the_same_hour_when_the_clock_changes():
    days = instants(datetime.fromisoformat("2025-03-29T03:00+01:00"), datetime.fromisoformat("2025-03-31T03:00+02:00"), Step.DAG)
    assert written(days) == ["2025-03-29T03:00+01:00", "2025-03-30T03:00+02:00", "2025-03-31T03:00+02:00"]


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (LAST, FIRST, "--until ligt voor"),
        (FIRST, "2999-01-01T00:00+01:00", "in de toekomst"),
        ("2020-01-01T00:00+01:00", LAST, f"meer dan {backfill.MOST}"),
    ],
)
def test_a_range_that_cannot_be_is_refused(first, last, says):
    with pytest.raises(RangeError, match=says):
        instants(datetime.fromisoformat(first), datetime.fromisoformat(last), Step.DAG)


def test_each_instant_has_a_line_and_what_is_made_is_skipped_until_something_changes(looked, landing: Landing):
    told = leerplicht("--every", "maand")
    assert told.exit_code == 0, told.output
    assert next(line.split("  ")[:2] for line in told.stdout.splitlines()) == ["1/4", "2025-01-31T02:00:00+01:00"]
    assert told.stdout.count("gemaakt: current") == 4
    assert len(looked) == 4
    again = leerplicht()
    assert again.stdout.count("overgeslagen, al gemaakt: current") == 4
    assert len(looked) == 4
    landing.meldingen("twee", [melding(2)], kennisdatum="2025-03-04T02:00:00+01:00")
    assert leerplicht().exit_code == 0
    assert len(looked) == 8, "a delivery waits"
    landing.ingest()
    assert leerplicht().exit_code == 0
    assert len(looked) == 12, "the ledger is another one"


def test_one_that_fails_stops_no_other_and_is_made_again_alone(looked, monkeypatch: pytest.MonkeyPatch):
    good = night.run

    def once(settings, report):
        if settings.known_at.month == 2:
            return runs.Run(run="een", taak="nacht", begon=datetime.now(UTC), afloop=Afloop.POORT_ROOD, reden="de poort is rood")
        return good(settings, report)

    with monkeypatch.context() as patched:
        patched.setattr(night, "run", once)
        told = leerplicht()
    assert told.exit_code == Afloop.MISLUKT.code
    assert "2/4  2025-02-28T02:00:00+01:00  mislukt: de poort is rood" in told.stdout
    assert told.stderr.endswith("✗ 1 van 4 tijdstippen mislukt; dezelfde opdracht nog eens geven maakt alleen die opnieuw\n")
    assert len(looked) == 3
    assert leerplicht().exit_code == 0
    assert written(looked[3:]) == ["2025-02-28T02:00+01:00"]


def test_an_interrupted_range_goes_on_where_it_was(looked, monkeypatch: pytest.MonkeyPatch):
    good = night.run

    def interrupted(settings, report):
        if len(looked) == 2:
            raise KeyboardInterrupt
        return good(settings, report)

    with monkeypatch.context() as patched:
        patched.setattr(night, "run", interrupted)
        assert leerplicht().exit_code == Afloop.AFGEBROKEN.code
    assert leerplicht().exit_code == 0
    assert written(looked) == ["2025-01-31T02:00+01:00", "2025-02-28T02:00+01:00", "2025-03-31T02:00+02:00", "2025-04-30T02:00+02:00"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--until", LAST], "geef het begin met --known-at"),
        (["--known-at", FIRST, "--until", LAST, "--every", "uur"], "kies uit dag, week, maand, kwartaal, jaar"),
        (["--known-at", FIRST, "--until", "2025-05-01"], "geen tijdstip met tijdzone"),
    ],
)
def test_a_mistake_is_one_sentence(looked: list[datetime], options: list[str], says: str):
    told = CliRunner().invoke(app, ["run", *options])
    assert told.exit_code == 2
    assert says in told.stderr
    assert not looked


def test_the_state_of_a_look_back_is_in_its_own_folder(tmp_path: Path):
    lake = Lake(tmp_path).as_known_at(datetime.fromisoformat(FIRST))
    assert lake.looked_back_state == lake.looked_back / "20250131T010000Z" / "werk" / "stand"
