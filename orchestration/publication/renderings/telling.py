"""The Leerplichttelling (article 25) laid out as the form asks for it: a row per figure, a column per onderwijssoort.

Put here: which figures and columns it has, and what stands in each. Keep out: writing the sheet (`workbook.py`), and what is counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from expectations import reference
from orchestration.publication.extract import Row
from orchestration.publication.report_tables import Area

TITLE = "Leerplichttelling, formulier"
TABEL, ONDERWIJSSOORT = "leerplichttelling", "onderwijssoort"


@dataclass(frozen=True)
class Block:
    """The form of one area and schooljaar.

    Args:
        columns: The code and name of each onderwijssoort.
        lines: The label of each figure, its row of each onderwijssoort (None if there is none), and its row as a whole.
    """

    area: Area
    year: str
    columns: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, tuple[Row | None, ...], Row], ...]


def blocks(figures: Sequence[Row], breakdowns: Sequence[Row], areas: Sequence[Area], years: Sequence[str]) -> Iterator[Block]:
    """Yield the form of each schooljaar, the last one first, and area.

    Args:
        figures: The rows of `kerncijfers`.
        breakdowns: The rows of `uitsplitsingen`; none of a value that never occurs, and in `openbaar` none of what is rounded to nothing.
        areas: The areas, in order.
        years: The schooljaren, earliest first.
    """
    wholes = {(row["indicator"], row["gemeente_code"], row["schooljaar"]): row for row in figures}
    parts = {
        (row["indicator"], row["gemeente_code"], row["schooljaar"], row["uitsplitsing_waarde"]): row
        for row in breakdowns
        if row["uitsplitsing"] == ONDERWIJSSOORT
    }
    columns = tuple((row["onderwijssoort"], row["naam"]) for row in reference.rows("onderwijssoort"))
    for year in reversed(years):
        for area in areas:
            lines = tuple(
                (whole["label"], tuple(parts.get((indicator, area.code, year, code)) for code, _ in columns), whole)
                for indicator in _indicators()
                if (whole := wholes.get((indicator, area.code, year)))
            )
            if lines:
                yield Block(area, year, columns, lines)


def _indicators() -> Iterator[str]:
    """Yield the figures of the form, those that are only in it first."""
    rows: list[Mapping[str, str]] = [row for row in reference.rows("indicator") if row["in_telling"] == "true"]
    yield from (row["indicator"] for row in sorted(rows, key=lambda row: (row["tabel"] != TABEL, int(row["volgorde"]))))
