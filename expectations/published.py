"""Loads the contract of the published data: the files, the meaning and origin of each column, and the versions of the schema.

`contracts/publicatie.odcs.yaml` is the only definition of the columns of a published table: Arrow schemas, `datapackage.json`, CSV and the
portal's dictionary are derived from it. Put here: reading that contract. Keep out: the contracts of the deliveries (`contract.py`), and
writing a file.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from expectations.contract import FOLDER, own_properties
from orchestration.errors import LeerplichtError

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaObject, SchemaProperty

CONTRACT = FOLDER / "publicatie.odcs.yaml"
FINGERPRINT = 12  # digits of the fingerprint of each table in the contract


class PublishedContractError(LeerplichtError):
    """The contract is inconsistent, or does not match the warehouse; the message is one Dutch sentence."""


@dataclass(frozen=True)
class PublishedColumn:
    """One column of a published table.

    Args:
        kind: Its logical type: string, integer, number, boolean or date.
        type: Its Arrow type, in Arrow's notation.
        unit: The unit of its numbers, or where to find it; empty for a column without a unit.
        allowed: Its accepted codes; empty if not declared.
    """

    name: str
    kind: str
    type: str
    description: str
    unit: str
    required: bool
    allowed: tuple[str, ...]

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers; in a table of figures these are the columns that `openbaar` may withhold."""
        return self.kind in ("integer", "number")

    @property
    def field(self) -> "pa.Field[Any]":
        """The Arrow field, with description and unit as metadata."""
        metadata = {"description": self.description} | ({"eenheid": self.unit} if self.unit else {})
        return pa.field(self.name, _arrow_type(self.type), nullable=not self.required, metadata=metadata)


@dataclass(frozen=True)
class Origin:
    """The origin of a published table: a table of the warehouse; columns are mapped by name.

    Args:
        table: Its name with its schema: `jaarverslag.kerncijfers`.
        order: The sort key; empty for all published columns, in their order.
        computed: The published columns that the publication adds.
        empty: The published columns that are always null in this table.
    """

    table: str
    order: tuple[str, ...]
    computed: tuple[str, ...]
    empty: tuple[str, ...]


