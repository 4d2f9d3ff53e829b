"""The interface of all readers: batches of text columns, and the missing and unknown columns of a file.

Put here: what readers share, and matching delivered headers with the contract. Keep out: any file format.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.contract import Column, Entity
from orchestration.deliveries.readers import layout
from orchestration.deliveries.reasons import Refusal
from orchestration.scrub import safe_text

Texts = Any  # pa.StringArray, or pa.DictionaryArray for a column with few distinct texts


@dataclass(frozen=True)
class Batch:
    """Some consecutive records of one file.

    Args:
        first: The number of its first record in the file, from 1.
        rows: Number of records.
        columns: Contract column name → text; without the columns that were not delivered, and without free text.
    """

    first: int
    rows: int
    columns: dict[str, Texts]


@dataclass
class Reading:
    """An open file.

    Args:
        path: The file.
        entity: Its entiteit.
        missing: Headers of missing required columns; set before the first batch.
        unknown: The columns that the contract does not know, as they may appear in a message; set after the last batch.
        delivered: Headers of the columns of the contract that it has; empty for a format in which an empty column is left out.
        layout: What line 1 looked like and what would fit, if a required column is missing.
    """

    path: Path
    entity: Entity
    missing: tuple[str, ...] = field(default=(), init=False)
    unknown: tuple[str, ...] = field(default=(), init=False)
    delivered: tuple[str, ...] = field(default=(), init=False)
    layout: str = field(default="", init=False)

    def batches(self) -> Iterator[Batch]:
        """Yield the records, in the order of the file.

        Raises:
            Refusal: `bestand_onleesbaar`, for a fault further on in the file.
        """
        raise NotImplementedError

    def lines(self, records: Sequence[int]) -> dict[int, int]:  # noqa: ARG002 - formats without lines have none
        """Return the line in the file where each of these records begins; nothing if unknown."""
        return {}

    def missing_column(self) -> Refusal:
        """Return the refusal of this file for its first missing column."""
        reden = f"{safe_text(self.path.name)}: kolom {self.missing[0]} ontbreekt"
        return Refusal("kolom_ontbreekt", f"{reden}; {self.layout}" if self.layout else reden)

    def unreadable(self, reden: str) -> Refusal:
        """Return the refusal of this file for a reason in Dutch."""
        return Refusal("bestand_onleesbaar", f"{safe_text(self.path.name)}: {reden}")


def read_columns(entity: Entity) -> tuple[Column, ...]:
    """Return the columns that are read: all but free text."""
    return tuple(column for column in entity.columns if column.kind != "vrije_tekst")


def has_few_values(column: Column) -> bool:
    """Return whether a column has few distinct texts, so that dictionary encoding makes typing cheaper."""
    return bool(column.allowed or column.pattern) or column.kind in ("date", "time", "decimal", "brin", "vestiging", "schooljaar")


class Headers:
    """The header of a file, matched with the contract.

    Args:
        reading: The open file; `missing` and `unknown` are set.
        header: The delivered column names, in order.

    Raises:
        Refusal: Two columns of the file are the same column of the contract.
    """

    def __init__(self, reading: Reading, header: Sequence[str]) -> None:
        self.columns = layout.recognised(reading.entity, header)
        found = [column for column in self.columns if column]
        for column in found:
            if found.count(column) > 1:
                raise reading.unreadable(f"kolom {column.header} staat er twee keer in")
        reading.missing = tuple(column.header for column in reading.entity.columns if column.required and column not in found)
        reading.delivered = tuple(column.header for column in found)
        reading.unknown = tuple(layout.unknown(reading.entity, header))

    @property
    def positions(self) -> list[tuple[int, Column]]:
        """Position in the file and column of the contract, for all columns that are read."""
        return [(place, column) for place, column in enumerate(self.columns) if column and column.kind != "vrije_tekst"]
