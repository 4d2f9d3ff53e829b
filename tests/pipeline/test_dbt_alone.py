"""dbt by hand: its own command line, in its own folder, on the lake of a night, without our Python code."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import command_line
import duckdb
import pytest
from conftest import Night, Place, copy_of

from orchestration.settings import Settings
from orchestration.warehouse.build import DBT_PROJECT

SECONDS = 300


@dataclass(frozen=True)
class Dbt:
    """dbt on a lake, with a separate target folder: the checkout's may be in use."""

    place: Place
    target: Path

    def __call__(self, *arguments: str, apart: bool = False, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run dbt: `apart` from our code and its imports, or in a forked process, which has done them."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LEERPLICHT_", "DBT_"))}
        own = {"LEERPLICHT_LAKE": str(self.place.root), "DBT_TARGET_PATH": str(self.target), "DBT_LOG_PATH": str(self.target)}
        program, environment = Path(sys.executable).with_name("dbt"), {**kept, **own, **settings}
        if not apart:
            return command_line.forked(arguments, environment, program, DBT_PROJECT)
        return subprocess.run(
            [program, *arguments], cwd=DBT_PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
        )

    def results(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.target / "run_results.json").read_bytes())["results"]
        return found

    def asked(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.place.lake.dbt_dev / "leerplicht.duckdb"), read_only=True) as connection:
            connection.execute(f"attach '{self.place.lake.warehouse_current.resolve()}' as nacht (read_only)")
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def dbt(night: Night, tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """Return dbt after a first `dbt build` on a copy of the published example."""
    folder = tmp_path_factory.mktemp("dbt")
    dbt = Dbt(copy_of(night, folder), folder / "target")
    built = dbt("build", apart=True)
    assert built.returncode == 0, built.stdout
    return dbt


def test_build_runs_every_model_test_and_unit_test(dbt: Dbt):
    nodes = json.loads((dbt.target / "manifest.json").read_bytes())
    results = {result["unique_id"]: result["status"] for result in dbt.results()}
    assert set(results.values()) == {"success", "pass", "no-op"}
    assert nodes["nodes"].keys() | nodes["unit_tests"].keys() <= results.keys()
    assert len(nodes["unit_tests"]) >= 25
    assert {name for name, status in results.items() if status == "no-op"} == nodes["exposures"].keys()


def test_it_builds_what_the_night_built(dbt: Dbt):
    tables = "select schema_name, table_name from duckdb_tables() where database_name = '{}' order by all"
    ours, nights = dbt.asked(tables.format("leerplicht")), dbt.asked(tables.format("nacht"))
    assert ours == nights
    assert ("kern", "melding") in ours
    assert dbt.asked("select count(*) > 1000 from leerplicht.kern.melding") == [(True,)]
    for schema, table in ours:
        for one, other in (("leerplicht", "nacht"), ("nacht", "leerplicht")):
            differing = f"from {one}.{schema}.{table} except all from {other}.{schema}.{table}"
            assert dbt.asked(f"select count(*) from ({differing})") == [(0,)], (schema, table)


def test_the_file_that_analysts_open_has_no_view_and_no_birth_date(dbt: Dbt):
    assert dbt.asked("select view_name from duckdb_views() where not internal") == []
    assert dbt.asked("select table_name from duckdb_columns() where column_name = 'geboortedatum'") == []


def test_show_and_docs_work_in_a_process_of_their_own(dbt: Dbt):
    shown = dbt("show", "--select", "melding", "--output", "json", "--limit", "3", "--quiet")
    assert shown.returncode == 0, shown.stdout
    rows = json.loads(shown.stdout)["show"]
    assert len(rows) == 3
    assert all(row["jongere_id"] and row["schooljaar"] for row in rows)
    in_memory_at_night = dbt("show", "--select", "gemeente", "--output", "json", "--limit", "100", "--quiet")
    served = {row["gemeente_code"] for row in json.loads(in_memory_at_night.stdout)["show"] if row["is_bediend"]}
    assert served == set(Settings.model_fields["gemeenten"].default)
    documented = dbt("docs", "generate")
    assert documented.returncode == 0, documented.stdout
    catalog = json.loads((dbt.target / "catalog.json").read_bytes())["nodes"]
    assert catalog["model.leerplicht.melding"]["columns"]["meldingsnummer"]["type"] == "VARCHAR"
    assert (dbt.target / "index.html").is_file()


def test_settings_of_the_environment_count_without_the_night(dbt: Dbt):
    chosen = dbt("build", "--select", "gemeente", "base_grootboek__boeking", "stg_grootboek__levering", "levering",
                 LEERPLICHT_GEMEENTEN="0147, 0153", LEERPLICHT_KNOWN_AT="2024-06-01T00:00+02:00")  # fmt: skip
    assert chosen.returncode == 0, chosen.stdout
    assert dbt.asked("select gemeente_code from leerplicht.kern.gemeente where is_bediend order by all") == [("0147",), ("0153",)]
    before = "from nacht.kern.levering where kennisdatum::timestamptz <= timestamptz '2024-06-01 00:00:00+02:00' order by all"
    assert dbt.asked("from leerplicht.kern.levering order by all") == dbt.asked(before) != []
