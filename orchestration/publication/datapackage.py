"""Writes `datapackage.json`: the machine-readable description of the files of a release, as a Data Package (version 2).

Titles, types, units, keys and codes come from the contract of the published data; hashes and sizes from the files. It holds no timestamp
and no release name, as that name is derived from the hash of this file too. Put here: the descriptor. Keep out: the contract
(`expectations.published`), and the record for catalogues (`catalogue.py`).
"""

import json
from pathlib import Path
from typing import Any

from expectations import contract, published
from expectations.published import PublishedColumn, PublishedTable
from orchestration.lake.files import digest
from orchestration.publication import csv_file

FILE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

# the description of each zone
ZONES = {
    "intern": "Zone intern: met kleine aantallen zoals ze zijn, alleen voor medewerkers van de gemeente. Publiceer hier niets uit.",
    "openbaar": (
        "Zone openbaar: voor iedereen. Alleen schooljaren die voorbij zijn. Wat het gedrukte jaarverslag noemt, staat er van elke gemeente "
        "precies, behalve kleine aantallen en wat die zou verraden. Al het andere is afgerond."
    ),
}
MEDIA_TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DIALECT = {"delimiter": csv_file.DELIMITER, "lineTerminator": csv_file.LINE_END, "quoteChar": '"', "doubleQuote": True, "header": True}
OF_CSV: dict[str, dict[str, Any]] = {
    "number": {"decimalChar": csv_file.DECIMAL_CHAR},
    "boolean": {"trueValues": [csv_file.YES], "falseValues": [csv_file.NO]},
}
DICTIONARY = "indicatoren"  # every other table that names an indicator refers to it, unless it lists its own codes
INDICATOR = "indicator"


def write(folder: Path, zone: str) -> None:
    """Describe all files in the folder.

    Args:
        folder: Staging folder of the release, with all its other files.
        zone: `intern` or `openbaar`.
    """
    content = json.dumps(describe(folder, zone), ensure_ascii=False, indent=2)
    (folder / FILE).write_text(content + "\n", encoding="utf-8")


def describe(folder: Path, zone: str) -> dict[str, Any]:
    """Return the descriptor.

    Args:
        folder: Folder of the files.
        zone: `intern` or `openbaar`.
    """
    promised = published.load()
    tables = {table.file: table for table in published.tables(zone)}
    extra = sorted(path.name for path in folder.iterdir() if path.suffix in MEDIA_TYPES and path.name not in tables)
    return {
        "$schema": PROFILE,
        "name": f"jaarverslag-leerplicht-{zone}",
        "title": f"{promised.name} ({zone})",
        "description": f"{promised.purpose} {ZONES[zone]}",
        "version": promised.version,
        "keywords": ["leerplicht", "schoolverzuim", "jaarverslag"],
        "sources": [{"title": contract.load(bron).name} for bron in contract.BRONNEN],
        "resources": [_resource(folder / name, tables) for name in (*tables, *extra)],
    }


def _resource(path: Path, tables: dict[str, PublishedTable]) -> dict[str, Any]:
    """Return the resource of a file, with a schema if the file has the columns of a table of the contract."""
    table = tables.get(path.with_suffix(".parquet").name)
    kind = path.suffix.removeprefix(".")
    is_csv = path.suffix == ".csv"
    found: dict[str, Any] = {
        "name": path.stem if path.name in tables else f"{path.stem}-{kind}",
        "path": path.name,
        "format": kind,
        "mediatype": MEDIA_TYPES[path.suffix],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest(path)}",
    }
    if table is None:
        return found
    texts = {"title": table.name, "description": table.description, "type": "table"}
    read = {"encoding": "utf-8", "dialect": DIALECT} if is_csv else {}
    return {**found, **texts, **read, "schema": _schema(table, is_csv=is_csv)}


def _schema(table: PublishedTable, *, is_csv: bool) -> dict[str, Any]:
    reference = {"fields": [INDICATOR], "reference": {"resource": DICTIONARY, "fields": [INDICATOR]}}
    refers = table.name != DICTIONARY and any(column.name == INDICATOR and not column.allowed for column in table.columns)
    return {
        "fields": [_field(column, is_csv=is_csv) for column in table.columns],
        "missingValues": [""] if is_csv else [],
        **({"primaryKey": list(table.key)} if table.key else {}),
        **({"foreignKeys": [reference]} if refers else {}),
    }


def _field(column: PublishedColumn, *, is_csv: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "type": column.kind, "description": column.description}
    if column.unit:
        found["unit"] = column.unit
    if is_csv:
        found |= OF_CSV.get(column.kind, {})
    found["constraints"] = {"required": column.required} | ({"enum": list(column.allowed)} if column.allowed else {})
    return found
