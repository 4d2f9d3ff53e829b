"""The files of a release as the screener looks at them: in memory, so that a rule is a function of what stands there.

Put here: reading. Keep out: what must hold.
"""

import hashlib
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
FIGURES = ("kerncijfers", "uitsplitsingen")
PLACE = ("schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")


@dataclass(frozen=True)
class Staged:
    """A release that is about to go out.

    Args:
        zone: `intern` or `openbaar`.
        hashes: Of each file but the descriptor its SHA-256.
        sizes: Of the same files how many bytes they have.
        columns: Of each table that is there its columns, with their types as Arrow writes them.
        tables: Of each table that is there its rows.
        csv: Of each CSV file its bytes.
        descriptor: What `datapackage.json` says.
    """

    zone: str
    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    columns: Mapping[str, Sequence[tuple[str, str]]]
    tables: Mapping[str, Sequence[Row]]
    csv: Mapping[str, bytes]
    descriptor: Mapping[str, Any]

    def promised(self) -> Iterator[PublishedTable]:
        """The tables of the contract that are there."""
        return (table for table in published.load().tables if table.name in self.tables)

    def rows(self, *names: str) -> Iterator[tuple[str, Row]]:
        """The rows of some tables, each with the place where a person finds it."""
        return (placed for name in names for placed in self._placed.get(name, ()))

    @cached_property
    def _placed(self) -> dict[str, list[tuple[str, Row]]]:
        """Every row with its place, said once for all rules."""
        return {name: [(_where(name, number, row), row) for number, row in enumerate(rows, 1)] for name, rows in self.tables.items()}

    def figures(self) -> Iterator[tuple[str, Row]]:
        """The rows of `kerncijfers` and `uitsplitsingen`."""
        return self.rows(*FIGURES)


def read(folder: Path, zone: str) -> Staged:
    """Read all files of a folder; what is not there is left to the rules."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != DESCRIPTOR}
    found = {name.removesuffix(".parquet"): pq.read_table(folder / name) for name in files if name.endswith(".parquet")}
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
    """Which figure a row is."""
    return tuple(str(row.get(name) or "") for name in PLACE)


def previous(schooljaar: str) -> str:
    """The schooljaar before one."""
    return f"{int(schooljaar[:4]) - 1}-{schooljaar[:4]}"
