"""Generates the data dictionary of the warehouse and the diagram of its star schema, from dbt's manifest.

Put here: rendering tables, columns, keys and foreign keys. Keep out: the descriptions themselves (the yml of each model), and the page for
analysts (`manual.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.lake import Lake
from orchestration.lake.files import remove

SCHEMAS = ("kern", "jaarverslag")
HUB = "indicator"  # tables that refer to it are about figures, the rest about persons: two diagrams that each fit on a screen


@dataclass(frozen=True)
class Reference:
    """A foreign key: a column of one table that refers to a column of another."""

    table: str
    column: str
    to_table: str
    to_column: str


@dataclass(frozen=True)
class Column:
    """A column as described in its yml; `values` are its accepted values, empty if not declared."""

    name: str
    type: str
    description: str
    is_filled: bool
    values: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of the warehouse.

    Args:
        name: Name with its schema: `kern.melding`.
        grain: What one row represents.
        description: Description of the table.
        key: The columns of the primary key.
        references: Foreign keys to other tables.
    """

    name: str
    grain: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...]


def tables(manifest: Mapping[str, Any]) -> list[Table]:
    """Return the tables of kern and jaarverslag, sorted by name, kern first.

    Args:
        manifest: dbt's manifest.
    """
    nodes = manifest["nodes"].values()
    tests: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for node in nodes:
        if node["resource_type"] == "test" and node.get("test_metadata"):
            tests[str(node["attached_node"])].append(node)
    models = [node for node in nodes if node["resource_type"] in ("model", "seed") and node["schema"] in SCHEMAS]
    found = [_table(model, tests[model["unique_id"]], manifest) for model in models]
    return sorted(found, key=lambda table: (SCHEMAS.index(table.name.split(".")[0]), table.name))


def _table(model: Mapping[str, Any], tests: Iterable[Mapping[str, Any]], manifest: Mapping[str, Any]) -> Table:
    name = _name(model)
    key: tuple[str, ...] = ()
    unique = set()
    values: dict[str, tuple[str, ...]] = {}
    filled = {name for name, column in model["columns"].items() if any(c["type"] == "not_null" for c in column["constraints"])}
    references = []
    for test in tests:
        kind, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
        if kind in ("unique", "sleutel"):
            unique.add(test["column_name"])
        if kind in ("not_null", "sleutel"):
            filled.add(test["column_name"])
        if kind == "uniek":
            key = tuple(arguments["kolommen"])
        elif kind == "accepted_values":
            values[test["column_name"]] = tuple(map(str, arguments["values"]))
        elif kind == "relationships":
            [other] = [node for node in test["depends_on"]["nodes"] if node != model["unique_id"]] or [model["unique_id"]]
            if manifest["nodes"][other]["schema"] in SCHEMAS:
                references.append(Reference(name, test["column_name"], _name(manifest["nodes"][other]), arguments["field"]))
    key = key or tuple(name for name in model["columns"] if name in unique & filled)[:1]  # one that may be empty is no key
    grain, _, about = model["description"].removeprefix("Grain: ").partition(". ")
    types = _types(model)
    columns = tuple(
        Column(name, types[name], column["description"], name in filled, values.get(name, ())) for name, column in model["columns"].items()
    )
    order = [column.name for column in columns]
    return Table(name, grain, about, key, columns, tuple(sorted(references, key=lambda reference: order.index(reference.column))))


def _name(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['alias']}"


def write(lake: Lake, manifest: Mapping[str, Any]) -> None:
    """Write the pages of the dictionary, and remove all other files in its folder.

    Args:
        lake: The lake.
        manifest: dbt's manifest.
    """
    texts = pages(tables(manifest))
    for stray in [path for path in lake.dictionary.glob("*") if path.name not in texts]:
        remove(stray)
    for name, text in texts.items():
        lake.write(lake.dictionary / name, text.encode())


def pages(found: Iterable[Table]) -> dict[str, str]:
    """Return the pages by file name: one per table, and `README.md` as the index."""
    found = list(found)
    referring: dict[str, list[Reference]] = defaultdict(list)
    for table in found:
        for reference in table.references:
            referring[reference.to_table].append(reference)
    return {"README.md": _index(found)} | {_file(table.name): _page(table, referring[table.name]) for table in found}


def _file(table: str) -> str:
    return f"{table}.md"


def _link(table: str) -> str:
    return f"[{table}]({_file(table)})"


