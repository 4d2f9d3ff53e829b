"""What every reader gives: some records as columns of text, and what was odd about the file's columns.

Put here: the shape that readers share, and matching delivered headers with the contract. Keep out: any file format.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.contract import Column, Entity
from orchestration.deliveries.reasons import Refusal, shown

Texts = Any  # pa.StringArray, or a pa.DictionaryArray of texts where few differ


@dataclass(frozen=True)
class Batch:
    """Some consecutive records of one file.

    Args:
        first: The number of its first record in the file, from 1.
        rows: How many records it has.
        columns: Contract column name → text; an absent column was not delivered. Free text is never read.
    """

    first: int
    rows: int
    columns: dict[str, Texts]


@dataclass
class Reading:
    """A file that is being read.

    Args:
        path: The file.
        entity: What it holds.
        missing: Headers of required columns that it lacks; known before the first batch.
        unknown: How many of its columns the contract does not know; known after the last batch. Their names are not kept: in a file
            without a header they would be values.
    """

    path: Path
    entity: Entity
    missing: tuple[str, ...] = field(default=(), init=False)
    unknown: int = field(default=0, init=False)

    def batches(self) -> Iterator[Batch]:
        """The records, in the order of the file.

        Raises:
            Refusal: `bestand_onleesbaar`, when that only shows on the way.
        """
        raise NotImplementedError

    def lines(self, records: Sequence[int]) -> dict[int, int]:  # noqa: ARG002 - formats without lines have none
        """The line in the file where each of these records begins; of a format without lines nothing."""
        return {}

    def lacks_column(self) -> Refusal:
        """The refusal of this file for its first missing column."""
        return Refusal("kolom_ontbreekt", f"{shown(self.path.name)}: kolom {self.missing[0]} ontbreekt")

    def unreadable(self, reden: str) -> Refusal:
        """The refusal of this file for a reason."""
        return Refusal("bestand_onleesbaar", f"{shown(self.path.name)}: {reden}")


def wanted(entity: Entity) -> tuple[Column, ...]:
    """The columns that are read: all but free text."""
    return tuple(column for column in entity.columns if column.kind != "vrije_tekst")


def has_few_values(column: Column) -> bool:
    """Whether a column repeats few texts, so that it is cheaper to look at each distinct text once."""
    return bool(column.allowed or column.pattern) or column.kind in ("date", "time", "decimal", "brin", "vestiging", "schooljaar")


class Headers:
    """How the header of a file answers to the contract.

    Args:
        reading: The file that is being read: gets what lacks and what is unknown.
        header: The delivered column names, in order.

    Raises:
        Refusal: A column of the contract is there twice.
    """

    def __init__(self, reading: Reading, header: Sequence[str]) -> None:
        names = {name: column for column in reading.entity.columns for name in (column.header, *column.aliases)}
        self.columns: list[Column | None] = [names.get(name.strip()) for name in header]
        found = [column for column in self.columns if column]
        for column in found:
            if found.count(column) > 1:
                raise reading.unreadable(f"kolom {column.header} staat er twee keer in")
        reading.missing = tuple(column.header for column in reading.entity.columns if column.required and column not in found)
        reading.unknown = self.columns.count(None)

    @property
    def positions(self) -> list[tuple[int, Column]]:
        """Position in the file and column, of every column that is read."""
        return [(place, column) for place, column in enumerate(self.columns) if column and column.kind != "vrije_tekst"]
