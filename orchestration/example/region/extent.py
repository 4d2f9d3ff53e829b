"""How much of the country an example covers: its gemeenten, schooljaren and persons, and the moments of its deliveries.

Put here: the extents that `leerplicht example --size` offers. Keep out: generating persons and events.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain, cycle, islice

from expectations import reference
from orchestration.example import numbers
from orchestration.example.world import Schooljaar

# gemeentecode → inhabitants in thousands
INHABITANTS = {
    "0153": 161, "0164": 82, "0141": 74, "1742": 38, "0163": 36, "1735": 35, "1700": 34, "0173": 32,
    "1774": 27, "0189": 25, "0158": 24, "0147": 24, "0168": 23, "0183": 21,
}  # fmt: skip
LARGEST = {
    "0363": 931, "0599": 670, "0518": 566, "0344": 374, "0772": 246, "0014": 244, "0855": 229, "0034": 226, "0758": 188, "0268": 187,
    "0200": 168, "0202": 167, "0392": 166, "0394": 164, "0307": 161, "0479": 160, "0796": 160, "0193": 133, "0080": 128, "0637": 128,
    "0546": 128, "0935": 125, "0505": 122, "0228": 122, "1783": 114, "0484": 116, "0361": 112, "0503": 109, "0114": 109, "0983": 104,
    "0150": 103,
}  # fmt: skip
COUNTRY = 17_900  # of them all
SHEET = 1_048_576  # rows of a sheet, the header included
MEASURES = 0.04  # interventies of a person in a schooljaar, and some more: the largest of what a workbook holds
OLDEST, YOUNGEST = 22, 4  # ages in the first and the last schooljaar of the oldest and the youngest person


@dataclass(frozen=True)
class Extent:
    """A part of the country in a number of schooljaren.

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
    supply: numbers.Supply = numbers.SMALL

    @property
    def fits_a_sheet(self) -> bool:
        """Whether a register of Carel fits in a workbook."""
        return self.people * len(self.schooljaren) * MEASURES < SHEET

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each gemeente among them all."""
        return {code: place for place, code in enumerate(self.gemeenten)}

    def school(self, brin: str, gemeente: str, nth: int) -> tuple[str, str]:
        """Return BRIN and vestiging of the nth vestiging of a school in a gemeente; a hundred vestigingen share a BRIN."""
        group, place = divmod(self.places[gemeente], 100 // self.vestigingen)
        return (f"9{group}{brin[2:]}" if group else brin), f"{place * self.vestigingen + nth:02d}"

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


def times(factor: int) -> Extent:
    """Return Twente a number of times, in persons and in gemeenten; the others have the inhabitants of those of Twente in turn."""
    codes = islice(chain(INHABITANTS, (code for code in _today() if code not in INHABITANTS)), factor * len(INHABITANTS))
    gemeenten = dict(zip(codes, cycle(INHABITANTS.values()), strict=False))
    return Extent(gemeenten, TWENTE.first, TWENTE.last, factor * TWENTE.people, supply=numbers.LARGE)


def nation(first: int = 2022, last: int = 2024) -> Extent:
    """Return the country: the gemeenten of today, the smaller ones with the inhabitants of those of Twente in turn, to the known total."""
    named = INHABITANTS | LARGEST
    others = [code for code in _today() if code not in named]
    turns = list(islice(cycle(list(INHABITANTS.values())[1:]), len(others)))
    fill = (COUNTRY - sum(named.values())) / sum(turns)
    gemeenten = named | {code: round(thousands * fill) for code, thousands in zip(others, turns, strict=True)}
    cohorts = (last - first + OLDEST - YOUNGEST + 1) / (TWENTE.last - TWENTE.first + OLDEST - YOUNGEST + 1)
    people = round(TWENTE.people * cohorts * sum(gemeenten.values()) / sum(INHABITANTS.values()))
    return Extent(gemeenten, first, last, people, vestigingen=2, supply=numbers.LARGE)


def _today() -> list[str]:
    return [row["gemeente_code"] for row in reference.rows("gemeente") if not row["geldig_tot"]]
