"""Who lives in the region: one person after the other, with homes and schools.

Put here: ages, moves and enrolments. Keep out: what happens to people (`events.py`).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from orchestration.example import numbers
from orchestration.example.schools import choose
from orchestration.example.world import Enrolment, Person, Residence, Schooljaar

SCHOOLJAREN = tuple(Schooljaar(year) for year in range(2021, 2025))
# by code: inhabitants in thousands
GEMEENTEN = {
    "0153": 161, "0164": 82, "0141": 74, "1742": 38, "0163": 36, "1735": 35, "1700": 34, "0173": 32,
    "1774": 27, "0189": 25, "0158": 24, "0147": 24, "0168": 23, "0183": 21,
}  # fmt: skip
PERSONS = 200_000  # in all four schooljaren together; some 120,000 are plichtig on each peildatum
BORN = (date(1999, 8, 1), date(2020, 7, 31))
FIRST_DAY, LAST_DAY = SCHOOLJAREN[0].first_day, SCHOOLJAREN[-1].last_day
DAYS = (LAST_DAY - FIRST_DAY).days
VESTIGINGEN = 3  # of each school, in each gemeente
CHANCES = {
    "zeros": 0.005,  # a BSN that a spreadsheet shortens
    "onderwijsnummer": 0.002,  # first known by an onderwijsnummer
    "coupled": 0.8,  # and later by a BSN
    "unknown": 0.0003,  # to the monitor
    "moves": 0.07,
    "leaves": 0.02,
    "arrives": 0.05,
    "startkwalificatie": 0.2,  # before 18
    "dies": 0.0004,
}


class Inhabitants:
    """Makes persons."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._bsns = numbers.many_bsns()
        self._zeros = numbers.bsns_with_zeros()
        self._onderwijsnummers = numbers.onderwijsnummers()
        self._codes = list(GEMEENTEN)
        self._weights = list(accumulate(GEMEENTEN.values()))

    def one(self) -> Person:
        """Make somebody."""
        rng = self._rng
        bsn = next(self._zeros if self._chance("zeros") else self._bsns)
        born = BORN[0] + timedelta(days=rng.randrange((BORN[1] - BORN[0]).days + 1))
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
        return FIRST_DAY + timedelta(days=self._rng.randrange(DAYS))

    def _settle(self, person: Person) -> None:
        """Give homes: from birth or later, until a move or for good."""
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
        wijken = 3 + GEMEENTEN[gemeente] // 12
        person.residences.append(Residence(gemeente, f"{gemeente}{self._rng.randrange(wijken):02d}", begin, end))

    def _enrol(self, person: Person) -> None:
        """Enrol in a school per schooljaar from age 4 on; an adult one in two."""
        for schooljaar in SCHOOLJAREN:
            age, day = person.age(schooljaar.peildatum), schooljaar.first_day
            gemeente = person.gemeente(day)
            if age < 4 or gemeente is None or (age >= 18 and self._rng.random() < 0.5):
                continue
            school = choose(self._rng, gemeente, age)
            leerjaar = str(min(8, max(1, age - 3)) if age < 12 else min(6, max(1, age - 11)))
            vestiging = self._codes.index(gemeente) * VESTIGINGEN + self._rng.randrange(VESTIGINGEN)
            end = date(schooljaar.begin_year + 1, 8, 1)
            person.enrolments.append(Enrolment(school.brin, f"{vestiging:02d}", school.onderwijssoort, leerjaar, day, end))


def inhabitants(rng: Random, share: float) -> Iterator[Person]:
    """Everybody of a share of the region, one at a time."""
    makes = Inhabitants(rng)
    for _ in range(round(PERSONS * share)):
        yield makes.one()
