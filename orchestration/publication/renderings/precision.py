"""What rounding leaves to be said of a release: how far a figure may be off, whether a difference means anything, and why it is so.

Put here: the precision of published figures, and the sentences that explain it. Keep out: rounding itself, which happened before
publication (`disclosure/`), and formatting of figures (`weergave.py`, `changes.py`).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from orchestration.publication.extract import REGIO, Row
from orchestration.publication.report_tables import ONBEKEND, count_of, has_figure
from orchestration.publication.weergave import ROUNDED, ROUNDED_TO

CLOSED = "Er staan alleen schooljaren in die voorbij zijn en waarvan alles is geleverd."
EXACT = (
    "Wat het gedrukte jaarverslag noemt, staat er van elke gemeente precies; alleen een klein aantal noemen we niet. Soms noemen we ook "
    "een ander aantal niet of niet precies, omdat anders een klein aantal te berekenen is."
)
EVERYTHING_ELSE = (
    "Alle andere aantallen zijn afgerond op een veelvoud van {to}, naar boven of naar beneden. Zo kan niemand een klein aantal berekenen. "
    "Wat daarmee is berekend, zoals een percentage of een verschil, is dus ook afgerond."
)
OF_REGIO = (
    "Een afgerond cijfer van de regio kan de som zijn van wat er van de gemeenten staat. Dan kan het verder van het echte "
    "aantal liggen. Een jongere die verhuisde, telt dan in elke gemeente mee."
)
ABSENT = "Wat er niet bij staat, komt {absent} keer voor."
ABSENT_IN_REGIO = "Wat er niet bij staat, komt in elke gemeente weinig voor: meestal {absent} keer."  # some gemeenten show no breakdown
NO_ROWS = "Staat er van een gemeente of schooljaar helemaal niets? Dan is daar geen verdeling van gemaakt."
DIFFERENCES = (
    "Een verschil met ‘ca.’ is berekend met afgeronde cijfers. Is het klein? Dan komt het misschien alleen door het "
    "afronden, en staat het er niet in procenten."
)


@dataclass(frozen=True)
class Precision:
    """How precise the rounded figures of a release are.

    Args:
        to: The multiple that counts are rounded to.
        gemeenten: The number of gemeenten; a figure of the regio may be the sum of what is shown of them.
    """

    to: int = ROUNDED_TO
    gemeenten: int = 1

    @classmethod
    def of(cls, figures: Sequence[Row]) -> "Precision":
        """Read the precision from the figures themselves: all rounded counts are multiples of one number.

        Of a few figures that number may be larger than what was rounded to; then less is said of differences, and nothing that is wrong.

        Args:
            figures: The rows of `kerncijfers`.
        """
        rounded = (count_of(row) or 0 for row in figures if row["status"] == ROUNDED)
        served = {row["gemeente_code"] for row in figures} - {REGIO, ONBEKEND}
        return cls(math.gcd(*rounded) or ROUNDED_TO, max(1, len(served)))

    @property
    def absent(self) -> str:
        """How often a value occurs of which a breakdown has no row: `0 tot en met 4`."""
        return f"0 tot en met {self.to - 1}"

    def off(self, row: Row) -> int:
        """Return how much higher or lower than shown a count may be."""
        if row["status"] != ROUNDED:
            return 0
        if row["gemeente_code"] != REGIO:
            return self.to - 1
        return self.gemeenten * (self.to - 1) + self.to // 2  # the sum is rounded once more

    def tells(self, row: Row, earlier: Row | None) -> bool:
        """Return whether a count certainly rose or fell by its published difference: more than rounding can make of it.

        Args:
            row: The row of the count, with its difference.
            earlier: That of the previous schooljaar.
        """
        if row["verschil"] is None or earlier is None:
            return False
        off = self.off(row) + self.off(earlier)
        return off == 0 or abs(row["verschil"]) > off

    def direction(self, row: Row, earlier: Row | None) -> int | None:
        """Return whether a figure certainly rose (1), fell (-1) or stayed the same (0) since the previous schooljaar; else None.

        Args:
            row: The published row of a count or a rate.
            earlier: That of the previous schooljaar.
        """
        if earlier is None or not (has_figure(row) and has_figure(earlier)):
            return None
        if row["verschil"] is not None:
            return _sign(row["verschil"]) if self.tells(row, earlier) else None
        if row["verschil_punten"] is None:
            return None
        if not is_about(row, earlier):
            return _sign(row["verschil_punten"])
        now, then = self._between(row), self._between(earlier)
        if now is None or then is None:
            return None
        return 1 if now[0] > then[1] else -1 if now[1] < then[0] else None

    def _between(self, row: Row) -> tuple[Fraction, Fraction] | None:
        """Return the least and the most that a rate can be, by its own shown parts; None if they are not shown."""
        off, part, whole = self.off(row), row["teller"], row["noemer"]
        if part is None or whole is None or whole <= off:
            return None
        return Fraction(part - off, whole + off), Fraction(part + off, whole - off)


def _sign(difference: int | Decimal) -> int:
    return (difference > 0) - (difference < 0)


def is_about(*rows: Row | None) -> bool:
    """Return whether any of these rows is rounded, and so what is computed from them."""
    return any(row is not None and row["status"] == ROUNDED for row in rows)


def explained(precision: Precision, rows: Iterable[Row]) -> list[str]:
    """Explain which figures of `openbaar` are exact, and why others are not.

    Args:
        precision: That of the release.
        rows: The figures that are shown, for which the explanation is.
    """
    shown = list(rows)
    found = [CLOSED, EXACT, EVERYTHING_ELSE.format(to=precision.to)]
    if any(row["gemeente_code"] == REGIO and row["status"] == ROUNDED for row in shown):
        found.append(OF_REGIO)
    return [*found, DIFFERENCES] if is_about(*shown) else found


def absent_values(precision: Precision, area_code: str) -> str:
    """Tell how often the values occur of which a breakdown of `openbaar` has no row.

    Args:
        precision: That of the release.
        area_code: The area of the breakdown.
    """
    return (ABSENT_IN_REGIO if area_code == REGIO else ABSENT).format(absent=precision.absent)
