"""Shows of a release what a pattern leaves public, and nothing that follows from the rest.

A rate is shown where its numerator and denominator are, a median where the number that it is taken over is, a difference where both
schooljaren are. So none of them tells what the counts do not. What is withheld leaves no trace: the rows keep the order of their keys, and
every file is written from the rows that this module gives.

Put here: which columns go, which signs come, and what signs say. Keep out: which counts are withheld (`suppress.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from expectations import published, reference
from orchestration.publication import weergave
from orchestration.publication.disclosure import rounding
from orchestration.publication.disclosure.knowledge import Row, cell
from orchestration.publication.disclosure.system import Cell, Interval

UNAVAILABLE, INAPPLICABLE = "niet_beschikbaar", "niet_van_toepassing"
PRIMARY, SECONDARY, EITHER, ROUNDED = "onderdrukt_primair", "onderdrukt_secundair", "onderdrukt", weergave.ROUNDED
NOTHING = Interval(0, None)  # what `x` says: it may hide any count, a small one as well, and even a zero
COUNTS_OF_ROWS = 10  # numbers of delivered rows are rounded up to this: they are counts of children too

_OWN = ("waarde", "percentage", "teller", "noemer")
_PREVIOUS = ("vorige_waarde", "vorig_percentage")


@cache
def numbers() -> tuple[str, ...]:
    """The columns in which a row says anything of its figure in numbers."""
    return tuple(column.name for column in published.table("kerncijfers").columns if column.is_number)


def _changes() -> tuple[str, ...]:
    """Those that are about two schooljaren; a column that is new is taken for one, so that it is shown only where both are."""
    return tuple(name for name in numbers() if name not in (*_OWN, *_PREVIOUS))


def small(threshold: int, hide_zeros: bool) -> Interval:
    """The counts that must be withheld, which is what `<5` says."""
    return Interval(0 if hide_zeros else 1, threshold - 1)


def said(row: Row, withheld: Interval) -> Interval | None:
    """What a public row of `kerncijfers` or `uitsplitsingen` says of its count; None where it is about none.

    Args:
        row: The row.
        withheld: What `<5` says in its release.
    """
    if row["status"] == PRIMARY:
        return withheld
    if row["status"] in (SECONDARY, EITHER):
        return NOTHING
    if row["status"] == ROUNDED:
        return rounding.sign(row["waarde"], rounding.base(withheld))
    return None if row["waarde"] is None else Interval(row["waarde"], row["waarde"])


class Mask:
    """What may be shown of the rows of one release.

    Args:
        signs: Of each withheld count what its sign says.
        indicators: The rows of `indicatoren`: which counts a rate is made of.
        threshold: Under which a count is small.
    """

    def __init__(self, signs: Mapping[Cell, Interval], indicators: Iterable[Row], threshold: int) -> None:
        self._signs = signs
        self._threshold = threshold
        self._made_of = made_of(indicators)

    def rows(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Show rows of `kerncijfers` or `uitsplitsingen`; what may not be shown is null, and has a sign."""
        statuses = {cell(row): row["status"] for row in rows}
        return [self._row(row, statuses) for row in rows]

    def _row(self, row: Row, statuses: Mapping[Cell, str]) -> dict[str, Any]:
        place = cell(row)
        before = place._replace(schooljaar=previous(place.schooljaar))
        shown = dict(row)
        if self.hides(place):
            status = row["status"] if self._exists_nowhere(place, statuses) else self._status(place)
            shown |= dict.fromkeys((*_OWN, *_changes())) | {"status": status, "waarde": self._rounded(place)}
        if before not in statuses or self.hides(before):
            shown |= dict.fromkeys((*_PREVIOUS, *_changes()))
        shown["weergave"] = weergave.weergave(
            shown["status"], shown["waarde"], _decimal(shown["percentage"]), shown["eenheid"], self._threshold
        )
        return shown

    def _exists_nowhere(self, place: Cell, statuses: Mapping[Cell, str]) -> bool:
        """Whether there is no figure for a reason that everybody knows: its source is missing, or what it is made of does not exist there.

        A rate without a denominator is another matter: that says that a count is 0.
        """
        parts = [place._replace(indicator=name) for name in self._made_of.get(place.indicator, ())]
        return statuses[place] == UNAVAILABLE or (statuses[place] == INAPPLICABLE and INAPPLICABLE in map(statuses.get, parts))

    def hides(self, place: Cell) -> bool:
        """Whether a count, or a count that a rate or median is made of, is withheld."""
        return any(place._replace(indicator=name) in self._signs for name in self._made_of.get(place.indicator, [place.indicator]))

    def _status(self, place: Cell) -> str:
        if place.uitsplitsing:
            return EITHER if self._rounded(place) is None else ROUNDED
        return PRIMARY if self._signs.get(place, NOTHING) != NOTHING else SECONDARY

    def _rounded(self, place: Cell) -> int | None:
        """To what a count of a breakdown is rounded: its sign says so; None where it does not."""
        sign = self._signs.get(place, NOTHING)
        return rounding.rounded(sign, rounding.base(small(self._threshold, hide_zeros=False))) if place.uitsplitsing else None


def made_of(indicators: Iterable[Row]) -> dict[str, list[str]]:
    """Of each rate its numerator and denominator, and of each median the count that it is taken over."""
    rates = {row["indicator"]: [row["teller"], row["noemer"]] for row in indicators if row["teller"] and row["noemer"]}
    return rates | {row["indicator"]: [row["over"]] for row in reference.rows("indicator") if row["over"]}


def previous(schooljaar: str) -> str:
    """The schooljaar before one: `2023-2024` before `2024-2025`."""
    first = int(schooljaar[:4])
    return f"{first - 1}-{first}"


def counts_of_rows(rows: Iterable[Row], *columns: str) -> list[dict[str, Any]]:
    """Round numbers of delivered rows up to tens; none stays none."""
    return [{**row, **{name: _up(row[name]) for name in columns}} for row in rows]


def _up(number: int | None) -> int | None:
    return None if number is None else -(-number // COUNTS_OF_ROWS) * COUNTS_OF_ROWS


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
