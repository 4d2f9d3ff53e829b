"""How much of Twente an example covers: its gemeenten, schooljaren and persons, and the moments of its deliveries.

Put here: the extents that `leerplicht example --size` offers. Keep out: generating persons and events.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from orchestration.example.world import Schooljaar

# gemeentecode → inhabitants in thousands
INHABITANTS = {
    "0153": 161, "0164": 82, "0141": 74, "1742": 38, "0163": 36, "1735": 35, "1700": 34, "0173": 32,
    "1774": 27, "0189": 25, "0158": 24, "0147": 24, "0168": 23, "0183": 21,
}  # fmt: skip
OLDEST, YOUNGEST = 22, 4  # ages in the first and the last schooljaar of the oldest and the youngest person


@dataclass(frozen=True)
class Extent:
    """A part of Twente in a number of schooljaren.

    Args:
        gemeenten: Inhabitants in thousands, by gemeentecode.
        first: The year in which the first schooljaar begins.
        last: The year in which the last one begins.
        people: Persons in all schooljaren together.
        vestigingen: Vestigingen of each school in each gemeente.
    """

    gemeenten: Mapping[str, int]
    first: int
    last: int
    people: int
    vestigingen: int = 3

    @cached_property
    def schooljaren(self) -> tuple[Schooljaar, ...]:
        """The schooljaren, in order."""
        return tuple(map(Schooljaar, range(self.first, self.last + 1)))

    @property
    def born(self) -> tuple[date, date]:
        """The first and the last day of birth."""
        return date(self.first - OLDEST, 8, 1), date(self.last - YOUNGEST, 7, 31)

    @property
    def monitor(self) -> list[str]:
        """The moments of the monitor's registers: after each peildatum, and at the end."""
        return [*(f"{year}-10-14T06:00:00+02:00" for year in self._years), f"{self.last + 1}-08-04T06:00:00+02:00"]

    @property
    def duo(self) -> list[str]:
        """The moments of DUO's changes: each quarter."""
        return [
            moment
            for year in self._years
            for moment in (
                *(f"{year}-11-01T02:00:00+01:00", f"{year + 1}-02-01T02:00:00+01:00"),
                *(f"{year + 1}-05-02T02:00:00+02:00", f"{year + 1}-08-05T02:00:00+02:00"),
            )
        ]

    @property
    def carel(self) -> list[str]:
        """The moments of Carel's registers: each half year."""
        return [f"{year + 1}-{day}" for year in self._years for day in ("02-02T01:00:00+01:00", "08-06T01:00:00+02:00")]

    @property
    def _years(self) -> range:
        return range(self.first, self.last + 1)


TWENTE = Extent(INHABITANTS, 2021, 2024, 200_000)  # some 120,000 are plichtig on each peildatum
# so many schools that most of their counts are small
SIX_YEARS = Extent({code: INHABITANTS[code] for code in ("0164", "0147")}, 2019, 2024, 36_000, vestigingen=40)
TEN_YEARS = Extent(INHABITANTS, 2015, 2024, 257_000, vestigingen=7)
