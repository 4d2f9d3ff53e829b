"""The words of the example's truth: people and what happens to them, as plain records.

Put here: what a person, a residence, a melding is in the example. Keep out: how they are made (`people.py`, `events.py`) and how they
reach the pipeline (`deliveries.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

HENGELO, BORNE, ENSCHEDE = "0164", "0147", "0153"


@dataclass(frozen=True)
class Schooljaar:
    """A school year by the calendar year in which it begins."""

    begin_year: int

    @property
    def name(self) -> str:
        """As it is written: `2024-2025`."""
        return f"{self.begin_year}-{self.begin_year + 1}"

    @property
    def first_day(self) -> date:
        """1 August."""
        return date(self.begin_year, 8, 1)

    @property
    def last_day(self) -> date:
        """31 July."""
        return date(self.begin_year + 1, 7, 31)

    @property
    def peildatum(self) -> date:
        """1 October."""
        return date(self.begin_year, 10, 1)


@dataclass(frozen=True)
class Residence:
    """Where a person lives, from the first day until the first day that it no longer holds."""

    gemeente: str
    wijk: str
    begin: date
    end: date | None = None


@dataclass(frozen=True)
class Enrolment:
    """A school, from the first day until the first day that it no longer holds."""

    brin: str
    vestiging: str
    onderwijssoort: str
    leerjaar: str
    begin: date
    end: date | None = None


@dataclass
class Person:
    """Somebody fictitious.

    Args:
        bsn: Nine digits; empty for who has none.
        onderwijsnummer: Nine digits; empty for who never had one.
        coupled: The day from which the BSN is known to the sources, of who had an onderwijsnummer first.
        in_monitor: Whether the monitor knows the person.
        note: What the person shows, for who reads the example; empty for most.
    """

    bsn: str
    onderwijsnummer: str
    birth: date
    geslacht: str
    startkwalificatie: date | None = None
    overlijden: date | None = None
    residences: list[Residence] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    coupled: date | None = None
    in_monitor: bool = True
    note: str = ""

    def numbers(self, day: date) -> tuple[str, str]:
        """BSN and onderwijsnummer as a source that writes on a day knows them; one of the two is empty."""
        if self.onderwijsnummer and (self.coupled is None or day < self.coupled):
            return "", self.onderwijsnummer
        return self.bsn, ""

    def gemeente(self, day: date) -> str | None:
        """Where the person lives on a day; None when nowhere known."""
        held = [home for home in self.residences if home.begin <= day and (home.end is None or day < home.end)]
        return max(held, key=lambda home: home.begin).gemeente if held else None

    def age(self, day: date) -> int:
        """Whole years on a day."""
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True)
class Version:
    """A melding as it was from a moment on."""

    moment: datetime
    status: str
    soort: str
    reden: str = ""


@dataclass(frozen=True)
class Melding:
    """A melding of relatief verzuim; its last version counts."""

    nummer: str
    person: Person
    day: date
    begin: date
    end: date | None
    brin: str
    vestiging: str
    uren: str
    aanleiding: str
    versions: tuple[Version, ...]
    toelichting: str = ""

    @property
    def counts(self) -> bool:
        """Whether it was not withdrawn."""
        return self.versions[-1].status != "I"

    @property
    def soort(self) -> str:
        """DUO's code, after all corrections."""
        return self.versions[-1].soort


@dataclass(frozen=True)
class Signal:
    """A signal of absoluut verzuim."""

    nummer: str
    person: Person
    begin: date
    end: date | None
    status: str


@dataclass(frozen=True)
class Incident:
    """A contact that no melding captures."""

    nummer: str
    person: Person
    day: date
    brin: str
    contact_met: str
    aanleiding: str


@dataclass(frozen=True)
class Interventie:
    """What a leerplichtambtenaar does."""

    nummer: str
    person: Person
    day: date
    soort: str
    verzuimsoort: str = ""
    mas_route: str = ""
    meldingsnummer: str = ""


@dataclass(frozen=True)
class Vrijstelling:
    """A vrijstelling, asked for or given."""

    nummer: str
    person: Person
    grond: str
    aard: str
    besluit: str
    begin: date
    end: date | None


@dataclass
class World:
    """Everything that is true in the example."""

    persons: list[Person] = field(default_factory=list)
    meldingen: list[Melding] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    interventies: list[Interventie] = field(default_factory=list)
    vrijstellingen: list[Vrijstelling] = field(default_factory=list)

    @property
    def identifiers(self) -> set[str]:
        """Every BSN and onderwijsnummer."""
        return {number for person in self.persons for number in (person.bsn, person.onderwijsnummer) if number}

    def noted(self, note: str) -> Person:
        """The person who shows something."""
        return next(person for person in self.persons if person.note == note)


def is_plichtig(person: Person, day: date) -> bool:
    """Whether a person is leerplichtig or kwalificatieplichtig on a day: the example's own reading of the law."""
    fifth = _birthday(person.birth, 5)
    begin = date(fifth.year + fifth.month // 12, fifth.month % 12 + 1, 1)
    sixteenth = _birthday(person.birth, 16)
    last_day = date(sixteenth.year + (sixteenth.month >= 8), 7, 31)
    if day < begin or (person.overlijden and person.overlijden <= day):
        return False
    if day <= last_day:
        return True
    return day < _birthday(person.birth, 18) and not (person.startkwalificatie and person.startkwalificatie <= day)


def count_plichtigen(persons: Iterable[Person], gemeente: str, day: date) -> int:
    """How many persons of a gemeente are plichtig on a day."""
    return sum(person.gemeente(day) == gemeente and is_plichtig(person, day) for person in persons)


def _birthday(birth: date, years: int) -> date:
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)
