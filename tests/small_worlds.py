"""Small random worlds: a few persons, each with events around the borders of the definitions, and their deliveries.

Put here: drawing persons, events and deliveries. Keep out: counting (`truth`) and comparing (`tests/property`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from leveringen import bsn, onderwijsnummer
from truth import Sources

from orchestration.example import rows
from orchestration.example.files import Row
from orchestration.example.folder import Delivery
from orchestration.example.schools import SCHOOLS
from orchestration.example.world import (
    BORNE,
    ENSCHEDE,
    HENGELO,
    Dossier,
    Enrolment,
    Geoorloofd,
    Incident,
    Interventie,
    Melding,
    Person,
    Residence,
    Signal,
    Verlofaanvraag,
    Version,
    Vrijstelling,
    World,
)

FIRST_DAY, LAST_DAY = date(2023, 8, 1), date(2026, 7, 31)
BORDERS = (
    *(date(year, month, day) for year in (2024, 2025) for month, day in ((7, 31), (8, 1), (9, 30), (10, 1), (10, 2), (12, 31))),
    *(date(2025, 1, 1), date(2026, 1, 1), date(2026, 1, 2), date(2024, 2, 29), date(2026, 7, 31)),
)
BORDER_AGES = (5, 16, 16, 17, 18, 18, 23, 27)
NEAR = (-30, -2, -1, 0, 0, 0, 1, 2, 30)
PLACES = (HENGELO, HENGELO, HENGELO, BORNE, BORNE, ENSCHEDE)
ONDERWIJSSOORTEN = ("BO", "SBO", "SO", "VSO", "VO", "PRO", "MBO")
SOORTEN = ("V1", "V2", "V3", "V3", "V4", "RMC", "L", "L", "LRV", "LRV", "LRV", "O")
UREN = ("", "13,99", "14", "15,99", "16", "16,5", "20")
AANLEIDINGEN = ("", "", "spijbelen", "te_laat", "ziekte", "spreekuur")
INTERVENTIES = ("halt", "halt", "proces_verbaal", "proces_verbaal", "spreekuur", "thuiszitterstafel", "waarschuwing")
AFLOPEN = ("", "geslaagd", "retour", "sepot", "taakstraf", "loopt", "naar tevredenheid")
BESLUITEN = ("toegekend", "toegekend", "toegekend", "afgewezen", "ingetrokken", "in_behandeling")
GRONDEN = ("5a", "5b", "5c", "15", "3a", "3b")
# the last register knows the months to come
EARLY, LATE, LAST = "2024-10-05T06:00:00+02:00", "2025-09-20T06:00:00+02:00", "2026-08-04T06:00:00+02:00"
REGISTERS = ((LATE,), (EARLY, LATE), (EARLY, LAST))
DUO = ("2024-03-01T02:00:00+01:00", "2024-09-02T02:00:00+02:00", "2025-03-03T02:00:00+01:00", "2025-11-03T02:00:00+01:00")
# the last delivery of DUO may be before the end of the schooljaar, and in the last hour of a day elsewhere
LAST_OF_DUO = ("2026-03-31T23:30:00+00:00", "2026-07-15T22:30:00+00:00", "2026-08-05T02:00:00+02:00")
CAREL = ("2025-09-01T01:00:00+02:00", "2026-02-03T01:00:00+01:00", "2026-08-06T01:00:00+02:00")
ISO = {"encoding": "utf-8", "date_format": "%Y-%m-%d"}
OPTIONAL = ("meldingdossier", "verlofaanvraag", "thuiszitter_geoorloofd")


@dataclass
class SmallWorld:
    """A world and how it is delivered.

    Args:
        world: The records.
        monitor: The moments of the monitor's registers; the last one has everything.
        duo: The moments of DUO's deliveries.
        carel: The moment of Carel's register.
        carried: By number and place of a version: in which of DUO's deliveries it comes.
        left_out: The entiteiten that nobody delivers.
        silent: Which of DUO's deliveries have no signals.
        doubles: Old rows of jongeren under a replaced number, that do not count.
    """

    world: World
    monitor: Sequence[str]
    duo: Sequence[str]
    carel: str
    carried: dict[tuple[str, int], int] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    doubles: list[Row] = field(default_factory=list)

    @property
    def sources(self) -> Sources:
        """What was delivered when."""
        spoken = [moment for place, moment in enumerate(self.duo) if place not in self.silent]
        carel = dict.fromkeys({"incident", "interventie", "vrijstelling", *OPTIONAL} - self.left_out, (self.carel,))
        known = {"monitor": self.monitor, "verzuimmelding": self.duo, "absoluut_verzuim": spoken, **carel}
        return Sources({entiteit: [datetime.fromisoformat(moment) for moment in moments] for entiteit, moments in known.items()})

    def write(self, landing: Path) -> None:
        """Write the deliveries."""
        for place, moment in enumerate(self.monitor):
            day = LAST_DAY if moment == self.monitor[-1] else datetime.fromisoformat(moment).date()
            self._monitor(day, Delivery(landing, "monitor", f"m{place}", moment, "volledig"))
        for place, moment in enumerate(self.duo):
            self._duo(place, Delivery(landing, "duo", f"d{place}", moment, "mutatie"))
        self._carel(Delivery(landing, "carel", "c0", self.carel, "volledig"))

    def _monitor(self, day: date, delivery: Delivery) -> None:
        known = [person for person in self.world.persons if person.in_monitor and person.birth <= day]
        entiteiten: dict[str, list[Row]] = {
            "jongere": [*(rows.jongere(person, day) for person in known), *(self.doubles if day == LAST_DAY else ())],
            "woonperiode": [row for person in known for row in rows.woonperioden(person, day)],
            "inschrijving": [row for person in known for row in rows.inschrijvingen(person, day)],
            "bsn_wijziging": [row for person in self.world.persons for row in rows.bsn_wijzigingen(person, day)],
        }
        _write(delivery, entiteiten)

    def _duo(self, place: int, delivery: Delivery) -> None:
        meldingen = [
            rows.melding(melding, version)
            for melding in self.world.meldingen
            for version in range(len(melding.versions))
            if self.carried[melding.nummer, version] == place
        ]
        signals = [rows.signal(signal) for signal in self.world.signals if self.carried[signal.nummer, 0] == place]
        coupled = [rows.koppeling(person) for person in self.world.persons if place == len(self.duo) - 1 and person.coupled]
        entiteiten = {"verzuimmelding": meldingen, "koppeling": coupled}
        _write(delivery, entiteiten if place in self.silent else entiteiten | {"absoluut_verzuim": signals})

    def _carel(self, delivery: Delivery) -> None:
        world = self.world
        entiteiten: dict[str, list[Row]] = {
            "incident": [rows.incident(one, one.day) for one in world.incidents],
            "interventie": [rows.interventie(one, one.day) for one in world.interventies],
            "vrijstelling": [rows.vrijstelling(one, one.begin) for one in world.vrijstellingen],
            "meldingdossier": [rows.dossier(one) for one in world.dossiers],
            "verlofaanvraag": [rows.verlofaanvraag(one, one.day) for one in world.verlofaanvragen],
            "thuiszitter_geoorloofd": [rows.geoorloofd(one, one.begin) for one in world.geoorloofd],
        }
        _write(delivery, {entiteit: found for entiteit, found in entiteiten.items() if entiteit not in self.left_out}, "%d-%m-%Y")


def _write(delivery: Delivery, entiteiten: dict[str, list[Row]], date_format: str = "%Y-%m-%d") -> None:
    for entiteit, found in entiteiten.items():
        delivery.csv(entiteit, encoding="utf-8", date_format=date_format).extend(found)
    delivery.close()


class Drawing:
    """Draws a world.

    Args:
        seed: Of the random numbers.
        persons: How many persons there are.
    """

    def __init__(self, seed: int, persons: int = 40) -> None:
        self._rng = Random(seed)
        self.made = SmallWorld(
            World(),
            self._one(REGISTERS),
            (*DUO, self._one(LAST_OF_DUO)),
            self._one(CAREL),
            left_out={one for one in OPTIONAL if self._may(0.3)},
        )
        self.made.silent = {place for place in range(1, len(self.made.duo)) if self._may(0.2)}
        self._number = 0
        for place in range(persons):
            self._person(place)
        if "meldingdossier" in self.made.left_out:
            self.made.world.dossiers.clear()
        if "verlofaanvraag" in self.made.left_out:
            self.made.world.verlofaanvragen.clear()
        if "thuiszitter_geoorloofd" in self.made.left_out:
            self.made.world.geoorloofd.clear()

    def _one(self, choices: Sequence[Any]) -> Any:
        return self._rng.choice(choices)

    def _may(self, chance: float) -> bool:
        return self._rng.random() < chance

    def _next(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number:05d}"

    def _any_day(self) -> date:
        return FIRST_DAY + timedelta(days=self._rng.randrange((LAST_DAY - FIRST_DAY).days + 1))

    def _near(self, day: date) -> date:
        return min(max(day + timedelta(days=self._one(NEAR)), FIRST_DAY), LAST_DAY)

    def _person(self, place: int) -> None:
        """Add a person who lives through something on a day that is a border, and what happens around it."""
        focus = self._one(BORDERS) if self._may(0.7) else self._any_day()
        birth = self._near(focus)
        birth = _years_before(birth, self._one(BORDER_AGES)) if self._may(0.9) else date(2008, 2, 29)
        person = Person(bsn(21_000_000 + place * 10), "", birth, self._one("MVX"), in_monitor=self._may(0.9))
        self._identify(person, place)
        for name in ("startkwalificatie", "einde_kwalificatieplicht", "overlijden"):
            if self._may(0.15):
                setattr(person, name, self._near(focus))
        person.residences = list(self._residences(focus))
        person.enrolments = list(self._enrolments(focus))
        self.made.world.persons.append(person)
        self._verzuim(person, focus)
        self._measures(person, focus)

    def _identify(self, person: Person, place: int) -> None:
        """Give a person another number, or an incomplete birth date."""
        kind = self._rng.random()
        if kind < 0.15:
            person.onderwijsnummer, person.coupled = onderwijsnummer(place * 10), self._any_day()
        elif kind < 0.35:
            days = sorted({self._any_day() for _ in range(self._rng.randrange(1, 3))})
            person.earlier_bsns = tuple((bsn(31_000_000 + place * 100 + number * 10), day) for number, day in enumerate(days))
            if person.in_monitor and self._may(0.5):
                old = {"bsn": person.earlier_bsns[0][0], "onderwijsnummer": "", "geboortedatum": date(2000, 1, 1), "geslacht": "X"}
                self.made.doubles.append(old)
        elif kind < 0.45:
            person.birth = person.birth.replace(day=15)
            person.written_birth = f"{person.birth:%Y-%m}-00"
        elif kind < 0.5:
            person.birth = date(person.birth.year, 7, 1)
            person.written_birth = f"{person.birth.year}-00-00"

    def _periods(self, focus: date, most: int) -> Iterator[tuple[date, date | None]]:
        """Yield periods with gaps and overlaps, each with another first day."""
        around = (date(2020, 1, 1), FIRST_DAY, self._near(focus), self._near(focus), self._any_day(), self._any_day())
        begins = sorted({self._one(around) for _ in range(self._rng.randrange(most + 1))})
        for begin, following in pairwise([*begins, LAST_DAY]):
            ends = (following, following, following, following - timedelta(days=1), following + timedelta(days=40), self._near(focus), None)
            end = self._one(ends)
            yield begin, end if end and end > begin else None

    def _residences(self, focus: date) -> Iterator[Residence]:
        for begin, end in self._periods(focus, 3):
            place = self._one(PLACES)
            yield Residence(place, f"{place}0{self._rng.randrange(3)}", begin, end or self._one((None, date.max)))

    def _enrolments(self, focus: date) -> Iterator[Enrolment]:
        for begin, end in self._periods(focus, 2):
            school = self._one(SCHOOLS)
            yield Enrolment(school.brin, school.vestiging, self._one(ONDERWIJSSOORTEN), "1", begin, end)

    def _verzuim(self, person: Person, focus: date) -> None:
        for _ in range(self._rng.randrange(4)):
            self._melding(person, self._near(focus) if self._may(0.7) else self._any_day())
        if self._may(0.4):
            self._signal(person, self._near(focus) if self._may(0.5) else self._any_day())

    def _melding(self, person: Person, day: date) -> None:
        """Add a melding; its versions come late, out of order, and sometimes two at the same moment."""
        number, school, soort = self._next("2"), self._one(SCHOOLS), self._one(SOORTEN)
        versions: list[Version] = []
        for moment in self._moments(day):
            at_once = [self.made.carried[number, place] for place, one in enumerate(versions) if one.moment == moment]
            carriers = [place for place in self._after(max(day, moment.date())) if place > max(at_once, default=-1)]
            if carriers:
                self.made.carried[number, len(versions)] = self._one(carriers)
                status = self._one("RBGGGKKDI" if self._may(0.6) else "RBGK")
                reden = self._one("1112347") if status == "G" else ""
                versions.append(Version(moment, status, self._one(SOORTEN) if self._may(0.1) else soort, reden))
        if not versions:
            return
        begin = day - timedelta(days=self._rng.randrange(30))
        melding = Melding(
            number, person, day, begin, self._one((None, day)), school.brin, school.vestiging, self._one(UREN), self._one(AANLEIDINGEN), tuple(versions)
        )  # fmt: skip
        self.made.world.meldingen.append(melding)
        if self._may(0.5):
            self.made.world.dossiers.append(Dossier(number, self._one(AANLEIDINGEN), self._one(("", "gezien", "actie_loopt"))))

    def _moments(self, day: date) -> list[datetime]:
        """Return the moments of changes in order, also before the day of the melding, and some twice."""
        days = [
            self._one((day, self._near(day), self._near(self._one(BORDERS)), self._any_day())) for _ in range(self._rng.randrange(1, 6))
        ]
        found = sorted(datetime.combine(one, time(12, self._rng.randrange(2))) for one in days)
        return sorted(self._one((moment, before)) for before, moment in pairwise([found[0], *found]))

    def _after(self, day: date) -> list[int]:
        """Return the deliveries of DUO after a day."""
        return [place for place, moment in enumerate(self.made.duo) if datetime.fromisoformat(moment).date() > day]

    def _signal(self, person: Person, begin: date) -> None:
        ends = (
            None,
            None,
            begin,
            _months_after(begin),
            _months_after(begin) + timedelta(days=1),
            begin + timedelta(days=200),
            self._any_day(),
        )
        end, status = self._one(ends), self._one(("open", "opgelost", "opgelost", "ingetrokken"))
        signal = Signal(self._next("S"), person, begin, end if end and end >= begin else None, status)
        told = [place for place in self._after(begin) if place not in self.made.silent]
        if told:
            self.made.carried[signal.nummer, 0] = self._one(told)
            self.made.world.signals.append(signal)

    def _measures(self, person: Person, focus: date) -> None:
        world = self.made.world
        named = [melding.nummer for melding in world.meldingen if melding.person is person]
        for _ in range(self._rng.randrange(3)):
            soort = self._one(INTERVENTIES)
            verzuim = self._one(("relatief", "absoluut", "luxe")) if soort == "proces_verbaal" else ""
            to = self._one([*named, "", "1999000001"])
            route = self._one(("", "1", "2", "4"))
            world.interventies.append(Interventie(self._next("N"), person, self._day(focus), soort, verzuim, route, to, self._one(AFLOPEN)))
        for _ in range(self._rng.randrange(3) if self._may(0.5) else 0):
            begin = self._one((self._day(focus), date(2022, 9, 1) if self._may(0.1) else FIRST_DAY))
            ends = (None, None, begin, self._day(focus), date(2025, 9, 30), date(2025, 10, 1), begin + timedelta(days=364))
            end = self._one(ends)
            about = self._one(GRONDEN), self._one(("nieuw", "verlenging")), self._one(BESLUITEN)
            world.vrijstellingen.append(Vrijstelling(self._next("V"), person, *about, begin, end if end and end >= begin else None))
        if self._may(0.2):
            world.incidents.append(
                Incident(self._next("I"), person, self._day(focus), self._one(("", "09TB")), "school", self._one(AANLEIDINGEN))
            )
        if self._may(0.3):
            day = self._day(focus)
            leave = day, day + timedelta(days=20), self._one(("vakantie", "overig")), self._one(BESLUITEN)
            world.verlofaanvragen.append(Verlofaanvraag(self._next("L"), person, day, *leave))
        if self._may(0.3):
            begin = self._day(focus)
            end = self._one((None, begin, date(2024, 7, 31), date(2024, 8, 1), date(2025, 8, 1), self._any_day()))
            world.geoorloofd.append(Geoorloofd(self._next("G"), person, begin, end if end and end >= begin else None))

    def _day(self, focus: date) -> date:
        return self._near(focus) if self._may(0.6) else self._any_day()


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _months_after(day: date) -> date:
    """Return a day that is three months later, or just beside it where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month + 2, 12)
    return date(year, month + 1, min(day.day, 28))