def _index(found: Iterable[Table]) -> str:
    lines = ["# Woordenboek", "", "Elke tabel in `current.duckdb`, zoals de laatste nacht haar maakte.", ""]
    for schema in SCHEMAS:
        lines += [f"## {schema}", "", "| tabel | één rij per | inhoud |", "| --- | --- | --- |"]
        own = [table for table in found if table.name.startswith(f"{schema}.")]
        lines += [
            f"| {_link(table.name)} | {table.grain.removeprefix('één rij per ').rstrip('.')} | {_cell(table.description)} |"
            for table in own
        ]
        lines.append("")
    return "\n".join(lines)


def _page(table: Table, referring: Iterable[Reference]) -> str:
    grain = table.grain.rstrip(".")
    lines = [f"# {table.name}", "", f"{grain[0].upper()}{grain[1:]}. {table.description}".strip(), ""]
    if table.key:
        lines += ["**Sleutel:** " + ", ".join(f"`{name}`" for name in table.key), ""]
    lines += ["| kolom | type | gevuld | verwijst naar | betekenis |", "| --- | --- | --- | --- | --- |"]
    targets = {reference.column: f"{_link(reference.to_table)}`.{reference.to_column}`" for reference in table.references}
    for column in table.columns:
        filled = "altijd" if column.is_filled else ""
        lines.append(f"| `{column.name}` | {column.type} | {filled} | {targets.get(column.name, '')} | {_meaning(column)} |")
    lines.append("")
    if others := sorted({(reference.table, reference.column) for reference in referring}):
        lines += ["**Verwijzen hierheen:** " + ", ".join(f"{_link(other)}`.{column}`" for other, column in others), ""]
    return "\n".join(lines)


def _meaning(column: Column) -> str:
    """Return the description, with the accepted values if it does not mention them."""
    unnamed = [value for value in column.values if value not in column.description]
    return _cell(column.description + (f" Waarden: {', '.join(column.values)}." if unnamed else ""))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def diagrams(found: Iterable[Table]) -> tuple[str, str]:
    """Return the star schema around a jongere, and the tables of the figures, as Mermaid; each edge is one tested foreign key."""
    found = list(found)
    references = [reference for table in found for reference in table.references]
    figures = {reference.table for reference in references if reference.to_table == f"kern.{HUB}"}
    star = [reference for reference in references if reference.table not in figures]
    return _diagram(found, star), _diagram(found, [reference for reference in references if reference.table in figures])


def _diagram(found: Iterable[Table], references: list[Reference]) -> str:
    involved = {reference.table for reference in references} | {reference.to_table for reference in references}
    lines = ["```mermaid", "erDiagram"]
    lines += [f"    {_entity(r.to_table)} ||--o{{ {_entity(r.table)} : {r.column}" for r in references]
    for table in found:
        if table.name in involved:
            pointing = {reference.column for reference in references if reference.table == table.name}
            shown = [column for column in table.columns if column.name in pointing or column.name in table.key]
            lines.append(f"    {_entity(table.name)} {{")
            lines += [f"        {_type(column)} {column.name} {_role(column.name, table.key, pointing)}" for column in shown]
            lines.append("    }")
    return "\n".join([*lines, "```"])


def _entity(table: str) -> str:
    schema, _, name = table.partition(".")
    return name if schema == SCHEMAS[0] else f"{schema}_{name}"


def _types(node: Mapping[str, Any]) -> dict[str, str]:
    """Return the type of each column, by the contract of a model or the settings of a seed; empty if neither says it."""
    stated: Mapping[str, str] = node.get("config", {}).get("column_types", {})
    return {name: column.get("data_type") or "" for name, column in node["columns"].items()} | dict(stated)


def catalogue(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what dbt's documentation takes types from: the catalogue that dbt would read from a database.

    Args:
        manifest: dbt's manifest.
    """
    models = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    parts = {"nodes": models, "sources": manifest["sources"]}
    return {part: {name: _in_catalogue(node) for name, node in nodes.items()} for part, nodes in parts.items()}


def _in_catalogue(node: Mapping[str, Any]) -> dict[str, Any]:
    known = {"comment": None, "owner": None, "database": node["database"], "schema": node["schema"], "name": node["name"]}
    columns = {
        name: {"name": name, "type": kind, "index": place, "comment": None}
        for place, (name, kind) in enumerate(_types(node).items(), start=1)
    }
    kind = node.get("config", {}).get("materialized") or node["resource_type"]
    return {"metadata": {**known, "type": kind}, "columns": columns, "stats": {}, "unique_id": node["unique_id"]}


def _type(column: Column) -> str:
    return column.type.partition("(")[0]


def _role(name: str, key: tuple[str, ...], pointing: set[str]) -> str:
    return ", ".join(word for word, holds in (("PK", name in key), ("FK", name in pointing)) if holds)
