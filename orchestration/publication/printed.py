"""Parses a figure as a Dutch report prints it: `453`, `10.712`, `4,30%`, `<5`.

Put here: parsing printed text into the values that it allows. Keep out: comparing (`reconciliation.py`), and formatting (`weergave.py`).
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_WHOLE = r"(?:\d{1,3}(?:\.\d{3})+|\d+)"
_COUNT = re.compile(_WHOLE, re.ASCII)
_RATE = re.compile(rf"({_WHOLE}(?:,\d+)?) ?%|({_WHOLE},\d+)", re.ASCII)
_WITHHELD = re.compile(r"< ?(\d+)", re.ASCII)
MOST, DECIMALS = 10**8, 4  # no figure of a country that has leerplicht is larger, and none is printed with more decimals


@dataclass(frozen=True)
class Printed:
    """A printed figure: its value lies in the closed interval from `low` to `high`.

    Args:
        rate: Whether it is a percentage or another number with decimals, not a count.
        withheld: Whether the report hides the value behind `<5`.
    """

    text: str
    low: Decimal
    high: Decimal
    rate: bool = False
    withheld: bool = False

    def allows(self, value: Decimal) -> bool:
        """Return whether a value lies in the interval."""
        return self.low <= value <= self.high

    def agrees_with(self, other: "Printed") -> bool:
        """Return whether the two intervals overlap."""
        return self.rate == other.rate and max(self.low, other.low) <= min(self.high, other.high)

    def difference(self, value: Decimal) -> Decimal:
        """Return the distance of a value to the interval, signed; 0 inside it."""
        return value - min(max(value, self.low), self.high)


UNREADABLE = Printed("geen cijfer", Decimal(0), Decimal(MOST))  # for a text that is not a figure, which may hold anything and is not shown


def parse(text: str) -> Printed:
    """Parse a printed figure, without rounding.

    Raises:
        ValueError: The text is not a figure, or not one that a report on leerplicht can have.
    """
    printed = _parse(text.strip())
    if printed.high >= MOST or -int(printed.high.as_tuple().exponent) > DECIMALS:
        raise ValueError(f"{text!r} is te groot, of heeft meer dan {DECIMALS} decimalen")
    return printed


def _parse(text: str) -> Printed:
    if found := _WITHHELD.fullmatch(text):
        limit = int(found[1])
        if limit > 1:
            return Printed(text, Decimal(1), Decimal(limit - 1), withheld=True)
    elif _COUNT.fullmatch(text):
        value = Decimal(text.replace(".", ""))
        return Printed(text, value, value)
    elif found := _RATE.fullmatch(text):
        value = Decimal((found[1] or found[2]).replace(".", "").replace(",", "."))
        return Printed(text, value, value, rate=True)
    raise ValueError(f"{text!r} is geen aantal, percentage of onderdrukt cijfer zoals 453, 10.712, 4,30% of <5")
