"""PostgreSQL is stopped while a night keeps its records in it: one sentence, readers see nothing of it, and the next night completes it.

`KILLS=1` also stops it at three other steps.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import command_line
import postgres
import prebuilt
import pytest
from conftest import Night, Place, copy_of
from postgres import Server
from prebuilt import Prebuilt
from test_killed_nights import KILLS, begin_again, published

from orchestration.outcome import Afloop

pytestmark = pytest.mark.skipif(bool(postgres.why_not()), reason=postgres.why_not())


@pytest.fixture(scope="module")
def place(night: Night, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return copy_of(night, tmp_path_factory.mktemp("kopie"))


@pytest.fixture(scope="module")
def built(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Prebuilt:
    return prebuilt.keep(place.lake, tmp_path_factory.mktemp("gebouwd") / "build")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        with postgres.running(Path(folder, "pg")) as started:
            yield started


def start(place: Place, server: Server, built: Prebuilt) -> command_line.Running:
    """Start a night with its records in PostgreSQL."""
    output = place.root.parent / f"uitvoer-{len(list(place.root.parent.iterdir()))}"
    return command_line.start_forked(["run"], place.environment | {"LEERPLICHT_DAGSTER_STORAGE": server.address}, output, built.install)


@pytest.mark.parametrize("step", ["magazijn wisselen", *(["DUO lezen", "poort: bronnen", "intern publiceren"] if KILLS else [])])
def test_a_database_that_stops_in_a_night_costs_that_night_and_nothing_else(
    night: Night, place: Place, server: Server, built: Prebuilt, step: str
):
    begin_again(place, night)
    stopped = start(place, server, built)
    assert stopped.wait(lambda: f"  {step} …" in stopped.told()) is None, stopped.told()
    server.stop()
    try:
        code = stopped.wait()
    finally:
        server.start()
    told = stopped.told()
    assert "Traceback" not in told and server.password not in told
    assert code == Afloop.MISLUKT.code, told
    assert "LEERPLICHT_DAGSTER_STORAGE" in told.splitlines()[-1]
    assert published(place.lake) == published(night.lake)
    again = start(place, server, built)
    assert again.wait() == Afloop.NIETS_NIEUWS.code, again.told()
    assert published(place.lake) == published(night.lake)
