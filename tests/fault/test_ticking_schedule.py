"""The daemon under a shifted clock: one night on each date, also when the clock changes.

The real daemon, schedule and run queue, with a job that only notes when it ran. The clock runs at its own speed, and jumps (libfaketime) to
just before each instant that matters: 02:00 of every date, the second 02:00 of a Sunday in October, and an hour after the 03:00 of a Sunday
in March. That takes a quarter of an hour a week, so it is asked for with a variable: `SCHEDULE_WEEKS=1`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import Place, place

from orchestration.defs import planning
from orchestration.settings import Settings

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
STUB = Path(__file__).parents[1] / "stub_location.py"  # not imported: it replaces the job of this process
AMSTERDAM = ZoneInfo(planning.TIMEZONE)
# libfaketime refuses the absolute sleep of Python (clock_nanosleep); this one is relative
RELATIVE_SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], max(0, seconds)) and None\n"

pytestmark = [
    pytest.mark.skipif("SCHEDULE_WEEKS" not in os.environ, reason="takes half an hour; set SCHEDULE_WEEKS=1"),
    pytest.mark.skipif(not FAKETIME.exists(), reason="libfaketime is not installed (Debian: faketime)"),
]


@dataclass(frozen=True)
class Clock:
    """The clock of a daemon.

    Args:
        file: Holds its distance to the real one.
    """

    file: Path

    def set(self, moment: datetime) -> None:
        self.file.write_text(f"+{moment.timestamp() - time.time():.0f}\n")


@contextmanager
def daemon(here: Place, folder: Path, start: datetime) -> Iterator[Clock]:
    """Run the daemon with its own clock; its log is in the folder."""
    clock = Clock(folder / "klok")
    clock.set(start)
    (folder / "sitecustomize.py").write_text(RELATIVE_SLEEP)
    (here.root / "landing").mkdir(parents=True)
    planning.instance(Settings(lake=here.root)).dispose()
    variables = here.environment | {
        "LEERPLICHT_PLANNING": "dagster",
        "DAGSTER_HOME": str(here.lake.dagster_home),
        "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "NOTES": str(folder / "runs"),
        "TZ": planning.TIMEZONE,
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock.file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    command = [Path(sys.executable).with_name("dagster-daemon"), "run", "-f", STUB]
    with (folder / "daemon.log").open("w") as log:
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=log, start_new_session=True)
    try:
        wait(lambda: "Checking for new runs" in (folder / "daemon.log").read_text(), 600)
        yield clock
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait(condition, seconds: float) -> bool:
    """Wait until a condition holds; return whether it came to that."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(1)
    return True


def instants(day: date) -> list[datetime]:
    """Return when a night could begin on a date, however one reads the clock: 02:00, a second 02:00, and the hours after a missing one."""
    twice = {datetime(day.year, day.month, day.day, 2, fold=fold, tzinfo=AMSTERDAM).timestamp() for fold in (0, 1)}
    found = [moment for moment in (datetime.fromtimestamp(second, AMSTERDAM) for second in sorted(twice)) if moment.hour > 1]
    return [*found, *(moment + timedelta(hours=1) for moment in found if moment.hour == 3)]


@pytest.mark.parametrize("first", [date(2027, 3, 25), date(2027, 10, 28)], ids=["maart", "oktober"])
def test_a_week_in_which_the_clock_changes_has_one_night_on_each_date(tmp_path: Path, first: date):
    week = [first + timedelta(days=day) for day in range(7)]
    notes = tmp_path / "runs"
    notes.touch()
    with daemon(place(tmp_path / "hier"), tmp_path, instants(first)[0] - timedelta(minutes=3)) as clock:
        for count, day in enumerate(week):
            for moment in instants(day):
                clock.set(moment - timedelta(seconds=30))
                came = len(notes.read_text().splitlines()) > count  # then nothing more is expected: long enough for a tick
                wait(lambda expected=count + 1 + came: len(notes.read_text().splitlines()) >= expected, 120 if came else 900)
                time.sleep(10)  # the run ends; after a jump Dagster would hold it for one that does not
    found = [line.split() for line in notes.read_text().splitlines()]
    assert [datetime.fromisoformat(moment).astimezone(AMSTERDAM).date() for moment, _ in found] == week
    assert {started for _, started in found} == {"elke_nacht"}
