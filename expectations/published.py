"""The contract of what is published: which files there are, what each column means, and in which version of the schema.

Put here: reading `contracts/publicatie.odcs.yaml`. Keep out: the contracts of what is delivered (`contract.py`), and writing a file.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from expectations.contract import FOLDER

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaObject, SchemaProperty


@dataclass(frozen=True)
class PublishedColumn:
    """One column of a published table.

    Args:
        kind: Its logical type: string, integer, number, boolean or date.
        type: Its Arrow type, as Arrow writes it.
        unit: What its numbers count, or where to look for that; empty for a column that counts nothing.
        allowed: The codes that may stand in it; empty where that is not said.
    """

    name: str
    kind: str
    type: str
    description: str
    unit: str
    required: bool
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class PublishedTable:
    """One published table.

    Args:
        file: The Parquet file.
        key: The columns that together name a row; empty where a row has no name.
    """

    name: str
    file: str
    description: str
    columns: tuple[PublishedColumn, ...]
    key: tuple[str, ...]


@dataclass(frozen=True)
class PublishedContract:
    """All that a release promises.

    Args:
        version: The version of the published schema; `docs/schema.md` tells what each one brought.
        name: How the whole is called.
        purpose: What it is, in a sentence.
    """

    version: str
    name: str
    purpose: str
    tables: tuple[PublishedTable, ...]


@cache
def load() -> PublishedContract:
    """Read the contract."""
    from open_data_contract_standard.model import OpenDataContractStandard

    odcs = OpenDataContractStandard.from_file(str(FOLDER / "publicatie.odcs.yaml"))
    return PublishedContract(
        version=odcs.version or "",
        name=odcs.name or "",
        purpose=(odcs.description.purpose if odcs.description else None) or "",
        tables=tuple(_table(schema) for schema in odcs.schema_ or []),
    )


def _table(schema: "SchemaObject") -> PublishedTable:
    properties = schema.properties or []
    keys = sorted((column for column in properties if column.primaryKey), key=lambda column: column.primaryKeyPosition or 0)
    return PublishedTable(
        name=str(schema.name),
        file=schema.physicalName or "",
        description=schema.description or "",
        columns=tuple(_column(column) for column in properties),
        key=tuple(str(column.name) for column in keys),
    )


def _column(schema: "SchemaProperty") -> PublishedColumn:
    own = {item.property: item.value for item in schema.customProperties or []}
    return PublishedColumn(
        name=str(schema.name),
        kind=schema.logicalType or "",
        type=schema.physicalType or "",
        description=schema.description or "",
        unit=str(own.get("eenheid", "")),
        required=bool(schema.required),
        allowed=tuple(str(item.value if hasattr(item, "value") else item) for item in schema.enum or []),
    )
