"""The files of a release as the rules look at them: in memory, so that a rule is a function of what they hold.

Put here: reading. Keep out: what must hold.
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

import pyarrow.parquet as pq

from expectations import published
from expectations.published import PublishedTable

Row = Mapping[str, Any]
DESCRIPTOR = "datapackage.json"
ADDED_LATER = ("dcat.jsonld", "manifest.json", "SHA256SUMS")  # about the release and its run: written after the rules passed
FILES, TABLES, CSV = ("alle bestanden",), ("alle tabellen",), ("csv",)  # what a rule looks at, next to tables by name
FIGURES = ("kerncijfers", "uitsplitsingen")
DICTIONARY = "indicatoren"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PLACE = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")


@dataclass(frozen=True)
class Staged:
    """A release that is about to go out.

    Args:
        hashes: Of each file but the descriptor its SHA-256.
        sizes: Of the same files how many bytes they have.
        columns: Of each table its columns, with their types as Arrow writes them.
        tables: Of each table its rows.
        csv: Of each CSV file its bytes.
        descriptor: The content of `datapackage.json`.
    """

    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    columns: Mapping[str, Sequence[tuple[str, str]]]
    tables: Mapping[str, Sequence[Row]]
    csv: Mapping[str, bytes]
    descriptor: Mapping[str, Any]

    def size(self, *names: str) -> int:
        """How many rows some tables have together; of `FILES` the number of files, of `CSV` how many rows under a header."""
        sizes = {name: len(rows) for name, rows in self.tables.items()}
        under_header = sum(max(len(lines) - 1, 0) for lines in self.lines.values())
        sizes |= {TABLES[0]: sum(sizes.values()), FILES[0]: len(self.hashes), CSV[0]: under_header}
        return sum(sizes.get(name, 0) for name in names)

    @cached_property
    def lines(self) -> dict[str, list[list[str]]]:
        """Of each CSV file its cells, line by line, the header first."""
        texts = {name: content.removeprefix(BYTE_ORDER_MARK).decode("utf-8", errors="replace") for name, content in self.csv.items()}
        return {name: list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) for name, text in texts.items()}

    def promised(self) -> Iterator[PublishedTable]:
        """The tables of the contract that the release has."""
        return (table for table in published.load().tables if table.name in self.tables)

    def rows(self, *names: str) -> Iterator[tuple[str, Row]]:
        """The rows of some tables, each with its place, for a person."""
        return (placed for name in names for placed in self._placed.get(name, ()))

    @cached_property
    def _placed(self) -> dict[str, list[tuple[str, Row]]]:
        """Every row with its place, made once for all rules."""
        return {name: [(_where(name, number, row), row) for number, row in enumerate(rows, 1)] for name, rows in self.tables.items()}

    def figures(self) -> Iterator[tuple[str, Row]]:
        """The rows of `kerncijfers` and `uitsplitsingen`."""
        return self.rows(*FIGURES)


def read(folder: Path) -> Staged:
    """Read the files of a release, staged or published; what is missing is for the rules to find."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name not in (DESCRIPTOR, *ADDED_LATER)}
    found = {name.removesuffix(".parquet"): pq.read_table(folder / name) for name in files if name.endswith(".parquet")}
    descriptor = folder / DESCRIPTOR
    return Staged(
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
    """Which figure a row is."""
    return tuple(str(row.get(name) or "") for name in PLACE)


def previous(schooljaar: str) -> str:
    """The schooljaar before one."""
    return f"{int(schooljaar[:4]) - 1}-{schooljaar[:4]}"
