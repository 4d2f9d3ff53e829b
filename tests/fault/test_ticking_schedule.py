"""A week of nights by the daemon under a shifted clock: one on each date, also when the clock changes, and two that alarm somebody.

The real daemon, schedule, sensors and run queue, and the night itself (`week_location.py`). The clock runs at its own speed, and jumps
(`shifted.py`) to just before each instant that matters: 02:00 of every date, the second 02:00 of a Sunday in October, and an hour after the
03:00 of a Sunday in March. In the third night the gate of the warehouse is red; before the fifth a delivery came that is refused. An HTTP
listener gets the alarms, of the nights and of the `healthcheck` after each. A week takes a quarter of an hour, so it is asked for with a
variable: `SCHEDULE_WEEKS=1`.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from conftest import Night, Place, copy_of
from leveringen import Landing, melding
from shifted import LIBRARY, Clock
from test_watch_channels import http

from expectations import contract
from orchestration import runs
from orchestration.defs import planning
from orchestration.outcome import Afloop
from orchestration.settings import Settings

LOCATION = Path(__file__).parents[1] / "week_location.py"  # not imported: it replaces the building of this process
AMSTERDAM = ZoneInfo(planning.TIMEZONE)
RED, REFUSED = 2, 4  # the nights of the week that alarm somebody

pytestmark = [
    pytest.mark.skipif("SCHEDULE_WEEKS" not in os.environ, reason="takes half an hour; set SCHEDULE_WEEKS=1"),
    pytest.mark.skipif(not LIBRARY.exists(), reason="libfaketime is not installed (Debian: faketime)"),
]


@contextmanager
def daemon(here: Place, folder: Path, variables: dict[str, str]) -> Iterator[None]:
    """Run the daemon; its log is in the folder."""
    command, log = [Path(sys.executable).with_name("dagster-daemon"), "run", "-f", LOCATION], folder / "daemon.log"
    own = {"LEERPLICHT_PLANNING": "dagster", "DAGSTER_HOME": str(here.lake.dagster_home), "TZ": planning.TIMEZONE}
    with log.open("w") as file:
        process = subprocess.Popen(command, env=variables | own, stdout=file, stderr=file, start_new_session=True)
    try:
        wait(lambda: "Checking for new runs" in log.read_text(), 600)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait(condition: Callable[[], bool], seconds: float) -> bool:
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


def begun(instance: dg.DagsterInstance, what: str = "schedule") -> Counter[date]:
    """Return how many runs the schedule or the sensor began on each date, once none is queued or busy."""
    records, tag = instance.get_run_records(), f"dagster/{what}_name"
    if any(record.dagster_run.status in planning.ACTIVE for record in records):
        return Counter()  # after a jump Dagster would hold it for one that does not end
    return Counter(record.create_timestamp.astimezone(AMSTERDAM).date() for record in records if tag in record.dagster_run.tags)


@pytest.mark.parametrize("first", [date(2027, 3, 25), date(2027, 10, 28)], ids=["maart", "oktober"])
def test_a_week_in_which_the_clock_changes_has_one_night_on_each_date_and_each_alarm_once(night: Night, tmp_path: Path, first: date):
    here, clock, week = copy_of(night, tmp_path), Clock(tmp_path / "klok"), [first + timedelta(days=day) for day in range(7)]
    clock.set(instants(first)[0] - timedelta(minutes=10))
    with http() as (web, alarms), planning.instance(Settings(lake=here.root)) as instance:
        watched = {"LEERPLICHT_ALARM_URLS": web, "LEERPLICHT_DELIVERY_DAYS": ",".join(f"{bron}=0" for bron in contract.BRONNEN)}
        replaced = {"BUILT": str(tmp_path / "gebouwd"), "RED": week[RED].isoformat()}
        variables = here.environment | clock.environment | watched | replaced
        variables["PYTHONPATH"] += os.pathsep + str(LOCATION.parent)
        told, healthy = [], []
        with daemon(here, tmp_path, variables):
            for day in week:
                if day == week[REFUSED]:
                    clock.set(instants(day)[0] - timedelta(hours=1))
                    rows = [melding(number, BRIN="?") for number in range(20)]
                    Landing(tmp_path).meldingen("20270301T010000", rows, kennisdatum="2027-03-01T01:00:00+01:00")
                    wait(lambda day=day: begun(instance, "sensor")[day] > 0, 900)
                for moment in instants(day):
                    again = begun(instance)[day]  # then nothing more is expected: long enough for a tick
                    clock.set(moment.astimezone(UTC) - timedelta(seconds=30))  # by the local clock, 02:59:30 may be an hour later
                    wait(lambda day=day, again=again: begun(instance)[day] > again, 120 if again else 900)
                healthy.append(here.installed_leerplicht("healthcheck", **variables).returncode == 0)
                told.append([alarm["title"].removeprefix("leerplicht: ") for alarm in alarms])
                alarms.clear()
        assert begun(instance) == Counter(week)
        assert begun(instance, "sensor") == Counter([week[REFUSED]]), "it begins one run when a delivery landed"
    expected = [[] for _ in week]
    expected[RED], expected[RED + 1] = ["een poort keurt de gegevens af"], ["opgelost: een poort keurt de gegevens af"]
    expected[REFUSED] = ["een levering is geweigerd"]
    assert told == expected
    assert healthy == [day != week[RED] and day < week[REFUSED] for day in week], "a refusal stands until it is replaced"
    ended = [run.afloop for run in runs.read(here.lake)[-8:]]
    assert ended[RED] is Afloop.POORT_ROOD
    assert [place for place, afloop in enumerate(ended) if not afloop or not afloop.is_good] == [RED]
