"""Where a person lives, learns and is exempt on a day, and whether the person is plichtig.

Put here: what holds of a person on a day. Keep out: events and counting.
"""

from dataclasses import dataclass, field
from datetime import date

from orchestration.example.world import Enrolment, Person, Residence, Schooljaar, World, is_plichtig

UNKNOWN = "onbekend"


@dataclass(frozen=True)
class Event:
    """Something that counts in an indicator.

    Args:
        indicator: The indicator.
        person: Of whom.
        day: The day that decides the gemeente, the school and the age.
        schooljaar: Where it counts; by default the one of the day.
    """

    indicator: str
    person: Person
    day: date
    schooljaar: Schooljaar = None  # type: ignore[assignment]  # always filled after creation
    school: str = ""
    aanleiding: str = ""
    soort: str = ""
    mas_route: str = ""
    afloop: str = ""
    home: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "schooljaar", self.schooljaar or schooljaar_of(self.day))
        object.__setattr__(self, "home", home(self.person, self.day))


def schooljaar_of(day: date) -> Schooljaar:
    """Return the schooljaar of a day."""
    return Schooljaar(day.year - (day.month < 8))


def residence(person: Person, day: date) -> Residence | None:
    """Return the residence that holds a day, of several the one that began last."""
    held = [one for one in person.residences if one.begin <= day and (one.end is None or day < one.end)]
    return max(held, key=lambda one: one.begin) if held and person.in_monitor else None


def home(person: Person, day: date) -> tuple[str, str]:
    """Return the gemeente and wijk of a day; without a residence on it, those of the first later one."""
    later = [one for one in person.residences if one.begin > day and person.in_monitor]
    found = residence(person, day) or min(later, key=lambda one: one.begin, default=None)
    return (found.gemeente, found.wijk) if found else (UNKNOWN, UNKNOWN)


def enrolment(person: Person, day: date) -> Enrolment | None:
    """Return the enrolment that holds a day, of several the one that began last."""
    held = [one for one in person.enrolments if one.begin <= day and (one.end is None or day < one.end)]
    return max(held, key=lambda one: one.begin) if held and person.in_monitor else None


def known_as_plichtig(person: Person, day: date) -> bool:
    """Return whether a person is plichtig on a day; one without a birth date is not."""
    return person.in_monitor and is_plichtig(person, day)


def is_exempt(world: World, person: Person, day: date, gronden: tuple[str, ...] = ()) -> bool:
    """Return whether a granted vrijstelling is valid on a day, of certain gronden or of any."""
    return any(
        one.person is person
        and one.besluit == "toegekend"
        and (not gronden or one.grond in gronden)
        and one.begin <= day
        and (one.end is None or day <= one.end)
        for one in world.vrijstellingen
    )
