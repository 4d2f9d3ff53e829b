"""The population: on each peildatum as many persons of each gemeente are plichtig as the report counts.

Put here: persons, where they live and go to school. Keep out: verzuim and other events (`events.py`).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random

from orchestration.example import numbers
from orchestration.example.schools import enrol
from orchestration.example.targets import FIRST, SECOND, TARGETS
from orchestration.example.world import BORNE, ENSCHEDE, HENGELO, Person, Residence, count_plichtigen

WIJKEN = {HENGELO: 9, BORNE: 4, ENSCHEDE: 5}
BOTH_YEARS = (date(2006, 10, 2), date(2018, 9, 30))  # plichtig on both peildata
FIRST_ONLY = (date(2005, 10, 2), date(2006, 10, 1))  # 18 between the two
SECOND_ONLY = (date(2018, 10, 1), date(2019, 9, 30))  # 5 between the two
ADULTS = (date(2001, 9, 1), date(2005, 9, 30))
ENTERED_SECOND = {HENGELO: 640, BORNE: 215}
ADULT_COUNTS = {HENGELO: 2200, BORNE: 700}
MOVED_BETWEEN = date(2024, 7, 1)  # between the two peildata
MOVED_DURING = date(2025, 2, 1)  # during the second schooljaar
COUPLED = date(2024, 11, 20)

BOUNDARIES: tuple[tuple[str, date, dict[str, date]], ...] = (
    ("geboren op 31 juli", date(2009, 7, 31), {}),
    ("geboren op 1 augustus", date(2009, 8, 1), {}),
    ("vijf op 30 september", date(2019, 9, 30), {}),
    ("vijf op 1 oktober", date(2019, 10, 1), {}),
    ("achttien op de peildatum", date(2006, 10, 1), {}),
    ("geboren op 29 februari", date(2008, 2, 29), {}),
    ("startkwalificatie", date(2007, 3, 1), {"startkwalificatie": date(2024, 7, 5)}),
    ("startkwalificatie op de peildatum", date(2007, 3, 2), {"startkwalificatie": date(2024, 10, 1)}),
    ("startkwalificatie na de peildatum", date(2007, 3, 3), {"startkwalificatie": date(2024, 10, 2)}),
    ("startkwalificatie en leerplichtig", date(2008, 9, 1), {"startkwalificatie": date(2024, 7, 5)}),
    ("overleden voor de peildatum", date(2012, 5, 5), {"overlijden": date(2024, 9, 1)}),
    ("overleden op de peildatum", date(2012, 5, 6), {"overlijden": date(2024, 10, 1)}),
    ("overleden na de peildatum", date(2012, 5, 7), {"overlijden": date(2024, 10, 2)}),
)


class Population:
    """Generates persons."""

    def __init__(self, rng: Random) -> None:
        self.persons: list[Person] = []
        self._rng = rng
        self._bsns = numbers.bsns()
        self._zeros = numbers.bsns_with_zeros()
        self._onderwijsnummers = numbers.onderwijsnummers()

    def add(self, born: tuple[date, date], homes: list[tuple[str, date | None]], **known: object) -> Person:
        """Add a person.

        Args:
            born: First and last possible day of birth.
            homes: Gemeenten in order, each with the day on which the person leaves it; None for the last.
            known: Other fields of the person.
        """
        birth = born[0] + timedelta(days=self._rng.randrange((born[1] - born[0]).days + 1))
        # one in a hundred has a BSN with leading zeros, which a spreadsheet drops
        bsn = next(self._zeros if self._rng.random() < 0.01 else self._bsns)
        person = Person(bsn=bsn, onderwijsnummer="", birth=birth, geslacht=self._rng.choices("MVX", (512, 486, 2))[0], **known)  # type: ignore[arg-type]
        begin = birth
        for gemeente, end in homes:
            person.residences.append(Residence(gemeente, f"{gemeente}{self._rng.randrange(WIJKEN[gemeente]):02d}", begin, end))
            begin = end or begin
        for schooljaar in (FIRST, SECOND):
            gemeente_of_school = person.gemeente(schooljaar.first_day) or person.gemeente(schooljaar.last_day)
            person.enrolments += enrol(self._rng, person, schooljaar, gemeente_of_school)
        self.persons.append(person)
        return person

    def add_many(self, count: int, born: tuple[date, date], homes: list[tuple[str, date | None]], note: str = "") -> None:
        """Add persons of one kind."""
        for _ in range(count):
            self.add(born, homes, note=note)

    def add_newcomer(self, born: tuple[date, date], gemeente: str, arrived: date, coupled: date | None, note: str) -> Person:
        """Add a person who first has an onderwijsnummer only; without a day of coupling the person never gets a BSN."""
        person = self.add(born, [(gemeente, None)], note=note)
        person.onderwijsnummer, person.coupled = next(self._onderwijsnummers), coupled
        person.residences = [Residence(gemeente, person.residences[0].wijk, arrived)]
        if coupled is None:
            person.bsn = ""
        return person


def populate(rng: Random) -> list[Person]:
    """Generate all persons: first the special cases, then as many others as the report counts."""
    population = Population(rng)
    _add_special_cases(population)
    for gemeente in (HENGELO, BORNE):
        other = BORNE if gemeente == HENGELO else HENGELO
        movers = 20 if gemeente == HENGELO else 15
        population.add_many(movers, BOTH_YEARS, [(gemeente, MOVED_BETWEEN), (other, None)])
        population.add_many(movers // 2, BOTH_YEARS, [(gemeente, MOVED_BETWEEN), (ENSCHEDE, None)])
        population.add_many(movers // 2 + 2, BOTH_YEARS, [(ENSCHEDE, MOVED_BETWEEN), (gemeente, None)])
        population.add_many(4, BOTH_YEARS, [(gemeente, MOVED_DURING), (other, None)], note="verhuisd in het schooljaar")
        population.add_many(ADULT_COUNTS[gemeente], ADULTS, [(gemeente, None)])
    population.add_many(80, BOTH_YEARS, [(ENSCHEDE, None)])
    population.add_many(40, ADULTS, [(ENSCHEDE, None)])
    for gemeente in (HENGELO, BORNE):
        _fill(population, gemeente)
    return population.persons


def _fill(population: Population, gemeente: str) -> None:
    """Add persons who are plichtig on both peildata or on one, until both counts equal the report's."""
    missing = {
        schooljaar: TARGETS[gemeente, schooljaar].leerplichtigen - count_plichtigen(population.persons, gemeente, schooljaar.peildatum)
        for schooljaar in (FIRST, SECOND)
    }
    entered = ENTERED_SECOND[gemeente]
    both = missing[SECOND] - entered
    population.add_many(entered, SECOND_ONLY, [(gemeente, None)])
    population.add_many(both, BOTH_YEARS, [(gemeente, None)])
    population.add_many(missing[FIRST] - both, FIRST_ONLY, [(gemeente, None)])


