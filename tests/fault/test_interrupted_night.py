"""Ctrl-C during a night: one sentence, exit code 130, nothing changes for readers, and the next night completes the work."""

import os
import signal
import time
from pathlib import Path

import command_line
import pyarrow.parquet as pq
from conftest import Night, Place, copy_of, snapshot
from leveringen import Landing, melding

IMPORTS = "Dagster en dbt laden"  # only the installed script still has these to do
MOMENTS = ((IMPORTS, 0.5), ("poort: bronnen", 1.0), ("magazijn bouwen", 2.0))


def interrupted(place: Place, step: str, seconds: float) -> tuple[int | None, list[str]]:
    """Run a night in its own process group, and send SIGINT to the whole group some time after a step begins, as a terminal does.

    Returns:
        The exit code, and what was printed after that step began.
    """
    output = place.root.parent / f"uitvoer {step}"
    start = command_line.start_installed if step == IMPORTS else command_line.start_forked
    night = start(["run"], place.environment, output)
    assert night.wait(lambda: f"{step} …\n" in night.told()) is None, night.told()
    time.sleep(seconds)
    os.killpg(night.pid, signal.SIGINT)
    code = night.wait(seconds=60)
    return code, night.told().partition(f"{step} …\n")[2].splitlines()


def deliveries(place: Place) -> set[str]:
    release = place.lake.published("intern") / "current"
    return {row["levering"] for row in pq.read_table(release / "leveringen.parquet", columns=["levering"]).to_pylist()}


def test_an_interrupted_night_says_so_and_is_completed_by_the_next(night: Night, tmp_path: Path):
    place = copy_of(night, tmp_path)
    Landing(tmp_path).meldingen("nieuw", [melding(1)], kennisdatum="2025-08-08T02:00:00+02:00")
    pointers = [place.lake.warehouse_current, *(place.lake.published(zone) / "current" for zone in ("intern", "openbaar"))]
    readers_see = [pointer.resolve() for pointer in pointers], snapshot(place.root / "published")
    for step, seconds in MOMENTS:
        code, told = interrupted(place, step, seconds)
        assert code == 130, (step, told)
        assert told[-1].startswith("✗ afgebroken; wat klaar was geldt"), (step, told)
        assert not [line for line in told[:-1] if not line.startswith("  ")], "only steps before it, no traceback and no warning"
        assert ([pointer.resolve() for pointer in pointers], snapshot(place.root / "published")) == readers_see
    assert "nieuw" not in deliveries(place)
    ran = place.leerplicht("run")
    assert ran.returncode == 0, ran.stderr
    assert "nieuw" in deliveries(place)
