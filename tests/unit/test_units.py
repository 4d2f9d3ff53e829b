"""The units of systemd: as shown, as written, and as systemd reads them."""

import os
import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from orchestration import units
from orchestration.cli import app
from orchestration.outcome import CODES, Afloop
from orchestration.units import DAGSTER, NIGHT, SHOWN, STANDARD, WATCH, render

ALL = (*NIGHT, *WATCH, *DAGSTER)
SERVICES = [name for name in ALL if name.endswith(".service")]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty machine: a lake, a key and the folders of systemd, all in one folder."""
    (tmp_path / "meer").mkdir()
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / "meer"))
    monkeypatch.setenv("LEERPLICHT_KEY_FILE", str(tmp_path / "sleutel"))
    return tmp_path


def install(here: Path, *options: str):
    return CliRunner().invoke(app, ["install", *options, "--to", str(here / "units"), "--settings", str(here / "instellingen.env")])


def test_the_units_that_the_repository_shows_are_those_of_the_templates():
    assert {path.name for path in SHOWN.iterdir()} == set(ALL) == {path.stem for path in units.TEMPLATES.glob("leerplicht-*.j2")}
    for name in ALL:
        assert (SHOWN / name).read_text() == render(name, STANDARD), f"{name}: give python -m orchestration.units"


@systemd
@pytest.mark.parametrize("options", [["--system"], ["--system", "--daemon"], ["--user"], ["--user", "--daemon"]])
def test_systemd_finds_no_fault_in_what_is_written(here: Path, options: list[str]):
    assert install(here, *options, "--write").exit_code == 0
    written = sorted((here / "units").iterdir())
    assert {path.name for path in written} == set(units.names(daemon="--daemon" in options))
    scope = ["--user"] if "--user" in options else []
    found = subprocess.run(
        ["systemd-analyze", "verify", *scope, *written],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_RUNTIME_DIR": str(here)},
    )
    assert (found.returncode, found.stderr) == (0, "")


@systemd
def test_systemd_does_find_a_fault(here: Path):
    """The test above would pass on anything if `verify` did not read the files."""
    install(here, "--system", "--write")
    unit = here / "units" / NIGHT[0]
    unit.write_text(unit.read_text().replace("Type=exec", "Type=oneshot"))
    found = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert found.returncode != 0
    assert "isn't allowed for Type=oneshot" in found.stderr


@systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_shut_in(name: str):
    asked = ["systemd-analyze", "security", "--offline=true", "--threshold=40", "--no-pager", SHOWN / name]
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 0


@systemd
@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_the_timer_elapses_once_on_every_date_also_when_the_clock_changes(year: int):
    calendars = re.findall(r"^OnCalendar=(.+)$", (SHOWN / NIGHT[1]).read_text(), re.MULTILINE)
    nights = [moment for calendar in calendars for moment in elapses(calendar, year)]
    dates = [moment.astimezone(AMSTERDAM).date() for moment in nights]
    every = [date(year, 1, 1) + timedelta(days=day) for day in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    march = max(day for day in every if (day.month, day.weekday()) == (3, 6))
    assert sorted(dates) == every
    assert march not in [moment.astimezone(AMSTERDAM).date() for moment in elapses(calendars[0], year)], (
        "systemd skips it, hence the second line"
    )


def elapses(calendar: str, year: int) -> list[datetime]:
    """Return when systemd would start, in one year of Amsterdam."""
    asked = ["systemd-analyze", "calendar", f"--base-time={year - 1}-12-31 12:00 UTC", "--iterations=367", calendar]
    told = subprocess.run(asked, capture_output=True, text=True, check=True, env=os.environ | {"TZ": "UTC"}).stdout
    found = re.findall(r"(?:Next elapse|Iter\. #\d+): \w+ (\S+ \S+) UTC", told)
    moments = [datetime.strptime(moment, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) for moment in found]
    return [moment for moment in moments if moment.astimezone(AMSTERDAM).year == year]


def test_the_ways_exclude_each_other_and_both_are_watched():
    assert not set(NIGHT) & set(units.names(daemon=True))
    assert set(WATCH) == set(units.names(daemon=True)) & set(units.names(daemon=False))
    assert "\nConflicts=leerplicht-nacht.timer\n" in render("leerplicht-daemon.service", STANDARD)
    for name in DAGSTER:
        assert "\nEnvironment=LEERPLICHT_PLANNING=dagster\n" in render(name, STANDARD)
    assert "PLANNING" not in render(NIGHT[0], STANDARD)


def test_a_night_is_tried_again_for_what_passes_and_for_nothing_else():
    unit = render(NIGHT[0], STANDARD)
    again = re.search(r"^RestartForceExitStatus=(.+)$", unit, re.MULTILINE)
    assert {int(code) for code in again[1].split()} == {CODES[Afloop.BEZET], CODES[Afloop.AFGEBROKEN]}
    assert "\nRestart=on-abort\n" in unit
    good = re.search(r"^SuccessExitStatus=(.+)$", unit, re.MULTILINE)
    assert {int(code) for code in good[1].split()} | {0} == {ending.code for ending in Afloop if ending.is_good}


def test_without_write_nothing_is_written_and_everything_is_shown(here: Path):
    shown = install(here, "--user")
    assert shown.exit_code == 0
    assert sorted(path.name for path in here.iterdir()) == ["meer"]
    assert f"# === {here}/units/leerplicht-nacht.service" in shown.output
    assert f"LEERPLICHT_LAKE={here}/meer" in shown.output
    assert "systemctl --user enable --now leerplicht-nacht.timer leerplicht-toezicht.timer" in shown.output


def test_what_somebody_changed_is_not_overwritten_and_what_we_wrote_is(here: Path):
    install(here, "--system", "--write")
    night, watch = (here / "units" / name for name in (NIGHT[0], WATCH[0]))
    night.write_text(night.read_text().replace("Nice=5", "Nice=19"))
    before = {path: path.read_text() for path in (here / "units").iterdir()}
    refused = install(here, "--system", "--write")
    assert refused.exit_code == 1
    assert str(night) in refused.output
    assert str(watch) not in refused.output
    assert {path: path.read_text() for path in (here / "units").iterdir()} == before
    assert f"vervangen: {night}" in install(here, "--system", "--write", "--replace").output
    older = render(watch.name, STANDARD)  # sealed, of another installation
    watch.write_text(older)
    assert f"geschreven: {watch}" in install(here, "--system", "--write").output
    assert watch.read_text() != older


def test_the_settings_file_holds_this_environment_without_what_is_secret(here: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEERPLICHT_GEMEENTEN", "0164, 0153")
    monkeypatch.setenv("LEERPLICHT_STRICT", "1")
    monkeypatch.setenv("LEERPLICHT_DAGSTER_STORAGE", "postgresql+psycopg2://u:geheim@127.0.0.1/d")
    shown = install(here, "--system", "--write")
    file = here / "instellingen.env"
    assert shown.exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert {"LEERPLICHT_GEMEENTEN=0164,0153", "LEERPLICHT_STRICT=true"} < set(file.read_text().splitlines())
    assert "geheim" not in file.read_text() + shown.output


def test_the_units_of_one_lake_do_not_get_the_settings_of_another(here: Path):
    (here / "instellingen.env").write_text("LEERPLICHT_LAKE=/srv/ander\n")
    refused = install(here, "--system", "--write")
    assert refused.exit_code == 1
    assert "wijst het meer /srv/ander aan" in refused.output
    assert not (here / "units").exists()


def test_the_services_run_as_the_owner_of_the_lake_with_the_key_of_that_user(here: Path, monkeypatch: pytest.MonkeyPatch):
    assert f"\nUser={(here / 'meer').owner()}\n" in install(here, "--system").output
    monkeypatch.delenv("LEERPLICHT_KEY_FILE")
    assert "LEERPLICHT_KEY_FILE=/var/mail/.config/leerplicht/" in install(here, "--system", "--as", "mail").output
    unknown = install(here, "--system", "--as", "niemand-zo")
    assert unknown.exit_code == 1
    assert "gebruiker niemand-zo is er niet" in unknown.output
    assert "\nUser=" not in install(here, "--user").output
