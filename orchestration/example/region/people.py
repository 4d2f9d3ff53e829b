"""The population of the region: persons with residences and enrolments, one at a time.

Put here: ages, moves and enrolments. Keep out: verzuim and measures (`events.py`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from orchestration.example import numbers
from orchestration.example.region.extent import Extent
from orchestration.example.schools import enrol
from orchestration.example.world import Person, Residence

CHANCES = {
    "zeros": 0.005,  # a BSN with leading zeros
    "onderwijsnummer": 0.002,  # first an onderwijsnummer only
    "coupled": 0.8,  # and later a BSN
    "unknown": 0.0003,  # unknown to the monitor
    "moves": 0.07,
    "leaves": 0.02,
    "arrives": 0.05,
    "startkwalificatie": 0.2,  # before 18
    "dies": 0.0004,
}


class PersonGenerator:
    """Generates persons."""

    def __init__(self, rng: Random, extent: Extent) -> None:
        self._rng, self._extent = rng, extent
        self._first_day = extent.schooljaren[0].first_day
        self._days = (extent.schooljaren[-1].last_day - self._first_day).days
        self._born, last_born = extent.born
        self._birthdays = (last_born - self._born).days + 1
        self._bsns = numbers.many_bsns(extent.supply)
        self._zeros = numbers.bsns_with_zeros(extent.supply)
        self._onderwijsnummers = numbers.onderwijsnummers(extent.supply)
        self._codes = list(extent.gemeenten)
        self._weights = list(accumulate(extent.gemeenten.values()))

    def person(self) -> Person:
        """Generate a person."""
        rng = self._rng
        bsn = next(self._zeros if self._chance("zeros") else self._bsns)
        born = self._born + timedelta(days=rng.randrange(self._birthdays))
        person = Person(bsn=bsn, onderwijsnummer="", birth=born, geslacht=rng.choices("MVX", (512, 486, 2))[0])
        if self._chance("startkwalificatie"):
            person.startkwalificatie = date(born.year + 17, 7, 5)
        if self._chance("dies"):
            person.overlijden = self._day()
        person.in_monitor = not self._chance("unknown")
        if person.in_monitor:
            self._settle(person)
            self._enrol(person)
        return person

    def _chance(self, name: str) -> bool:
        return self._rng.random() < CHANCES[name]

    def _day(self) -> date:
        return self._first_day + timedelta(days=self._rng.randrange(self._days))

    def _settle(self, person: Person) -> None:
        """Add residences: from birth or arrival, possibly with a move or a departure."""
        begin = person.birth
        if self._chance("onderwijsnummer"):
            begin = max(begin, self._day())
            person.onderwijsnummer = next(self._onderwijsnummers)
            person.coupled = begin + timedelta(days=self._rng.randrange(100, 500)) if self._chance("coupled") else None
            if person.coupled is None:
                person.bsn = ""
        elif self._chance("arrives"):
            begin = max(begin, self._day())
        end = None
        if self._chance("moves"):
            end = max(begin + timedelta(days=30), self._day())
            self._home(person, begin, end)
            begin, end = end, None
        if self._chance("leaves"):
            end = max(begin + timedelta(days=30), self._day())
        self._home(person, begin, end)

    def _home(self, person: Person, begin: date, end: date | None) -> None:
        (gemeente,) = self._rng.choices(self._codes, cum_weights=self._weights)
        wijken = 3 + self._extent.gemeenten[gemeente] // 12
        person.residences.append(Residence(gemeente, f"{gemeente}{self._rng.randrange(wijken):02d}", begin, end))

    def _enrol(self, person: Person) -> None:
        for schooljaar in self._extent.schooljaren:
            gemeente = person.gemeente(schooljaar.first_day)
            for enrolment in enrol(self._rng, person, schooljaar, gemeente):
                brin, vestiging = self._extent.school(enrolment.brin, str(gemeente), self._rng.randrange(self._extent.vestigingen))
                person.enrolments.append(replace(enrolment, brin=brin, vestiging=vestiging))


def persons(rng: Random, extent: Extent, share: float) -> Iterator[Person]:
    """Generate a share of the persons of an extent."""
    generator = PersonGenerator(rng, extent)
    for _ in range(round(extent.people * share)):
        yield generator.person()
