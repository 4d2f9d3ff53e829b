"""The last night's build of a lake, in place of dbt's part of a build; the steps after it are real.

Put here: that replacement, for tests of what follows a build. Keep out: the tests, and dbt's own part (`pipeline/test_dbt_*.py`).
"""

import os
import pickle
import shutil
import signal
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from expectations.verdict import Verdict
from orchestration.lake import Lake
from orchestration.lake.paths import BIRTH_DATES, PROVENANCE
from orchestration.settings import Settings
from orchestration.warehouse import build, nights

HONEST = build.build
WAREHOUSE = "leerplicht.duckdb"


@dataclass(frozen=True)
class Prebuilt:
    """A kept build.

    Args:
        folder: Its files.
        statement: Changes the warehouse after each build.
    """

    folder: Path
    statement: str = ""

    def build(self, settings: Settings, path: Path) -> list[build.Result]:
        """Do as `build.build`: every node succeeded."""
        shutil.copytree(self.folder, path.parent, dirs_exist_ok=True)
        if self.statement:
            with duckdb.connect(str(path)) as connection:
                connection.execute(self.statement)
        nodes = build.parse(settings)["nodes"]
        before = {name: nodes.keys() & node["depends_on"].get("nodes", []) for name, node in nodes.items()}
        return [
            build.Result(name, "pass" if nodes[name]["resource_type"] == "test" else "success", 0.0, None, 0, "")
            for name in TopologicalSorter(before).static_order()  # as dbt builds
        ]

    def install(self) -> None:
        """Replace the build in this process, until it ends."""
        build.build = self.build

    def install_and_stop(self) -> None:
        """Replace the build, and let this process stop itself (SIGSTOP) just before it swaps its warehouse in."""
        self.install()
        swap = nights.swap

        def stopped(lake: Lake, judged: Verdict) -> Path:
            os.kill(os.getpid(), signal.SIGSTOP)
            return swap(lake, judged)

        nights.swap = stopped


@dataclass(frozen=True)
class First:
    """The first build is real, and later ones are a copy of it: for runs that build from the same deliveries.

    Args:
        folder: For that build.
    """

    folder: Path

    def build(self, settings: Settings, path: Path) -> list[build.Result]:
        """Do as `build.build`."""
        told = self.folder / "results.pickle"
        if not told.exists():
            results = HONEST(settings, path)
            shutil.copytree(path.parent, self.folder)
            told.write_bytes(pickle.dumps(results))
        shutil.copytree(self.folder, path.parent, dirs_exist_ok=True, ignore=shutil.ignore_patterns(told.name))
        found: list[build.Result] = pickle.loads(told.read_bytes())
        return found

    def install(self) -> None:
        """Replace the build in this process, until it ends."""
        build.build = self.build


def keep(lake: Lake, folder: Path) -> Prebuilt:
    """Keep the build that analysts have now. A night keeps no birth dates: here everybody has the same one, long ago."""
    folder.mkdir(parents=True)
    night = lake.warehouse_current.resolve()
    shutil.copyfile(night, folder / WAREHOUSE)
    shutil.copyfile(lake.provenance(night.parent.name), folder / PROVENANCE)
    with duckdb.connect(str(folder / BIRTH_DATES)) as connection:
        connection.execute(f"attach '{night}' as night (read_only)")
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_grens as select jongere_id, date '1900-01-01' as geboortedatum from night.kern.jongere"
        )
    return Prebuilt(folder)
