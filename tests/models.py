"""Runs the compiled SQL of the dbt models in order on a lake, without dbt: one second instead of twelve.

Put here: running the models for tests that need hundreds of warehouses. Keep out: the expectations. dbt compiles the models once.
"""

import graphlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from expectations import contract
from orchestration.deliveries import ingest
from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import build


@dataclass(frozen=True)
class Models:
    """The project, compiled on an empty lake.

    Args:
        empty: The empty lake; its warehouse has the reference data.
        statements: For each model, in order: database, schema, name, kind and SQL.
    """

    empty: Lake
    statements: tuple[tuple[str, str, str, str, str], ...] = field(repr=False)

    def run(self, lake: Lake) -> duckdb.DuckDBPyConnection:
        """Build the warehouse of a lake in memory, with the database names of the SQL."""
        connection = duckdb.connect()
        connection.execute("set timezone = 'America/New_York'")  # no figure may depend on the machine's time zone
        for database in sorted({database for database, *_ in self.statements}):
            connection.execute(f"attach ':memory:' as {database}")
        connection.execute("use leerplicht")
        for database, schema in {(database, schema) for database, schema, *_ in self.statements} | {("herkomst", "referentie")}:
            connection.execute(f"create schema if not exists {database}.{schema}")
        models = {(schema, name) for _, schema, name, *_ in self.statements}
        for database, path in (("leerplicht", self.empty.warehouse_build), ("herkomst", self.empty.provenance_build)):
            connection.execute(f"attach '{path}' as leeg (read_only)")
            found = connection.execute("select schema_name, table_name from duckdb_tables() where database_name = 'leeg'").fetchall()
            for schema, seed in set(found) - models:
                connection.execute(f"create table {database}.{schema}.{seed} as from leeg.{schema}.{seed}")
            connection.execute("detach leeg")
        for database, schema, name, kind, sql in self.statements:
            connection.execute(f"create {kind} {database}.{schema}.{name} as {sql.replace(str(self.empty.root), str(lake.root))}")
        return connection


def compiled(folder: Path) -> Models:
    """Let dbt build the warehouse of an empty lake, and return the compiled SQL."""
    settings = Settings(lake=folder / "meer", key_file=folder / "sleutel")
    for bron in contract.BRONNEN:
        ingest.ingest(settings, bron, "leeg")
    lake = Lake(settings.lake)
    assert {result.status for result in build.build(settings, lake.warehouse_build)} == {"success", "pass"}
    manifest: dict[str, Any] = json.loads((lake.dbt_target / "manifest.json").read_bytes())
    nodes = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    order = graphlib.TopologicalSorter({name: set(node["depends_on"]["nodes"]) & nodes.keys() for name, node in nodes.items()})
    statements = []
    for name in order.static_order():
        node = nodes[name]
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        statements.append((node["database"], node["schema"], node["alias"], kind, node["compiled_code"]))
    return Models(lake, tuple(statements))
