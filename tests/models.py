"""The dbt models without dbt: their compiled SQL, run in order on a lake; a second instead of twelve.

Put here: running the models for tests that need hundreds of warehouses. Keep out: what is expected of them. dbt itself compiles them once.
"""

import graphlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import build, sources


@dataclass(frozen=True)
class Models:
    """The project, compiled on an empty lake.

    Args:
        empty: The warehouse of the empty lake, for its reference data.
        statements: Of each model, in order: database, schema, name, kind, and its SQL.
    """

    empty: Path
    statements: tuple[tuple[str, str, str, str, str], ...] = field(repr=False)

    def run(self, lake: Lake) -> duckdb.DuckDBPyConnection:
        """Build the warehouse of a lake in memory, under the names that the SQL has for it."""
        connection = duckdb.connect()
        for database in sorted({database for database, *_ in self.statements}):
            connection.execute(f"attach ':memory:' as {database}")
        connection.execute("use build")
        sources.create(connection, lake)
        connection.execute(f"attach '{self.empty}' as leeg (read_only)")
        connection.execute("create schema referentie")
        seeds = connection.execute("select table_name from duckdb_tables() where database_name = 'leeg' and schema_name = 'referentie'")
        for (seed,) in seeds.fetchall():
            connection.execute(f"create table referentie.{seed} as from leeg.referentie.{seed}")
        for database, schema in {(database, schema) for database, schema, *_ in self.statements}:
            connection.execute(f"create schema if not exists {database}.{schema}")
        for database, schema, name, kind, sql in self.statements:
            connection.execute(f"create {kind} {database}.{schema}.{name} as {sql}")
        return connection


def compiled(folder: Path) -> Models:
    """Let dbt fill the reference data and compile the models, on an empty lake, and keep that."""
    settings = Settings(lake=folder / "meer", key_file=folder / "sleutel")
    Lake(settings.lake).warehouse_build.parent.mkdir(parents=True)
    for command in ("seed", "compile"):
        outcome = build._invoke(settings, command)
        assert outcome.success, outcome.exception
    manifest: dict[str, Any] = json.loads((Lake(settings.lake).dbt_target / "manifest.json").read_bytes())
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    order = graphlib.TopologicalSorter({name: set(node["depends_on"]["nodes"]) & nodes.keys() for name, node in nodes.items()})
    statements = []
    for name in order.static_order():
        node = nodes[name]
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        statements.append((node["database"], node["schema"], node["alias"], kind, node["compiled_code"]))
    return Models(Lake(settings.lake).warehouse_build, tuple(statements))
