"""Reads the files of a release, and opens its tables in DuckDB, so that a rule is a condition on rows.

Put here: reading, and asking which rows deviate. Keep out: rules.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from expectations import counted, published
from expectations.published import PublishedTable
from orchestration import parquet_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Faults = Iterator[tuple[str, str]]
"""Of each fault its place (the file, and in it the row with its number and key), and which column or what is wrong there."""

DESCRIPTOR = "datapackage.json"
ADDED_LATER = ("dcat.jsonld", "manifest.json", "SHA256SUMS")  # on the release and its run: written after the rules have passed
FILES, TABLES, CSV = ("alle bestanden",), ("alle tabellen",), ("csv",)  # scopes of a rule, besides tables by name
FIGURES = ("kerncijfers", "uitsplitsingen")
DICTIONARY = "indicatoren"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PLACE = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")

# every row with its number, and with its place as a person reads it
OF_TABLE = """
create view {name} as
select *, '{name}.parquet, rij ' || nr || coalesce(' (' || nullif(concat_ws(', ', {key}), '') || ')', '') as plek
from {name}_rijen
"""
# the rows of both tables of figures, in their order; and beside each the row of the schooljaar before it
OF_FIGURES = """
create view cijfers as
select
    * replace (coalesce(uitsplitsing, '') as uitsplitsing, coalesce(uitsplitsing_waarde, '') as uitsplitsing_waarde),
    try_cast(schooljaar[:4] as integer) as begin,
    (begin - 1) || '-' || begin as vorig_schooljaar
from (from kerncijfers union all by name select * replace (1_000_000_000 + nr as nr) from uitsplitsingen);

create view met_vorige as
select cijfer.*, vorig.plek is not null as is_er, vorig.waarde as toen, vorig.percentage as percentage_toen, vorig.status as status_toen
from cijfers as cijfer
left join cijfers as vorig
    on cijfer.vorig_schooljaar = vorig.schooljaar
    and cijfer.gemeente_code = vorig.gemeente_code
    and cijfer.indicator = vorig.indicator
    and cijfer.uitsplitsing = vorig.uitsplitsing
    and cijfer.uitsplitsing_waarde = vorig.uitsplitsing_waarde;
"""


@dataclass(frozen=True)
class Staged:
    """A release that is about to be published.

    Args:
        zone: `intern` or `openbaar`.
        hashes: SHA-256 of each file except the descriptor.
        sizes: Size in bytes of the same files.
        columns: Columns of each table, with their Arrow types.
        tables: Rows of each table.
        csv: Bytes of each CSV file.
        descriptor: The content of `datapackage.json`.
    """

    zone: str
    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    columns: Mapping[str, Sequence[tuple[str, str]]]
    tables: Mapping[str, pa.Table]
    csv: Mapping[str, bytes]
    descriptor: Mapping[str, Any]

    def size(self, *names: str) -> int:
        """Return the total row count of some tables; for `FILES` the number of files, for `CSV` the number of rows below a header."""
        sizes = {name: len(rows) for name, rows in self.tables.items()}
        under_header = sum(max(len(lines) - 1, 0) for lines in self.lines.values())
        sizes |= {TABLES[0]: sum(sizes.values()), FILES[0]: len(self.hashes), CSV[0]: under_header}
        return sum(sizes.get(name, 0) for name in names)

    @cached_property
    def lines(self) -> dict[str, list[list[str]]]:
        """The cells of each CSV file, line by line, including the header."""
        texts = {name: content.removeprefix(BYTE_ORDER_MARK).decode("utf-8", errors="replace") for name, content in self.csv.items()}
        return {name: list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) for name, text in texts.items()}

    def promised(self) -> Iterator[PublishedTable]:
        """Yield the tables of the contract that the release has."""
        return (table for table in published.load().tables if table.name in self.tables)

    def where(self, rows: str, condition: str, what: str = "", parameters: Sequence[Any] = ()) -> Faults:
        """Yield the rows that satisfy a condition.

        Args:
            rows: `cijfers`, the rows of both tables of figures; `met_vorige`, the same with the schooljaar before; or a table. In SQL, with
                more tables joined to it if the condition needs them: the first one is called `rij`.
            condition: The condition, in SQL.
            what: What is wrong there.
            parameters: The values of the condition.
        """
        first, *joined = rows.split(maxsplit=1)
        query = f"select rij.plek from {first} as rij {' '.join(joined)} where {condition} order by rij.nr"  # noqa: S608 – conditions of our rules
        return ((place, what) for (place,) in self.ask(query, parameters))

    def where_text(self, is_odd: Callable[[str], bool], but: frozenset[tuple[str, str]]) -> Faults:
        """Yield the rows with an odd text; each text is looked at once, however often it is there.

        Args:
            is_odd: Whether a text is odd.
            but: Tables and columns that are left out.
        """
        for table, rows in self.tables.items():
            for column in (field.name for field in rows.schema if pa.types.is_string(field.type) and (table, field.name) not in but):
                texts = rows[column].unique().to_pylist()
                if odd := [text for text in texts if text is not None and is_odd(text)]:
                    yield from self.where(table, f'list_contains($1, "{column}")', column, [odd])

    def ask(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the tables; one of the contract that the release lacks is empty."""
        return self._opened.execute(query, parameters).fetchall()

    @cached_property
    def _opened(self) -> "DuckDBPyConnection":
        connection = counted.opened(None)
        for name, rows in {**published.empty(), **self.tables}.items():
            numbered = rows.append_column("nr", pa.array(range(1, len(rows) + 1), pa.int64()))
            connection.register(f"{name}_rijen", numbered)
            key = ", ".join(f"nullif(cast({part} as varchar), '')" for part in PLACE if part in rows.column_names)
            connection.execute(OF_TABLE.format(name=name, key=key or "null"))
        connection.execute(OF_FIGURES)
        return connection


def read(folder: Path, zone: str) -> Staged:
    """Read the files of a release of a zone, staged or published; missing files are left for the rules to report."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name not in (DESCRIPTOR, *ADDED_LATER)}
    found = {name.removesuffix(".parquet"): parquet_file.read(folder / name) for name in files if name.endswith(".parquet")}
    descriptor = folder / DESCRIPTOR
    return Staged(
        zone=zone,
        hashes={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        sizes={name: len(content) for name, content in files.items()},
        columns={name: [(field.name, str(field.type)) for field in table.schema] for name, table in found.items()},
        tables=found,
        csv={name: content for name, content in files.items() if name.endswith(".csv")},
        descriptor=json.loads(descriptor.read_text(encoding="utf-8")) if descriptor.is_file() else {},
    )
