"""What is public besides a release: earlier releases, and figures that others printed. The printed report is known to everybody.

Only what is true of the figures of now counts: a statement that is no longer true tells nothing of them. So nothing need be remembered of
what the figures were.

Put here: reading such statements. Keep out: what follows from them (`protect.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from orchestration.publication import extract
from orchestration.publication.disclosure.alternatives import ENDLESS, Cell
from orchestration.publication.disclosure.shown import cell_of, is_count
from orchestration.publication.extract import Row

FACTS = "feiten.parquet"
PLACE = list(Cell._fields)
Statement = tuple[Cell, int, int]


def add(known: dict[Cell, tuple[int, int]], statements: Iterable[Statement], values: Mapping[Cell, int]) -> None:
    """Add statements to what is known, as far as they are true.

    Args:
        known: Of each count the least and the most that it can be; it is changed.
        statements: Counts with the least and the most that somebody said.
        values: The true counts of now.
    """
    for cell, low, high in statements:
        if low <= values.get(cell, -1) <= high:
            least, most = known.get(cell, (0, ENDLESS))
            known[cell] = max(low, least), min(high, most)


def of_release(folder: Path) -> Iterator[Statement]:
    """Yield what a release, or a remembered report, said of counts; nothing for those that it said nothing of.

    Args:
        folder: The folder of its proof.
    """
    table = pq.read_table(folder / FACTS, columns=[*PLACE, "laag", "hoog"])
    for *place, low, high in zip(*(column.to_pylist() for column in table.columns), strict=True):
        if low or high is not None:
            yield Cell(*place), low, ENDLESS if high is None else high


def hidden_by(folder: Path) -> Iterator[Cell]:
    """Yield the counts that a release hid so that others might be shown."""
    path = folder / FACTS
    if "verborgen" in pq.read_schema(path).names:
        table = pq.read_table(path, columns=[*PLACE, "verborgen"], filters=[("verborgen", "=", True)])
        yield from (Cell(*place) for *place, _ in zip(*(column.to_pylist() for column in table.columns), strict=True))


def of_report(printed: Sequence[extract.Cell], figures: Sequence[Row]) -> Iterator[Statement]:
    """Yield what printed figures say of our counts.

    Args:
        printed: The figures.
        figures: Our figures, for the gemeenten and the denominators: who knows a rate is taken to know its denominator.
    """
    own = {extract.printed_place(row): row for row in figures}
    rates = {rate.indicator: rate for rate in extract.reference().rates}
    for cell in printed:
        row = own.get((cell.indicator, cell.gemeente, cell.schooljaar))
        if row is None:
            continue
        if not cell.printed.rate and is_count(cell.indicator):
            yield cell_of(row), int(cell.printed.low), int(cell.printed.high)
        elif cell.printed.rate and cell.indicator in rates and row["noemer"]:
            rate = rates[cell.indicator]
            yield cell_of(row)._replace(indicator=rate.teller), *_numerators(row["noemer"], rate.factor, str(cell.printed.low))


def _numerators(noemer: int, factor: int, printed: str) -> tuple[int, int]:
    """Return the least and the most numerator of a rate that rounds to what is printed, half away from zero.

    That is `printed - half ≤ factor × numerator / denominator < printed + half`, with half a unit of the last decimal.
    """
    decimals = len(printed.partition(".")[2])
    unit, middle = 2 * factor * 10**decimals, 2 * int(printed.replace(".", ""))
    return -(-(middle - 1) * noemer // unit), -(-(middle + 1) * noemer // unit) - 1
