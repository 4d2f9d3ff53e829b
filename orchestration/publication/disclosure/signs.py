"""What `openbaar` says of a count before anything is hidden: itself, that it is small, or a multiple of five near it.

An indicator that is marked `exact` shows its counts, and `<5` for a small one; everything else is rounded, and so is what is shown of the
regio.

Put here: the signs, and which count has which. Keep out: the draws (`rounding.py`), and what is hidden besides (`protect.py`).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from expectations import reference
from orchestration.publication.disclosure.alternatives import ENDLESS, Cell
from orchestration.publication.disclosure.facts import REGIO, repeated
from orchestration.publication.disclosure.rounding import Draws, base, interval

EXACT, WITHHELD = "exact", "nee"  # values of `openbaar` in the indicator table; anything else is rounded


class Sign(StrEnum):
    """What is shown in the place of a count; the value is the status of its row."""

    SHOWN = "gepubliceerd"
    SMALL = "onderdrukt_primair"
    ROUNDED = "afgerond"
    HIDDEN = "onderdrukt_secundair"
    ABSENT = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a count.

    Args:
        sign: How.
        number: The count, or what it is rounded to; None if no number is shown.
        low: The least that the count can be by that.
        high: The most.
        derived: Whether it follows from what is shown of other counts, and so says nothing itself.
    """

    sign: Sign
    number: int | None
    low: int
    high: int
    derived: bool = False

    @property
    def said(self) -> tuple[int, int]:
        """The least and the most that it says itself that the count can be."""
        return (0, ENDLESS) if self.derived else (self.low, self.high)


ABSENT, HIDDEN = (Shown(sign, None, 0, ENDLESS) for sign in (Sign.ABSENT, Sign.HIDDEN))


@cache
def kinds() -> dict[str, str]:
    """Return the value of `openbaar` of each indicator."""
    return {row["indicator"]: row["openbaar"] for row in reference.rows("indicator")}


def is_exact(cell: Cell) -> bool:
    """Return whether a count shows itself unless it is hidden: an exact indicator of a gemeente."""
    return kinds()[cell.indicator] == EXACT and not cell.uitsplitsing and cell.gemeente_code != REGIO


def is_published(cell: Cell) -> bool:
    """Return whether a count has a place in `openbaar`: each but those of a withheld indicator, and those that repeat an indicator."""
    return kinds()[cell.indicator] != WITHHELD and (cell.indicator, *cell[3:]) not in repeated()


@cache
def exact(value: int, threshold: int) -> Shown:
    """Return how an exact count is shown; the same object for the same count, as there are many."""
    if 0 < value < threshold:
        return Shown(Sign.SMALL, None, 1, threshold - 1)
    return Shown(Sign.SHOWN, value, value, value)


@cache
def rounded(number: int, threshold: int) -> Shown:
    """Return how a count is shown that is rounded to a number; the same object for the same number."""
    return Shown(Sign.ROUNDED, number, *interval(number, base(threshold)))


class Signs:
    """Decides what is shown of each count on its own.

    Args:
        draws: The draws of the lake.
        threshold: Counts below this, and above 0, are small.
    """

    def __init__(self, draws: Draws, threshold: int) -> None:
        self._draws, self._threshold = draws, threshold
        self._drawn: dict[tuple[str, str, str], int] = {}

    def of(self, cell: Cell, value: int) -> Shown:
        """Return what is shown of a count."""
        if not is_published(cell):
            return ABSENT
        if is_exact(cell):
            return exact(value, self._threshold)
        return rounded(self._draws.rounded(value, self._draw(cell)), self._threshold)

    def _draw(self, cell: Cell) -> int:
        place = (cell.schooljaar, cell.uitsplitsing, cell.uitsplitsing_waarde)
        if place not in self._drawn:
            self._drawn[place] = self._draws.draw(*place)
        return self._drawn[place]
