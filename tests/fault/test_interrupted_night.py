"""Ctrl-C during a night: one sentence, exit code 130, nothing changes for readers, and the next night completes the work."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import command_line
from conftest import Place

MOMENTS = (("Dagster en dbt laden", 0.5), ("poort: bronnen", 1.0), ("magazijn bouwen", 2.0))


def interrupted(place: Place, step: str, seconds: float) -> tuple[int, list[str]]:
    """Run a night in its own process group, and send SIGINT to the whole group some time after a step begins, as a terminal does."""
    command = [command_line.INSTALLED, "run"]
    with subprocess.Popen(
        command, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as night:
        assert night.stdout
        seen = next(line for line in night.stdout if step in line)
        assert seen.rstrip().endswith("…")
        time.sleep(seconds)
        os.killpg(night.pid, signal.SIGINT)
        told = night.communicate(timeout=60)[0]
    return night.returncode, told.splitlines()


def test_an_interrupted_night_says_so_and_is_completed_by_the_next(elsewhere: Place, example_landing: Path):
    shutil.copytree(example_landing, elsewhere.lake.landing)
    for step, seconds in MOMENTS:
        code, told = interrupted(elsewhere, step, seconds)
        assert code == 130, (step, told)
        assert told[-1].startswith("✗ afgebroken; wat klaar was geldt"), (step, told)
        assert not [line for line in told[:-1] if not line.startswith("  ")], "only steps before it, no traceback and no warning"
        assert not elsewhere.lake.warehouse_current.exists()
        assert not elsewhere.lake.published("intern").exists()
    ran = elsewhere.leerplicht("run")
    assert ran.returncode == 0, ran.stderr
    assert (elsewhere.lake.published("intern") / "current").exists()
