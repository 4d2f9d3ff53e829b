"""`kill -9` while the models run on Spark: the night, an executor, a worker. A rerun publishes the same bytes, and no table stays.

It takes minutes, so it runs only on request, as the other kills do: set `KILLS`.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import command_line
import pytest
from cluster import Cluster, cluster
from conftest import Night, Place, copy_of
from test_killed_nights import KILLS

from orchestration.lake.files import digest
from orchestration.warehouse import spark

SECONDS = 1_800
OF_THE_RUN = ("manifest.json", "SHA256SUMS")  # they name the run

pytestmark = pytest.mark.skipif(not KILLS, reason="minutes of nights: set KILLS")


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    try:
        spark.require()
    except spark.SparkError as missing:
        pytest.skip(f"{missing} (make spark)")
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def files(place: Place) -> dict[str, str]:
    """Return the hash of each published file."""
    release = (place.lake.published("intern") / "current").resolve()
    return {path.name: digest(path) for path in release.iterdir() if path.name not in OF_THE_RUN}


def start(place: Place, on: Cluster) -> command_line.Running:
    settings = {"LEERPLICHT_ENGINE": "spark", "LEERPLICHT_SPARK_MASTER": on.master}
    return command_line.start_installed(["run"], place.environment | on.environment | settings, place.root.parent / "uitvoer")


def has_tables(place: Place) -> bool:
    """Whether a build has come to the tables with persons."""
    return any(place.lake.spark.glob("*/tabellen/intermediate.db/int_jongere/_SUCCESS"))


@pytest.mark.parametrize("victim", ["night", "executor", "worker"])
def test_a_rerun_publishes_the_same_bytes(night: Night, on: Cluster, tmp_path: Path, victim: str):
    place = copy_of(night, tmp_path)
    shutil.rmtree(place.root / "published")
    running = start(place, on)
    assert running.wait(lambda: has_tables(place), SECONDS) is None, running.told()
    if victim == "executor":
        os.kill(on.executors()[0], signal.SIGKILL)
    else:
        os.killpg(running.pid if victim == "night" else on.processes[-1].pid, signal.SIGKILL)
    if running.wait(seconds=SECONDS) != 0:
        assert victim == "night", running.told()
        assert has_tables(place), "it was killed while they were there"
        again = start(place, on)
        assert again.wait(seconds=SECONDS) == 0, again.told()
    assert files(place) == files(night.place)
    assert not list(place.lake.spark.iterdir())
