"""`kill -9` of the runs of Dagster's daemon, at random moments and at named steps, and now and then of the daemon with all that it started.

What is killed is marked by the daemon itself, and begun once more; that run is killed too. Nothing is lost, readers never see a half, and
what the last run publishes is what an undisturbed night publishes.

A run takes a minute or two with what Dagster does before and after it, so this is on request: `KILLS=10` kills ten times.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random

import command_line
import dagster as dg
import pytest
from conftest import Night, Place, copy_of
from test_killed_nights import KILLS, Readers, after, assert_nothing_was_lost, begin_again, steps

from orchestration import runs
from orchestration.definitions import assemble
from orchestration.defs import dead_runs, planning
from orchestration.settings import Settings

LONG = 900  # seconds: a run that died before it told so is found after ten minutes
DAEMON_TOO, AGAIN = 5, 3  # one in so many kills also takes the daemon; after one in so many everything has to be read again


@dataclass
class Daemon:
    """The daemon on a lake, and its runs.

    Args:
        place: The lake.
        instance: Dagster's records of it.
        folder: For what it prints.
        known: The runs that ended or were killed.
    """

    place: Place
    instance: dg.DagsterInstance
    folder: Path
    known: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Start it and its code server, as their units do."""
        environment, number = self.place.environment | {"LEERPLICHT_PLANNING": "dagster"}, len(list(self.folder.glob("daemon-*")))
        code = command_line.start_installed(["code-server"], environment, self.folder / f"code-{number}")
        self._process = command_line.start_installed(["daemon", "--code-server"], environment, self.folder / f"daemon-{number}")
        self._all = (code, self._process)

    def kill(self) -> None:
        """Kill it with its code server, of which its run is a child."""
        for process in self._all:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill_run(self, run: dg.DagsterRun) -> None:
        """Kill the process of a run, and nothing else."""
        process = dead_runs.process_of(run)
        assert process
        os.kill(int(process.split()[1]), signal.SIGKILL)

    def whole_run(self) -> runs.Run:
        """Let the next run come to its end; return its record."""
        run = self.busy()
        self.wait(lambda: self.has_ended(run))
        return runs.read(self.place.lake)[-1]

    def ask(self) -> None:
        """Queue a night, as the schedule does, unless one is queued or busy, or the daemon is about to begin the last one again."""
        [last] = self.instance.get_runs(limit=1)
        if last.is_finished and last.tags.get("dagster/will_retry") != "true":
            settings = Settings(lake=self.place.root, key_file=self.place.key_file)
            planning.set_code_location(self.instance, planning.NIGHT)
            job = assemble(settings).resolve_job_def(planning.NIGHT)
            self.instance.create_run_for_job(job, status=dg.DagsterRunStatus.QUEUED, tags=planning.UNATTENDED)

    def busy(self) -> dg.DagsterRun:
        """Return the next run that has a process; ask for one if there is none."""
        self.wait(lambda: self.ask() or self._new() is not None)
        found = self._new()
        assert found
        self.known.add(found.run_id)
        return found

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait until something is so; the daemon lives all the while."""
        end = time.monotonic() + LONG
        while not until():
            assert self._process.code() is None, self._process.told()[-2000:]
            assert time.monotonic() < end, self._process.told()[-2000:]
            time.sleep(0.2)

    def has_ended(self, run: dg.DagsterRun) -> bool:
        found = self.instance.get_run_by_id(run.run_id)
        return found is not None and found.is_finished

    def _new(self) -> dg.DagsterRun | None:
        started = self.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
        return next((run for run in started if run.run_id not in self.known and dead_runs.process_of(run)), None)


@contextmanager
def daemon(place: Place, folder: Path) -> Iterator[Daemon]:
    with planning.instance(Settings(lake=place.root)) as instance:
        made = Daemon(place, instance, folder)
        made.start()
        try:
            yield made
        finally:
            made.kill()


def at(place: Place, step: str) -> Callable[[dg.DagsterRun], bool]:
    """Whether a run has begun a step, by the log of the lake."""
    begun = f'"{step}", "gebeurtenis": "begonnen"'
    return lambda run: any(run.run_id in line and begun in line for line in place.lake.log.read_text(encoding="utf-8").splitlines())


@pytest.mark.skipif(not KILLS, reason="an hour of nights: set KILLS")
def test_a_killed_night_of_the_daemon_loses_nothing_and_shows_no_half(night: Night, tmp_path: Path, record_property):
    place, random, named, deaths, daemons = copy_of(night, tmp_path), Random(16), cycle(steps(night.place)), 0, 0
    with daemon(place, tmp_path) as here, Readers(place.lake) as readers:
        begin_again(place, night)
        lasts = here.whole_run().seconds
        for number in range(KILLS):
            run = here.busy()
            moment = at(place, next(named)) if number % 2 else after(random.uniform(0, lasts))
            here.wait(lambda run=run, moment=moment: moment(run) or here.has_ended(run))
            if here.has_ended(run):
                continue
            deaths += 1
            with_daemon = number % DAEMON_TOO == 0
            here.kill() if with_daemon else here.kill_run(run)
            daemons += with_daemon
            if number % AGAIN == 0:
                begin_again(place, night)  # the next run begins after the daemon has marked this one
            if with_daemon:
                here.start()
        assert here.whole_run().published
    assert deaths > KILLS // 2, "the nights were killed, not ended"
    record_property("daemons", daemons)
    assert_nothing_was_lost(place, night, readers, deaths, record_property)