@dataclass(frozen=True)
class PublishedTable:
    """One published table.

    Args:
        file: The Parquet file.
        key: The columns of the primary key; empty if it has none.
        origin: The origin of its rows; None if the publication computes them.
        zones: The zones whose releases have it. A table that does not say so is in `intern` only.
        unprotected: Why `openbaar` may show its rows as they are in `intern`; empty if they are protected.
        may_be_empty: When it has no rows; empty if it always has.
    """

    name: str
    file: str
    description: str
    columns: tuple[PublishedColumn, ...]
    key: tuple[str, ...]
    origin: Origin | None
    zones: tuple[str, ...]
    unprotected: str = ""
    may_be_empty: str = ""

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the file."""
        return pa.schema([column.field for column in self.columns], metadata={"description": self.description})


@dataclass(frozen=True)
class Version:
    """A version of the schema.

    Args:
        changed: For each table with changed columns the first digits of its new `fingerprint`.
    """

    number: str
    brings: str
    changed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PublishedContract:
    """The contract of a release.

    Args:
        version: The version of the published schema.
        name: Its title.
        purpose: Its description, in a sentence.
        versions: Every version so far, latest first.
    """

    version: str
    name: str
    purpose: str
    versions: tuple[Version, ...]
    tables: tuple[PublishedTable, ...]


@cache
def load() -> PublishedContract:
    """Load the contract."""
    from open_data_contract_standard.model import OpenDataContractStandard

    odcs = OpenDataContractStandard.from_file(str(CONTRACT))
    versions = own_properties(odcs.customProperties)["versies"]
    return PublishedContract(
        version=odcs.version or "",
        name=odcs.name or "",
        purpose=(odcs.description.purpose if odcs.description else None) or "",
        versions=tuple(Version(one["versie"], one["brengt"], one.get("tabellen", {})) for one in versions),
        tables=tuple(_table(schema) for schema in odcs.schema_ or []),
    )


def table(name: str) -> PublishedTable:
    """Return a table of the contract.

    Raises:
        KeyError: There is no such table.
    """
    return {one.name: one for one in load().tables}[name]


def tables(zone: str) -> tuple[PublishedTable, ...]:
    """Return the tables that a release of a zone has."""
    return tuple(one for one in load().tables if zone in one.zones)


def schemas() -> dict[str, pa.Schema]:
    """Return the Arrow schema of each published table."""
    return {one.name: one.schema for one in load().tables}


def empty() -> dict[str, pa.Table]:
    """Return each published table without rows."""
    return {one.name: one.schema.empty_table() for one in load().tables}


def fingerprint(schema: pa.Schema) -> str:
    """Return the SHA-256 of names, types and nullability, in order: if it changes, readers may have to adapt."""
    columns = [[column.name, str(column.type), column.nullable] for column in schema]
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode()).hexdigest()


def unversioned(contract: PublishedContract) -> list[str]:
    """Return the schema changes that no version records.

    Returns:
        The tables whose columns differ from their last recorded fingerprint, or that were removed; and the version itself if it is not the
        last one recorded.
    """
    recorded: dict[str, str] = {}
    for version in reversed(contract.versions):
        recorded |= version.changed
    now = {one.name: fingerprint(one.schema)[:FINGERPRINT] for one in contract.tables}
    changed = [name for name in {**now, **recorded} if now.get(name) != recorded.get(name)]
    last = contract.versions[0].number if contract.versions else ""
    return changed + [contract.version] * (last != contract.version)


def _table(schema: "SchemaObject") -> PublishedTable:
    properties = schema.properties or []
    keys = sorted((column for column in properties if column.primaryKey), key=lambda column: column.primaryKeyPosition or 0)
    own = own_properties(schema.customProperties)
    origin = own.get("herkomst")
    columns = tuple(_column(column) for column in properties)
    return PublishedTable(
        name=str(schema.name),
        file=schema.physicalName or "",
        description=schema.description or "",
        columns=columns,
        key=tuple(str(column.name) for column in keys),
        origin=_origin(str(schema.name), origin, columns) if origin else None,
        zones=tuple(own.get("zones", ("intern",))),
        unprotected=own.get("onbeschermd", ""),
        may_be_empty=own.get("mag_leeg", ""),
    )


def _origin(name: str, value: Mapping[str, Any], columns: Sequence[PublishedColumn]) -> Origin:
    origin = Origin(value["tabel"], *(tuple(value.get(part, ())) for part in ("sortering", "berekend", "leeg")))
    unknown = {*origin.computed, *origin.empty} - {column.name for column in columns}
    filled = {column.name for column in columns if column.required} & {*origin.empty}
    if unknown or filled:
        names = ", ".join(sorted(unknown | filled))
        raise PublishedContractError(f"{CONTRACT.name}, herkomst van {name}: {names} bestaat niet, of mag niet leeg zijn")
    return origin


def _column(schema: "SchemaProperty") -> PublishedColumn:
    return PublishedColumn(
        name=str(schema.name),
        kind=schema.logicalType or "",
        type=schema.physicalType or "",
        description=schema.description or "",
        unit=str(own_properties(schema.customProperties).get("eenheid", "")),
        required=bool(schema.required),
        allowed=tuple(str(item.value if hasattr(item, "value") else item) for item in schema.enum or []),
    )


def _arrow_type(name: str) -> pa.DataType:
    """Return the Arrow type for a name such as `int64`, `date32[day]` or `decimal128(9, 2)`."""
    kind, _, rest = name.partition("(")
    if kind == "decimal128":
        precision, scale = map(int, rest.rstrip(")").split(","))
        return pa.decimal128(precision, scale)
    return cast(pa.DataType, pa.type_for_alias(cast(Any, name)))
