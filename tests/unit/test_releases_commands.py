"""`leerplicht approve`, `diff`, `verify` and `publish`: output, exit codes, and one sentence for a mistake."""

import csv
import io
import shutil
from pathlib import Path

import magazijn
import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from orchestration import clock, night, rebuild
from orchestration.cli import app
from orchestration.commands import releases
from orchestration.lake import Lake
from orchestration.outcome import Afloop
from orchestration.publication import register
from orchestration.publication.candidate import build_candidate
from orchestration.runs import Run
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with two releases, made once."""
    lake = Lake(tmp_path_factory.mktemp("gepubliceerd") / "meer")
    magazijn.build(lake)
    for change in (False, True):
        if change:
            magazijn.change(lake)
        settings = Settings(lake=lake.root)
        build_candidate(lake, settings)
        magazijn.publish(lake, settings)
    return lake.root


@pytest.fixture
def lake(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A copy of that lake, selected by the settings."""
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "meer"))
    return Lake(shutil.copytree(published, tmp_path / "meer", symlinks=True))


def leerplicht(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def test_approve_says_what_it_did_and_refuses_a_second_time(lake: Lake):
    first = register.releases(lake, "intern")[0].name
    alone = leerplicht("approve", first, "--by", "J. Jansen")
    assert (alone.exit_code, alone.stdout) == (1, "")
    assert "is niets in openbaar gemaakt" in alone.stderr
    done = leerplicht("approve", first, "--by", "J. Jansen", "--because", "vastgesteld", "--zone", "intern")
    assert done.exit_code == 0
    assert f"nu definitief: {first} in intern" in done.stdout
    again = leerplicht("approve", first, "--by", "J. Jansen", "--zone", "intern")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "is al definitief" in again.stderr
    assert leerplicht("approve", first).exit_code == 2, "who decides must be said"
    assert leerplicht("approve", "20990101", "--by", "J").exit_code == 1
    assert "er loopt al een nacht" not in leerplicht("approve", "current", "--by", "J").stderr
    with FileLock(lake.lock):
        assert "er loopt al een nacht" in leerplicht("approve", "current", "--by", "J").stderr


def test_diff_tells_a_person_and_a_program(lake: Lake):
    first = register.releases(lake, "intern")[0].name
    told = leerplicht("diff", first)
    assert told.exit_code == 0
    assert "Incidenten" in told.stdout or "incidenten" in told.stdout
    rows = list(csv.DictReader(io.StringIO(leerplicht("diff", first, "current", "--csv").stdout)))
    assert {(row["gemeente"], row["indicator"], row["verschil"]) for row in rows} == {
        (name, "incidenten", "1") for name in ("Hengelo", "Regio")
    }
    wrong = leerplicht("diff", "2025", "current")
    assert (wrong.exit_code, "kan elk van 2 releases zijn" in wrong.stderr) == (1, True)
    assert leerplicht("diff", first, "current", "--zone", "iedereen").exit_code == 2


@pytest.mark.parametrize(("differing", "exit_code"), [((), 0), (("kerncijfers.parquet",), 1)])
def test_verify_ends_with_what_it_found(lake: Lake, monkeypatch: pytest.MonkeyPatch, differing: tuple[str, ...], exit_code: int):
    release = register.find(lake, "intern", "current")
    then, now = {"versie": "0.1.0", "sha256": "a" * 64}, {"versie": "0.2.0", "sha256": "b" * 64}
    found = rebuild.Comparison(release, ("kerncijfers.parquet",), differing, then, now)
    monkeypatch.setattr(rebuild, "rebuild", lambda *_: found)
    told = leerplicht("verify", "current")
    assert told.exit_code == exit_code
    assert "gemaakt met code 0.1.0 (aaaaaaaaaaaa), en nu opnieuw met 0.2.0" in told.stdout
    assert ("elke byte is gelijk" in told.stdout) is not bool(differing)
    assert ("wordt zij anders: kerncijfers.parquet" in told.stderr) is bool(differing)


@pytest.mark.usefixtures("lake")
def test_verify_of_what_is_not_there_is_a_sentence():
    wrong = leerplicht("verify", "20990101")
    assert (wrong.exit_code, "is geen release" in wrong.stderr) == (1, True)


@pytest.mark.usefixtures("lake")
def test_publish_as_of_a_day_counts_all_of_that_day(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def run(settings: Settings, _report: night.Report, *, openbaar: bool) -> Run:
        asked.append((settings.known_at.isoformat(), openbaar))
        return Run(run="", taak="proef", begon=clock.now(), afloop=Afloop.MISLUKT, reden="proef")

    monkeypatch.setattr(night, "run", run)
    for day in ("2025-01-31", "2025-07-31T12:00:00+02:00"):
        assert leerplicht("publish", "--as-of", day, "--zone", "openbaar").exit_code == 1
    assert asked == [("2025-01-31T23:59:59+01:00", True), ("2025-07-31T12:00:00+02:00", True)]
    for wrong in ("gisteren", "2025-01-31T00:00:00"):
        assert leerplicht("publish", "--as-of", wrong).exit_code == 2
    assert len(asked) == 2


def test_zones_of_the_command_line_are_the_zones_there_are():
    assert tuple(zone.value for zone in releases.ZoneName) == register.ZONES
