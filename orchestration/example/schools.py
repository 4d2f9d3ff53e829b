"""The schools of the example: a few real ones from DUO's public list of addresses, the others made up.

Put here: which schools there are, and who goes to which. The same table is the seed `referentie__school`; a test compares them.
"""

from dataclasses import dataclass
from random import Random

from orchestration.example.world import BORNE, ENSCHEDE, HENGELO


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
    """A school for somebody of an age, near home where there is one."""
    if age < 12:
        kind = rng.choices(("BO", "SBO", "SO"), (93, 5, 2))[0]
    elif age < 16:
        kind = rng.choices(("VO", "PRO", "VSO"), (91, 5, 4))[0]
    else:
        kind = rng.choices(("VO", "MBO", "VSO"), (50, 46, 4))[0] if age < 18 else "MBO"
    fitting = [school for school in SCHOOLS if school.onderwijssoort == kind]
    near = [school for school in fitting if school.gemeente == gemeente]
    return rng.choice(near or fitting)
