"""The models and their unit tests, as dbt itself writes them for DuckDB.

Put here: running dbt once. Keep out: altering and running its output.
"""

import json
import os
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from expectations import contract
from orchestration.deliveries import ingest
from orchestration.settings import Settings
from orchestration.warehouse.build import DBT_PROJECT


@dataclass(frozen=True)
class UnitTest:
    """A unit test: one statement with the given rows, the model and the expected rows."""

    name: str
    sql: str


@dataclass(frozen=True)
class Model:
    """A model, compiled, with its unit tests."""

    name: str
    sql: str
    tests: tuple[UnitTest, ...]


def compiled(folder: Path, select: Collection[str] = ()) -> list[Model]:
    """Build an empty lake in a folder with dbt's own command line, and run the unit tests.

    Args:
        folder: An empty folder.
        select: Names of models; none for all.

    Returns:
        The models that were chosen, by name.

    Raises:
        AssertionError: dbt could not build, or a unit test failed.
    """
    settings = Settings(lake=folder / "meer", key_file=folder / "sleutel")
    for bron in contract.BRONNEN:
        ingest.ingest(settings, bron, "leeg")
    target = folder / "target"
    command = [Path(sys.executable).with_name("dbt"), "build", "--exclude-resource-type", "test", "exposure"]
    chosen = ["--select", *(f"+{name}" for name in select)] if select else []
    own = {"LEERPLICHT_LAKE": str(settings.lake), "DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    built = subprocess.run([*command, *chosen], cwd=DBT_PROJECT, env={**os.environ, **own}, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout
    return collect(target, select)


def collect(target: Path, select: Collection[str] = ()) -> list[Model]:
    """Read the models and unit tests that dbt compiled.

    Args:
        target: dbt's target folder.
        select: Names of models; none for all.
    """
    manifest = json.loads((target / "manifest.json").read_bytes())
    written = {path.stem: path for path in (target / "run").rglob("*.yml/**/*.sql")}
    tests: dict[str, list[UnitTest]] = {}
    for test in manifest["unit_tests"].values():
        if test["name"] in written:
            tests.setdefault(test["model"], []).append(UnitTest(test["name"], written[test["name"]].read_text()))
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and "compiled_code" in node]
    models = {node["name"]: node["compiled_code"] for node in nodes}
    return [Model(name, models[name], tuple(tests.get(name, ()))) for name in sorted(select or models)]
