"""The models and their unit tests, as dbt itself writes them for DuckDB.

Put here: running dbt once. Keep out: altering what it wrote, and running it.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import build, sources


@dataclass(frozen=True)
class UnitTest:
    """A unit test: one statement that holds the given rows, the model and the expected rows."""

    name: str
    sql: str


@dataclass(frozen=True)
class Model:
    """A model, compiled, with its unit tests."""

    name: str
    sql: str
    tests: tuple[UnitTest, ...]


def compiled(folder: Path, select: Collection[str] = ()) -> list[Model]:
    """Build an empty lake in a folder, and run the unit tests.

    Args:
        folder: An empty folder.
        select: Names of models; none for all.

    Returns:
        The models that were chosen, by name.

    Raises:
        AssertionError: dbt could not build, or a unit test fails.
    """
    settings = Settings(lake=folder / "meer", key_file=folder / "sleutel")
    lake = Lake(settings.lake)
    lake.warehouse_build.parent.mkdir(parents=True)
    with duckdb.connect(str(lake.warehouse_build)) as connection:
        sources.create(connection, lake)
    chosen = ["--select", *(f"+{name}" for name in select)] if select else []
    outcome = build._invoke(settings, "build", "--exclude-resource-type", "test", *chosen, warehouse=str(lake.warehouse_build))
    assert outcome.success, outcome.exception or [item.message for item in outcome.result.results if str(item.status) in ("error", "fail")]
    return collect(lake.dbt_target, select)


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