def _add_special_cases(population: Population) -> None:
    tim = population.add((date(2009, 5, 14), date(2009, 5, 14)), [(HENGELO, None)], note="Tim")
    tim.geslacht = "M"
    for note, birth, known in BOUNDARIES:
        population.add((birth, birth), [(HENGELO, None)], note=note, **known)
    on_the_day = [(HENGELO, SECOND.peildatum), (BORNE, None)]
    population.add(BOTH_YEARS, on_the_day, note="verhuisd op de peildatum")
    later = population.add(BOTH_YEARS, [(HENGELO, None)], note="woont er pas later")
    later.residences = [Residence(HENGELO, later.residences[0].wijk, date(2025, 1, 15))]
    for gemeente in (HENGELO, BORNE):
        for _ in range(4):
            population.add_newcomer((date(2008, 1, 1), date(2010, 12, 31)), gemeente, date(2023, 8, 15), COUPLED, "gekoppeld")
        population.add_newcomer((date(2009, 1, 1), date(2011, 12, 31)), gemeente, date(2023, 9, 1), None, "nooit gekoppeld")
    for _ in range(6):
        stranger = population.add(BOTH_YEARS, [(HENGELO, None)], note="onbekend bij de monitor")
        stranger.in_monitor, stranger.residences, stranger.enrolments = False, [], []


def residents_on(persons: list[Person], gemeente: str, day: date) -> Iterator[Person]:
    """Return the persons of the monitor who live in a gemeente on a day."""
    return (person for person in persons if person.in_monitor and person.gemeente(day) == gemeente)


def sample(rng: Random, persons: Iterator[Person], count: int) -> list[Person]:
    """Return some persons, in random order.

    Raises:
        ValueError: There are not enough persons.
    """
    found = list(persons)
    rng.shuffle(found)
    chosen = list(islice(found, count))
    if len(chosen) < count:
        raise ValueError(f"{count} persons are needed, {len(chosen)} fit")
    return chosen
