"""What a machine does to a night besides killing it: a write that fails with an I/O error, and a clock that was set back.

The errors come from `strace`, which lets one call of the system fail in any process of a night. It takes minutes, so it runs only on
request: `KILLS=10` lets ten calls fail, spread over what a night writes.
"""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from random import Random

import command_line
import pytest
from conftest import Night, Place, copy_of
from shifted import LIBRARY, Clock
from test_killed_nights import KILLS, begin_again, published

from orchestration.outcome import CODES, Afloop

CALLS = {"write": 400, "pwrite64": 200, "fsync": 40, "rename": 40}  # what writes, and of which of its calls in a process at most fails
HARMLESS = (Afloop.NIETS_NIEUWS.code, Afloop.GEPUBLICEERD.code)


def failing(place: Place, call: str, at: int) -> subprocess.CompletedProcess[str]:
    """Run a night in each process of which one call fails."""
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error=EIO:when={at}"]
    return command_line.started([*strace, command_line.INSTALLED, "run"], place.environment)


@pytest.mark.skipif(not KILLS, reason="minutes of nights: set KILLS")
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed (Debian: strace)")
def test_a_write_that_fails_costs_that_night_and_nothing_else(night: Night, tmp_path: Path, record_property):
    place, random, whole, failed = copy_of(night, tmp_path), Random(16), published(night.lake), 0
    for number in range(KILLS):
        call = list(CALLS)[number % len(CALLS)]
        at = random.randint(1, CALLS[call])
        begin_again(place, night)
        ended = failing(place, call, at)
        assert "Traceback" not in ended.stdout + ended.stderr, (call, at)
        assert ended.returncode in CODES.values(), (call, at, ended.returncode)
        failed += ended.returncode not in HARMLESS
        assert published(place.lake) == whole, (call, at)
        again = place.leerplicht("run")
        assert again.returncode == Afloop.NIETS_NIEUWS.code, (call, at, again.stderr)
        assert published(place.lake) == whole, (call, at)
    record_property("nights_that_failed", failed)
    assert failed > KILLS // 4, "the errors reached the nights"


@pytest.mark.skipif(not KILLS, reason="minutes of nights: set KILLS")
@pytest.mark.skipif(not LIBRARY.exists(), reason="libfaketime is not installed (Debian: faketime)")
def test_a_clock_that_was_set_back_changes_nothing(night: Night, tmp_path: Path):
    """The next night, on a clock that is right, finds everything as it was: nothing of it is refused for good."""
    place, whole, clock = copy_of(night, tmp_path), published(night.lake), Clock(tmp_path / "klok")
    clock.set(clock.real() - timedelta(days=400))
    back = place.installed_leerplicht("run", **clock.environment)
    assert back.returncode == Afloop.NIETS_NIEUWS.code, back.stderr
    assert published(place.lake) == whole
    again = place.leerplicht("run")
    assert again.returncode == Afloop.NIETS_NIEUWS.code, again.stderr
    assert published(place.lake) == whole
