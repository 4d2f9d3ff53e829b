"""The same night on Spark: equal to DuckDB's in every cell, and nothing of it left on the disk."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import command_line
import duckdb
import pytest
from conftest import Night, Place, copy_of
from spark import compare

from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import build, nights, spark

SECONDS = 1_500
MASTER = "local[2]"
MADE = {
    "tables": "select schema_name, table_name, comment from duckdb_tables() where database_name = '{}' order by all",
    "columns": "select schema_name, table_name, column_index, column_name, data_type, is_nullable, comment from duckdb_columns()"
    " where database_name = '{}' order by all",
    "constraints": "select schema_name, table_name, constraint_type, constraint_column_names from duckdb_constraints()"
    " where database_name = '{}' order by all",
    "views": "select view_name from duckdb_views() where database_name = '{}' and not internal",
}

try:
    spark.require()
except spark.SparkError as missing:
    pytest.skip(f"{missing} (make spark)", allow_module_level=True)


def warehouse(lake: Lake) -> Path:
    return lake.warehouse_current.resolve()


def provenance(lake: Lake) -> Path:
    return lake.provenance(max(night.name for night in nights.nights(lake)))


@dataclass(frozen=True)
class OnSpark:
    """A night on Spark of the deliveries of the shared night, in a working folder of its own."""

    place: Place
    cwd: Path


@pytest.fixture(scope="module")
def on_spark(night: Night, tmp_path_factory: pytest.TempPathFactory) -> OnSpark:
    folder = tmp_path_factory.mktemp("spark")
    here = OnSpark(copy_of(night, folder), folder / "map")
    here.cwd.mkdir()
    for made in (here.place.root / "published", here.place.root / "warehouse"):
        shutil.rmtree(made)  # so the night has everything to make again
    settings = here.place.environment | {"LEERPLICHT_ENGINE": "spark", "LEERPLICHT_SPARK_MASTER": MASTER, "HOME": str(here.cwd)}
    running = command_line.start_installed(["run"], settings, folder / "uitvoer", here.cwd)
    assert running.wait(seconds=SECONDS) == 0, running.told()
    return here


@pytest.mark.parametrize("file", [warehouse, provenance])
def test_every_table_is_that_of_duckdb(night: Night, on_spark: OnSpark, file):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file(night.lake)}' as een (read_only)")
        connection.execute(f"attach '{file(on_spark.place.lake)}' as ander (read_only)")
        for what, query in MADE.items():
            ours, theirs = (connection.execute(query.format(name)).fetchall() for name in ("een", "ander"))
            assert theirs == ours, what
    assert compare(file(night.lake), file(on_spark.place.lake)) > 100_000


def test_the_published_bytes_are_those_of_duckdb(night: Night, on_spark: OnSpark):
    ours, theirs = (lake.published("intern") / "current" for lake in (night.lake, on_spark.place.lake))
    assert theirs.resolve().name == ours.resolve().name
    names = {path.name for path in ours.iterdir()} - {"manifest.json", "SHA256SUMS"}  # they name the run
    assert {path.name for path in theirs.iterdir()} - {"manifest.json", "SHA256SUMS"} == names
    for name in names:
        assert (theirs / name).read_bytes() == (ours / name).read_bytes(), name
    assert len(names) > 5


def test_nothing_of_it_is_left(on_spark: OnSpark):
    assert not list(on_spark.place.lake.spark.iterdir())
    assert not list(on_spark.place.lake.warehouse_build.parents[1].glob("*/*"))
    assert not [path for path in on_spark.cwd.rglob("*") if path.is_file()]


def on_this_machine(lake: Path) -> Settings:
    return Settings(lake=lake, key_file=lake.parent / "sleutel", engine="spark", spark_master=MASTER)


def in_session(sql: str) -> list[tuple[object, ...]]:
    """Run a statement as dbt does, in the session that it finds."""
    from dbt.adapters.spark import Plugin
    from dbt.adapters.spark.session import Connection

    credentials = Plugin.credentials(method="session", host="session", schema="kern")
    cursor = Connection(server_side_parameters=credentials.server_side_parameters).cursor()
    cursor.execute(sql)
    return [tuple(row) for row in cursor.fetchall() or []]


def test_a_build_that_fails_leaves_nothing_and_its_tables_are_private(tmp_path: Path):
    lake = Lake(tmp_path / "meer")
    with pytest.raises(ZeroDivisionError), spark.session(on_this_machine(lake.root), lake) as tables:
        for folder in (lake.spark, tables.parent, tables):
            assert folder.stat().st_mode & 0o777 == 0o700, folder
        in_session("create table een using parquet as select date '2010-01-01' as geboortedatum")
        assert list(tables.rglob("*.parquet"))
        raise ZeroDivisionError
    assert not list(lake.spark.iterdir())


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    lake = Lake(tmp_path_factory.mktemp("sessie") / "meer")
    with spark.session(on_this_machine(lake.root), lake):
        yield


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("sql", ["select cast('x' as int)", "select 2147483647 + 1", "select array(1)[1]"])
def test_what_duckdb_refuses_is_no_null(sql: str):
    with pytest.raises(Exception, match=r"CAST_INVALID_INPUT|ARITHMETIC_OVERFLOW|INVALID_ARRAY_INDEX"):
        in_session(sql)


@pytest.mark.usefixtures("session")
def test_a_session_begins_without_the_tables_of_the_one_before():
    assert in_session("select 1") == [(1,)]
    assert in_session("show tables") == []


@pytest.mark.skipif("SPARK" not in os.environ, reason="minutes: set SPARK")
def test_every_unit_test_of_the_models_passes(night: Night, tmp_path: Path):
    settings = on_this_machine(night.place.root)
    with spark.session(settings, Lake(tmp_path / "meer")):
        parsed, variables = build._parsed(settings), build._variables(settings)
        outcome = build._invoke(settings, "build", "--exclude-resource-type", "exposure", manifest=parsed, variables=variables)
    tested = [item for item in outcome.result.results if item.node.resource_type == "unit_test"]
    failed = [item for item in outcome.result.results if item.status not in ("success", "pass")]
    # of a trace of Java the last cause: pytest shortens the rest
    assert not [(item.node.unique_id, (item.message or "").rpartition("Caused by: ")[2][:500]) for item in failed]
    assert len(tested) == len(parsed.unit_tests) > 25
