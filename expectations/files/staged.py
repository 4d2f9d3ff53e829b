"""Reads the files of a release into memory, so that a rule is a function of their contents.

Put here: reading. Keep out: rules.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from expectations import published
from expectations.published import PublishedTable
from orchestration import parquet_file

Row = Mapping[str, Any]
DESCRIPTOR = "datapackage.json"
ADDED_LATER = ("dcat.jsonld", "manifest.json", "SHA256SUMS")  # on the release and its run: written after the rules have passed
FILES, TABLES, CSV = ("alle bestanden",), ("alle tabellen",), ("csv",)  # scopes of a rule, besides tables by name
FIGURES = ("kerncijfers", "uitsplitsingen")
DICTIONARY = "indicatoren"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PLACE = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")


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
    tables: Mapping[str, Sequence[Row]]
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

    def rows(self, *names: str) -> Iterator[tuple[str, Row]]:
        """Yield the rows of some tables, each with a readable description of its place."""
        return (placed for name in names for placed in self._placed.get(name, ()))

    @cached_property
    def _placed(self) -> dict[str, list[tuple[str, Row]]]:
        """Every row with its place, cached for all rules."""
        return {name: [(_where(name, number, row), row) for number, row in enumerate(rows, 1)] for name, rows in self.tables.items()}

    def figures(self) -> Iterator[tuple[str, Row]]:
        """Yield the rows of `kerncijfers` and `uitsplitsingen`."""
        return self.rows(*FIGURES)


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
        tables={name: table.to_pylist() for name, table in found.items()},
        csv={name: content for name, content in files.items() if name.endswith(".csv")},
        descriptor=json.loads(descriptor.read_text(encoding="utf-8")) if descriptor.is_file() else {},
    )


def _where(table: str, number: int, row: Row) -> str:
    key = ", ".join(str(row[part]) for part in PLACE if row.get(part))
    return f"{table}.parquet, rij {number}" + (f" ({key})" if key else "")


def place(row: Row) -> tuple[str, ...]:
    """Return the key of a row's figure."""
    return tuple(str(row.get(name) or "") for name in PLACE)
