"""Shared fixtures: empty and private lakes, and one published night of the example that all tests may read."""

import os
import pickle
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import command_line
import in_thread
import network
import postgres
import pytest
from filelock import FileLock
from leveringen import Landing

from orchestration.deliveries.process import ReadingProcess
from orchestration.lake import Lake

if TYPE_CHECKING:
    from models import Models
    from playwright.sync_api import Browser

    from orchestration.publication.renderings.source import Source

Made = TypeVar("Made")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files: one process makes the shared night while the other runs long files without it; short files come last."""
    needing = {item.path for item in items if "night" in getattr(item, "fixturenames", ())}
    first = next((item.path for item in items if item.path in needing), None)
    items.sort(key=lambda item: (item.path != first, "unit" in item.path.parts, item.path in needing))


@dataclass(frozen=True)
class Place:
    """An isolated lake with its own key, and a method to run the command line on it."""

    root: Path
    key_file: Path

    @property
    def lake(self) -> Lake:
        return Lake(self.root)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LEERPLICHT_")}
        own = {"LEERPLICHT_LAKE": str(self.root), "LEERPLICHT_KEY_FILE": str(self.key_file)}
        # `openbaar` takes ten seconds; only the shared night and tests that ask for it publish it
        return {**kept, **own, **_storage(self.root), "LEERPLICHT_OPENBAAR": "op_verzoek", "COLUMNS": "120"}

    def leerplicht(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return command_line.forked(arguments, self.environment | settings)

    def forked_leerplicht(self, *arguments: str, before: Callable[[], object] | None = None) -> command_line.Running:
        """Start a command; its output goes to a file beside the lake."""
        output = self.root.parent / f"uitvoer-{time.monotonic_ns()}"
        return command_line.start_forked(arguments, self.environment, output, before)

    def installed_leerplicht(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return command_line.started([command_line.INSTALLED, *arguments], self.environment | settings)

    def cut_off_leerplicht(self, trace: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the installed script without a network, and write what it tried to send; with one where that cannot be done."""
        if network.why_not():
            return self.installed_leerplicht(*arguments, **settings)
        return command_line.started(network.cut_off([command_line.INSTALLED, *arguments], trace), self.environment | settings)


@cache
def _storage(_root: Path) -> dict[str, str]:
    """With `POSTGRES=1`, every lake keeps Dagster's records in a database of its own."""
    return {"LEERPLICHT_DAGSTER_STORAGE": postgres.shared().database()} if os.environ.get("POSTGRES") else {}


def place(folder: Path) -> Place:
    return Place(folder / "meer", folder / "sleutel" / "pseudoniem.key")


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """An empty lake to write deliveries into."""
    return Landing(tmp_path)


@pytest.fixture
def reading_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read deliveries without starting a process for each command: that would take nearly all time of a small test."""
    monkeypatch.setattr(ReadingProcess, "_start", in_thread.start)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    """An empty lake."""
    return place(tmp_path)


def copy_of(night: "Night", folder: Path) -> Place:
    """A copy of the published example, to change or break."""
    shutil.copytree(night.place.root, folder / "meer", symlinks=True)
    shutil.copytree(night.place.key_file.parent, folder / "sleutel")
    return place(folder)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """Make something once for all processes of the test run, in a folder of that name; it can be pickled."""
    shared = factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    kept = shared / f"{name}.pickle"
    with FileLock(shared / f"{name}.lock"):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make(shared / name)))
        made: Made = pickle.loads(kept.read_bytes())
        return made


@pytest.fixture(scope="session")
def example_landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's deliveries, to copy and never change; made once."""
    return once(tmp_path_factory, "voorbeeld", _example)


def _example(folder: Path) -> Path:
    from orchestration import example

    lake = Lake(folder)
    example.write(lake)
    return lake.landing


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> "Models":
    """The SQL of the models, compiled once."""
    from models import compiled

    return once(tmp_path_factory, "modellen", compiled)


@dataclass(frozen=True)
class Night:
    """A night that ran twice on the example."""

    place: Place
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]
    files_after_first: dict[str, tuple[int, bytes]]
    trace: Path | None

    @property
    def lake(self) -> Lake:
        return self.place.lake

    @property
    def release(self) -> Path:
        return self.lake.published("intern") / "current"


def snapshot(*folders: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file below the folders, with its modification time and bytes."""
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes())
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The example, published twice by the command line; made once for all processes of the test run.

    One of the two runs uses the installed script, as a user does: it has to do the imports that a forked process already has. It has no
    network, and a trace shows whether it looks for one.
    """
    return once(tmp_path_factory, "nacht", _two_nights)


def _two_nights(folder: Path) -> Night:
    here = place(folder)
    written = here.leerplicht("example")
    assert written.returncode == 0, written.stderr
    first = here.leerplicht("run", LEERPLICHT_OPENBAAR="jaarlijks")
    assert first.returncode == 0, first.stderr
    kept = (here.lake.ledger, here.lake.rows, here.lake.quarantine, here.root / "published")
    files = snapshot(*kept)
    trace = folder / "verbindingen"
    second = here.cut_off_leerplicht(trace, "run", "--volledig", LEERPLICHT_OPENBAAR="jaarlijks")
    assert second.returncode == 10, second.stderr
    return Night(here, first, second, files, trace if trace.exists() else None)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A browser without a network; what asks for it is skipped where there is none."""
    import opened

    with opened.browser() as made:
        yield made


@pytest.fixture(scope="module")
def source(night: Night) -> "Source":
    """The release of `openbaar` of the published example."""
    import opened

    return opened.released(night.lake.published("openbaar"))
