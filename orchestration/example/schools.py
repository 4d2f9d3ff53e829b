"""The schools of the example: some real ones from DUO's public list of addresses, the others fictitious.

Put here: the schools, and enrolling a person in one. The seed `referentie__school` has the same table; a test compares them.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from orchestration.example.world import BORNE, ENSCHEDE, HENGELO, Enrolment, Person, Schooljaar


@dataclass(frozen=True)
class School:
    """A vestiging of a school."""

    brin: str
    vestiging: str
    name: str
    gemeente: str
    onderwijssoort: str


SCHOOLS = (
    School("09TB", "00", "De Bron", HENGELO, "BO"),
    School("16KN", "00", "De Timp", HENGELO, "BO"),
    School("06IN", "00", "Sint Aegidius", HENGELO, "BO"),
    School("08LL", "00", "'t Iemnschelf", HENGELO, "BO"),
    School("90AA", "00", "Voorbeeldschool Borne-Oost", BORNE, "BO"),
    School("90AB", "00", "Voorbeeldschool Borne-West", BORNE, "BO"),
    School("90AC", "00", "Voorbeeldschool SBO Twente", HENGELO, "SBO"),
    School("90AD", "00", "Voorbeeldschool SO Twente", HENGELO, "SO"),
    School("90AE", "01", "Voorbeeldschool VSO Twente", HENGELO, "VSO"),
    School("90AF", "00", "Voorbeeldcollege Hengelo", HENGELO, "VO"),
    School("90AF", "02", "Voorbeeldcollege Hengelo, locatie Noord", HENGELO, "VO"),
    School("90AG", "00", "Voorbeeldcollege Borne", BORNE, "VO"),
    School("90AH", "00", "Voorbeeldschool praktijkonderwijs", HENGELO, "PRO"),
    School("90AJ", "00", "Voorbeeld-mbo Twente", HENGELO, "MBO"),
    School("90AK", "00", "Voorbeeldcollege Enschede", ENSCHEDE, "VO"),
)
UNKNOWN_BRIN = "99ZZ"


def choose(rng: Random, gemeente: str, age: int) -> School:
    """Return a school for a person of an age, in the gemeente if it has one."""
    if age < 12:
        kind = rng.choices(("BO", "SBO", "SO"), (93, 5, 2))[0]
    elif age < 16:
        kind = rng.choices(("VO", "PRO", "VSO"), (91, 5, 4))[0]
    else:
        kind = rng.choices(("VO", "MBO", "VSO"), (50, 46, 4))[0] if age < 18 else "MBO"
    fitting = [school for school in SCHOOLS if school.onderwijssoort == kind]
    near = [school for school in fitting if school.gemeente == gemeente]
    return rng.choice(near or fitting)


def enrol(rng: Random, person: Person, schooljaar: Schooljaar, gemeente: str | None) -> list[Enrolment]:
    """Return the enrolment of a person in a schooljaar: from age 4 on, and of one in two adults."""
    age = person.age(schooljaar.peildatum)
    if age < 4 or gemeente is None or (age >= 18 and rng.random() < 0.5):
        return []
    school = choose(rng, gemeente, age)
    leerjaar = str(min(8, max(1, age - 3)) if age < 12 else min(6, max(1, age - 11)))
    end = date(schooljaar.begin_year + 1, 8, 1)
    return [Enrolment(school.brin, school.vestiging, school.onderwijssoort, leerjaar, schooljaar.first_day, end)]
