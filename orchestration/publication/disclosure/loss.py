"""What it costs readers when a count is withheld: the one place with prices.

Put here: the prices, and why. Keep out: choosing by them (`suppress.py`).
"""

from collections.abc import Mapping, Sequence

from expectations import reference
from orchestration.publication.disclosure.knowledge import REGIO, Row
from orchestration.publication.disclosure.system import Cell

BREAKDOWN = 1
IN_REGIO = 3  # who misses it has the gemeenten
BEYOND_REPORT = 10
IN_REPORT = 20
TOTAL_OF_REPORT = 100  # the figure that is quoted
RATE = 15  # that disappears with its numerator or its denominator


class Loss:
    """The price of each count.

    Args:
        indicators: The rows of `indicatoren`.
        sums: Of each total its parts.
    """

    def __init__(self, indicators: Sequence[Row], sums: Mapping[str, Sequence[str]]) -> None:
        report = reference.in_report()
        self._base = {row["indicator"]: IN_REPORT if row["tabel"] in report else BEYOND_REPORT for row in indicators}
        self._base |= dict.fromkeys((*sums, "leerplichtigen"), TOTAL_OF_REPORT)
        for row in indicators:
            for made_of in {row["teller"], row["noemer"]} - {None}:
                self._base[made_of] += RATE

    def of(self, cell: Cell) -> int:
        """The price of withholding a count, in whole numbers."""
        if cell.uitsplitsing:
            return BREAKDOWN
        return IN_REGIO if cell.gemeente_code == REGIO else self._base[cell.indicator]
