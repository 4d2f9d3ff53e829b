"""What `openbaar` says of a count before anything is hidden: itself, that it is small, or a multiple of five near it.

An indicator that is marked `exact` shows its counts, and `<5` for a small one; everything else is rounded. That is so for each gemeente; what
is shown of the regio is rounded always.

Put here: the signs, and which count has which. Keep out: the draws (`rounding.py`), and what is hidden besides (`protect.py`).
"""

from dataclasses import dataclass
from enum import StrEnum

from expectations import reference
from orchestration.publication.disclosure_new.alternatives import ENDLESS, Cell
from orchestration.publication.disclosure_new.facts import REGIO, repeated
from orchestration.publication.disclosure_new.rounding import Draws, base, interval

EXACT, WITHHELD = "exact", "nee"  # values of `openbaar` in the indicator table; anything else is rounded


class Sign(StrEnum):
    """What is shown in the place of a count; the value is the status of its row."""

    SHOWN = "gepubliceerd"
    SMALL = "onderdrukt_primair"
    ROUNDED = "afgerond"
    HIDDEN = "onderdrukt_secundair"
    ABSENT = ""


@dataclass(frozen=True)
class Shown:
    """What is shown of a count.

    Args:
        sign: How.
        number: The count, or what it is rounded to; None if no number is shown.
        low: The least that the count can be by that.
        high: The most.
    """

    sign: Sign
    number: int | None
    low: int
    high: int


ABSENT, HIDDEN = (Shown(sign, None, 0, ENDLESS) for sign in (Sign.ABSENT, Sign.HIDDEN))


class Signs:
    """Decides what is shown of each count on its own.

    Args:
        draws: The draws of the lake.
        threshold: Counts below this, and above 0, are small.
    """

    def __init__(self, draws: Draws, threshold: int) -> None:
        self._draws, self._threshold = draws, threshold
        self._kinds = {row["indicator"]: row["openbaar"] for row in reference.rows("indicator")}
        self._drawn: dict[tuple[str, str, str], int] = {}

    def of(self, cell: Cell, value: int) -> Shown:
        """Return what is shown of a count."""
        kind = self._kinds[cell.indicator]
        if kind == WITHHELD or (cell.indicator, *cell[3:]) in repeated():
            return ABSENT
        if kind == EXACT and not cell.uitsplitsing and cell.gemeente_code != REGIO:
            if 0 < value < self._threshold:
                return Shown(Sign.SMALL, None, 1, self._threshold - 1)
            return Shown(Sign.SHOWN, value, value, value)
        return self.about(self._draws.rounded(value, self._draw(cell)))

    def is_exact(self, indicator: str) -> bool:
        """Return whether an indicator shows its counts as they are."""
        return self._kinds[indicator] == EXACT

    def about(self, number: int) -> Shown:
        """Return a rounded count."""
        return Shown(Sign.ROUNDED, number, *interval(number, base(self._threshold)))

    def _draw(self, cell: Cell) -> int:
        place = (cell.schooljaar, cell.uitsplitsing, cell.uitsplitsing_waarde)
        if place not in self._drawn:
            self._drawn[place] = self._draws.draw(*place)
        return self._drawn[place]
