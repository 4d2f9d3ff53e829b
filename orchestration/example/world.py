"""The record types of the example: persons and everything about them.

Put here: the fields of a person, a residence, a melding. Keep out: generating them (`people.py`, `events.py`) and delivering them
(`deliveries.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

HENGELO, BORNE, ENSCHEDE = "0164", "0147", "0153"


@dataclass(frozen=True)
class Schooljaar:
    """A schooljaar, by the calendar year in which it begins."""

    begin_year: int

    @property
    def name(self) -> str:
        """For example `2024-2025`."""
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
    """A gemeente and wijk where a person lives, from `begin` until the day before `end`."""

    gemeente: str
    wijk: str
    begin: date
    end: date | None = None


@dataclass(frozen=True)
class Enrolment:
    """An enrolment in a school, from `begin` until the day before `end`."""

    brin: str
    vestiging: str
    onderwijssoort: str
    leerjaar: str
    begin: date
    end: date | None = None


@dataclass
class Person:
    """A fictitious person.

    Args:
        bsn: Nine digits; empty if none.
        onderwijsnummer: Nine digits; empty if none.
        coupled: The day from which the sources know the BSN of a person with an onderwijsnummer.
        earlier_bsns: BSNs that were replaced, in order, each with the day from which the sources know the next one.
        written_birth: The birth date as the monitor writes it, if incomplete; `birth` is the day that it is read as.
        in_monitor: Whether the monitor has the person.
        note: The special case that the person demonstrates; empty for most.
    """

    bsn: str
    onderwijsnummer: str
    birth: date
    geslacht: str
    startkwalificatie: date | None = None
    einde_kwalificatieplicht: date | None = None
    overlijden: date | None = None
    residences: list[Residence] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    coupled: date | None = None
    earlier_bsns: tuple[tuple[str, date], ...] = ()
    written_birth: str = ""
    in_monitor: bool = True
    note: str = ""

    def numbers(self, day: date) -> tuple[str, str]:
        """Return BSN and onderwijsnummer as known to the sources on a day; one of them is empty."""
        if self.onderwijsnummer and (self.coupled is None or day < self.coupled):
            return "", self.onderwijsnummer
        return next((bsn for bsn, replaced in self.earlier_bsns if day < replaced), self.bsn), ""

    def is_alive(self, day: date) -> bool:
        """Return whether the person has not died on or before a day."""
        return self.overlijden is None or day < self.overlijden

    def gemeente(self, day: date) -> str | None:
        """Return where the person lives on a day; None if unknown."""
        homes = [home for home in self.residences if home.begin <= day and (home.end is None or day < home.end)]
        return max(homes, key=lambda home: home.begin).gemeente if homes else None

    def age(self, day: date) -> int:
        """Return the age in whole years on a day."""
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True)
class Version:
    """A version of a melding, valid from a moment on."""

    moment: datetime
    status: str
    soort: str
    reden: str = ""


@dataclass(frozen=True)
class Melding:
    """A melding of relatief verzuim; its last version is the current one."""

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
        """Whether it is not withdrawn."""
        return self.versions[-1].status != "I"

    @property
    def soort(self) -> str:
        """DUO's code of the last version."""
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
    """A contact outside any melding."""

    nummer: str
    person: Person
    day: date
    brin: str
    contact_met: str
    aanleiding: str


@dataclass(frozen=True)
class Interventie:
    """An action of a leerplichtambtenaar."""

    nummer: str
    person: Person
    day: date
    soort: str
    verzuimsoort: str = ""
    mas_route: str = ""
    meldingsnummer: str = ""
    afloop: str = ""


@dataclass(frozen=True)
class Vrijstelling:
    """A vrijstelling, requested or granted."""

    nummer: str
    person: Person
    grond: str
    aard: str
    besluit: str
    begin: date
    end: date | None


@dataclass(frozen=True)
class Dossier:
    """What the leerplichtambtenaar notes at a melding."""

    meldingsnummer: str
    aanleiding: str
    afsluiting: str


@dataclass(frozen=True)
class Verlofaanvraag:
    """A request for leave."""

    nummer: str
    person: Person
    day: date
    begin: date
    end: date
    soort: str
    besluit: str


@dataclass(frozen=True)
class Geoorloofd:
    """A long absence with a valid reason; `end` is its last day."""

    nummer: str
    person: Person
    begin: date
    end: date | None


@dataclass
class World:
    """All records of the example."""

    persons: list[Person] = field(default_factory=list)
    meldingen: list[Melding] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    interventies: list[Interventie] = field(default_factory=list)
    vrijstellingen: list[Vrijstelling] = field(default_factory=list)
    dossiers: list[Dossier] = field(default_factory=list)
    verlofaanvragen: list[Verlofaanvraag] = field(default_factory=list)
    geoorloofd: list[Geoorloofd] = field(default_factory=list)

    @property
    def identifiers(self) -> set[str]:
        """All BSNs and onderwijsnummers, replaced ones too."""
        replaced = {bsn for person in self.persons for bsn, _ in person.earlier_bsns}
        return replaced | {number for person in self.persons for number in (person.bsn, person.onderwijsnummer) if number}

    def with_note(self, note: str) -> Person:
        """Return the first person with a note."""
        return next(person for person in self.persons if person.note == note)


def is_plichtig(person: Person, day: date) -> bool:
    """Return whether a person is leerplichtig or kwalificatieplichtig on a day by age, independently of the dbt models."""
    fifth = _birthday(person.birth, 5)
    begin = date(fifth.year + fifth.month // 12, fifth.month % 12 + 1, 1)
    sixteenth = _birthday(person.birth, 16)
    last_day = date(sixteenth.year + (sixteenth.month >= 8), 7, 31)
    if day <= last_day:
        return begin <= day
    ended = (person.startkwalificatie, person.einde_kwalificatieplicht)
    return day < _birthday(person.birth, 18) and not any(end and end <= day for end in ended)


def is_leerplichtige(person: Person, day: date) -> bool:
    """Return whether a person is plichtig and alive on a day."""
    return is_plichtig(person, day) and person.is_alive(day)


def count_plichtigen(persons: Iterable[Person], gemeente: str, day: date) -> int:
    """Return the number of persons of a gemeente who are plichtig and alive on a day."""
    return sum(person.gemeente(day) == gemeente and is_leerplichtige(person, day) for person in persons)


def _birthday(birth: date, years: int) -> date:
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)
