"""`kill -9` at random moments of a night and at each named step.

Nothing is lost, and after one more night the published bytes are those of an undisturbed one. Readers that look all the while never see a
half.

It takes minutes, so it runs only on request: `KILLS=10` kills ten times at random, `KILLS=200` also at every step.
"""

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import command_line
import duckdb
import pyarrow.parquet as pq
import pytest
from conftest import Night, Place, copy_of

from orchestration import audit, runs
from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.outcome import Afloop

KILLS = int(os.environ.get("KILLS", "0"))


def published(lake: Lake) -> str:
    """Return the hash of all bytes that readers of `intern` have."""
    return digest((lake.published("intern") / "current").resolve())


class Readers:
    """Reads the release and the warehouse again and again, on another thread; what it cannot read whole is a fault."""

    def __init__(self, lake: Lake) -> None:
        self.seen, self.faults = 0, list[str]()
        self._lake, self._stop = lake, threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Readers":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._stop.wait(0.2):
            for look in (self._release, self._warehouse):
                try:
                    look()
                except Exception as problem:
                    self.faults.append(repr(problem))
            self.seen += 1

    def _release(self) -> None:
        release = (self._lake.published("intern") / "current").resolve()
        for line in (release / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
            sha256, _, name = line.partition("  ")
            assert digest(release / name) == sha256, name
        assert pq.read_table(release / "kerncijfers.parquet").num_rows

    def _warehouse(self) -> None:
        with duckdb.connect(str(self._lake.warehouse_current.resolve()), read_only=True) as connection:
            [(rows,)] = connection.execute("select count(*) from jaarverslag.kerncijfers").fetchall()
        assert rows


def killed(place: Place, when: Callable[[command_line.Running], bool]) -> bool:
    """Run a night and kill it and its readers when `when` says so; return whether it was still alive then."""
    night = place.forked_leerplicht("run")
    if night.wait(lambda: when(night)) is None:
        os.killpg(night.pid, signal.SIGKILL)
        night.wait()
        return True
    return False


def after(seconds: float) -> Callable[[command_line.Running], bool]:
    end = time.monotonic() + seconds
    return lambda _night: time.monotonic() >= end


def at(step: str) -> Callable[[command_line.Running], bool]:
    return lambda night: f"  {step} …" in night.told()


def begin_again(place: Place, night: Night) -> None:
    """Take the lake back to the deliveries and the releases: a night has everything to do again, and readers have something to read."""
    for folder in ("lake", "quarantine", "werk/poorten"):
        shutil.rmtree(place.root / folder, ignore_errors=True)  # a night that is killed at its start makes none
    assert published(place.lake) == published(night.lake)


def steps(place: Place) -> list[str]:
    return list(runs.read(place.lake)[-1].stappen)


@pytest.mark.skipif(not KILLS, reason="minutes of nights: set KILLS")
def test_a_killed_night_loses_nothing_and_shows_no_half(night: Night, tmp_path: Path, record_property: Callable[[str, object], None]):
    place, random, deaths = copy_of(night, tmp_path), Random(16), 0
    with Readers(place.lake) as readers:
        for step in steps(place) if KILLS > 10 else ["magazijn wisselen", "intern publiceren"]:
            begin_again(place, night)
            deaths += killed(place, at(step))
        begin_again(place, night)
        began = time.monotonic()
        assert place.leerplicht("run").returncode == Afloop.NIETS_NIEUWS.code
        lasts = time.monotonic() - began
        for number in range(KILLS):
            if number % 10 == 0:
                begin_again(place, night)
            deaths += killed(place, after(random.uniform(0, lasts)))
        ended = place.leerplicht("run")
    assert ended.returncode == Afloop.NIETS_NIEUWS.code, ended.stderr
    assert deaths >= KILLS // 2 + 1, "the nights were killed, not ended"
    assert_nothing_was_lost(place, night, readers, deaths, record_property)


def assert_nothing_was_lost(place: Place, night: Night, readers: Readers, deaths: int, told: Callable[[str, object], None]) -> None:
    """A lake whose nights were killed, and the last one not, has what an undisturbed one has; tell how many there were."""
    assert published(place.lake) == published(night.lake)
    assert readers.seen > 10
    assert not readers.faults, readers.faults[:3]
    records = runs.read(place.lake)
    assert all(run.eindigde for run in records), "every run that died is marked by the next"
    died = [run for run in records if run.afloop is Afloop.AFGEBROKEN]
    assert 0 < len(died) <= deaths, "a night that is killed before it holds the lake has no record"
    new = len(records) - len(runs.read(night.lake))
    assert len(audit_ends(place)) == len(audit_ends(night.place)) + new, "each has its end in the audit log"
    assert not list(place.root.rglob(".*.tmp"))
    for name, value in {"killed": deaths, "while_they_held_the_lake": len(died), "readers_looked": readers.seen}.items():
        told(name, value)


def audit_ends(place: Place) -> list[audit.Line]:
    return [line for line in audit.lines(place.lake) if line.content["wat"] == audit.What.RUN_GEEINDIGD]
