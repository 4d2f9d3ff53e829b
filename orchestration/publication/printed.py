"""Reads a figure as a Dutch report prints it: `453`, `10.712`, `4,30%`, `<5`.

Put here: from printed text to the numbers that it allows. Keep out: comparing (`reconciliation.py`), and writing (`weergave.py`).
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_WHOLE = r"(?:\d{1,3}(?:\.\d{3})+|\d+)"
_COUNT = re.compile(_WHOLE, re.ASCII)
_RATE = re.compile(rf"({_WHOLE}(?:,\d+)?) ?%|({_WHOLE},\d+)", re.ASCII)
_WITHHELD = re.compile(r"< ?(\d+)", re.ASCII)
MOST, DECIMALS = 10**8, 4  # no figure of a country that has leerplicht is larger, and none is printed finer


@dataclass(frozen=True)
class Printed:
    """What a printed figure says: the value lies from `low` to `high`, both included.

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
        """Whether the value is one of those that the print allows."""
        return self.low <= value <= self.high

    def agrees_with(self, other: "Printed") -> bool:
        """Whether some value is allowed by both prints."""
        return self.rate == other.rate and max(self.low, other.low) <= min(self.high, other.high)

    def difference(self, value: Decimal) -> Decimal:
        """How far the value lies from the nearest one that the print allows; 0 when it is one of them."""
        return value - min(max(value, self.low), self.high)


UNREADABLE = Printed("geen cijfer", Decimal(0), Decimal(MOST))  # instead of a text that is none, which may be anything and is not told


def parse(text: str) -> Printed:
    """Read a printed figure, exactly.

    Raises:
        ValueError: The text is no figure, or one that no report on leerplicht can have.
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
