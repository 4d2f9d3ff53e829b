"""Generates meldingen, signals and incidenten of the population, with the figures of `targets.py`.

Put here: verzuim and incidenten. Keep out: the actions of the leerplichtambtenaar (`measures.py`), and files.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from orchestration.example.people import residents_on, sample
from orchestration.example.schools import SCHOOLS, UNKNOWN_BRIN, choose
from orchestration.example.targets import FIRST, SECOND, TARGETS, Targets
from orchestration.example.world import ENSCHEDE, HENGELO, Incident, Melding, Person, Schooljaar, Signal, Version, World, is_leerplichtige

TIM_MELDINGSNUMMER = "2025900001"
TIM_VERSIONS = tuple(
    Version(datetime.fromisoformat(moment), status, "V3", reden)
    for moment, status, reden in (("2025-02-03T10:12:00", "R", ""), ("2025-02-10T09:30:00", "B", ""), ("2025-04-14T16:05:00", "G", "1"))
)
AANLEIDINGEN = ("spijbelen", "te_laat", "problematiek", "ziekte", "combinatie", "spreekuur", "")
WITH_END = ("V3", "LRV", "RMC")
NOTES = ('Ouders gebeld; zie "dossier"', "Komt later terug;\nmoeder belt morgen", "Geen gehoor", "")
LAST_CHANGE = date(2025, 8, 1)


def day_in(rng: Random, person: Person, gemeente: str | None, schooljaar: Schooljaar) -> date:
    """Return a random school day of a schooljaar on which a person lives in a gemeente."""
    while True:
        day = schooljaar.first_day + timedelta(days=rng.randrange(25, 325))
        if person.gemeente(day) == gemeente and day.weekday() < 5:
            return day


def residents(world: World, gemeente: str, schooljaar: Schooljaar, ages: tuple[int, int]) -> Iterator[Person]:
    """Yield the persons who live in a gemeente all schooljaar, have an age in a range all schooljaar, and are no special case."""
    for person in residents_on(world.persons, gemeente, schooljaar.first_day):
        if person.note or person.gemeente(schooljaar.last_day) != gemeente:
            continue
        if ages[0] <= person.age(schooljaar.first_day) and person.age(schooljaar.last_day) <= ages[1]:
            yield person


class Verzuim:
    """Adds verzuim and incidenten to a world."""

    def __init__(self, rng: Random, world: World) -> None:
        self._rng = rng
        self._world = world
        self._numbers: dict[Schooljaar, Iterator[int]] = {}
        self._signal = count(1)
        self._incident = count(1)

    def relatief(self, gemeente: str, schooljaar: Schooljaar, targets: Targets) -> None:
        """Add meldingen, so that the numbers of jongeren per soort and in total are right: some jongeren have two soorten."""
        counts = targets.soorten
        grown = self._assign(counts, ("RMC", "V4"), counts["RMC"] + counts["V4"] - targets.both_18_plus)
        young = self._assign(counts, ("V3", "O", "L", "LRV"), targets.relatief - len(grown))
        adults = sample(self._rng, residents(self._world, gemeente, schooljaar, (18, 22)), len(grown))
        children = self._children(gemeente, schooljaar, len(young), tim_at=counts["V3"] - 1)
        for person, soorten in [*zip(children, young, strict=True), *zip(adults, grown, strict=True)]:
            for soort in soorten:
                self._occasions(person, gemeente, schooljaar, soort)
        for person in sample(self._rng, residents(self._world, gemeente, schooljaar, (12, 17)), 3):
            self.melding(person, day_in(self._rng, person, gemeente, schooljaar), schooljaar, "V3", withdrawn=True)

    def absoluut(self, gemeente: str, schooljaar: Schooljaar, wanted: int) -> None:
        """Add signals of persons who are plichtig and not enrolled, and one withdrawn signal."""
        reported = {id(melding.person) for melding in self._world.meldingen}
        fitting = [p for p in residents(self._world, gemeente, schooljaar, (6, 16)) if id(p) not in reported]
        chosen = sample(self._rng, iter(fitting), wanted + 1)
        for place, person in enumerate(chosen):
            person.enrolments.clear()
            self.signal(person, day_in(self._rng, person, gemeente, schooljaar), withdrawn=place == wanted)

    def signal(self, person: Person, begin: date, *, withdrawn: bool = False) -> None:
        """Add one signal."""
        status = "ingetrokken" if withdrawn else self._rng.choice(("open", "opgelost"))
        end = begin + timedelta(days=40) if status == "opgelost" else None
        self._world.signals.append(Signal(f"S{next(self._signal):05d}", person, begin, end, status))

    def incidenten(self, gemeente: str, schooljaar: Schooljaar, wanted: int) -> None:
        """Add incidenten of random residents."""
        pool = list(residents(self._world, gemeente, schooljaar, (5, 19)))
        for _ in range(wanted):
            person = self._rng.choice(pool)
            self.incident(person, day_in(self._rng, person, gemeente, schooljaar))

    def incident(self, person: Person, day: date, contact_met: str = "") -> None:
        """Add one incident."""
        school = choose(self._rng, person.gemeente(day) or HENGELO, person.age(day))
        brin = self._rng.choices((school.brin, "", UNKNOWN_BRIN), (90, 9, 1))[0]
        contact = contact_met or self._rng.choice(("school", "school", "ouders", "jongere", "keten"))
        number = f"I{next(self._incident):06d}"
        self._world.incidents.append(Incident(number, person, day, brin, contact, self._rng.choice(AANLEIDINGEN)))

    def melding(
        self, person: Person, day: date, schooljaar: Schooljaar, soort: str, *, number: str = "", withdrawn: bool = False
    ) -> Melding:
        """Add one melding with all its versions."""
        enrolled = next((e for e in person.enrolments if e.begin <= day and (e.end is None or day < e.end)), None)
        school = enrolled or self._rng.choice(SCHOOLS)
        versions = TIM_VERSIONS if number == TIM_MELDINGSNUMMER else self._versions(day, soort, withdrawn=withdrawn)
        begin = day - timedelta(days=self._rng.randrange(3, 29))
        melding = Melding(
            nummer=number or self._number(schooljaar),
            person=person,
            day=day,
            begin=begin,
            end=day if soort in WITH_END or self._rng.random() < 0.5 else None,
            brin=school.brin,
            vestiging=school.vestiging,
            uren=self._uren(soort),
            aanleiding=self._rng.choice(AANLEIDINGEN),
            versions=versions,
            toelichting=self._rng.choice(NOTES),
        )
        self._world.meldingen.append(melding)
        return melding

    def _number(self, schooljaar: Schooljaar) -> str:
        return str(next(self._numbers.setdefault(schooljaar, count(schooljaar.begin_year * 1_000_000 + 1))))

    def unpublished(self) -> None:
        """Add verzuim outside the published gemeenten: of persons of Enschede, and of persons unknown to the monitor."""
        for schooljaar in (FIRST, SECOND):
            for soort, ages in (("V3", (12, 17)), ("O", (12, 17)), ("V4", (18, 22)), ("V3", (18, 22))):
                for person in sample(self._rng, residents(self._world, ENSCHEDE, schooljaar, ages), 3):
                    self.melding(person, day_in(self._rng, person, ENSCHEDE, schooljaar), schooljaar, soort)
            strangers = [person for person in self._world.persons if not person.in_monitor]
            for person, soort in zip(strangers, ("V3", "O", "O", "LRV"), strict=False):
                self.melding(person, day_in(self._rng, person, None, schooljaar), schooljaar, soort)
            self.incident(strangers[-1], day_in(self._rng, strangers[-1], None, schooljaar))

    def _children(self, gemeente: str, schooljaar: Schooljaar, wanted: int, tim_at: int) -> list[Person]:
        """Return the children with meldingen, special cases first, so that these get V3."""
        special = [p for p in self._world.persons if p.note == "gekoppeld" and p.gemeente(schooljaar.last_day) == gemeente][:2]
        if schooljaar == SECOND:
            movers = [p for p in self._world.persons if p.note == "verhuisd in het schooljaar" and 6 <= p.age(schooljaar.first_day) <= 16]
            special += [p for p in movers if gemeente in (p.gemeente(schooljaar.first_day), p.gemeente(schooljaar.last_day))][:3]
        chosen = special + sample(self._rng, residents(self._world, gemeente, schooljaar, (6, 17)), wanted - len(special))
        if (gemeente, schooljaar) == (HENGELO, SECOND):
            chosen[tim_at] = self._world.with_note("Tim")
        return chosen

    def _assign(self, counts: dict[str, int], order: tuple[str, ...], persons: int) -> list[list[str]]:
        """Assign soorten to persons: one each, then a second, different one to the first persons."""
        soorten = [soort for soort in order for _ in range(counts[soort])]
        assigned = [[soort] for soort in soorten[:persons]]
        for place, soort in enumerate(soorten[persons:]):
            if soort in assigned[place]:
                raise ValueError(f"the targets leave {soort} no jongere of another soort")
            assigned[place].append(soort)
        return assigned

    def _occasions(self, person: Person, gemeente: str, schooljaar: Schooljaar, soort: str) -> None:
        if person.note == "Tim":
            self.melding(person, date(2025, 2, 3), schooljaar, soort, number=TIM_MELDINGSNUMMER)
            return
        again = 2 if person.note == "gekoppeld" else self._rng.choices((1, 2, 3), (82, 13, 5))[0]
        days = [day_in(self._rng, person, gemeente, schooljaar) for _ in range(again)]
        if person.note == "gekoppeld" and schooljaar == SECOND:
            days = [date(2024, 9, 24), date(2025, 1, 21)]  # before and after the koppeling: one jongere
        for day in days:
            self.melding(person, day, schooljaar, soort)

    def _versions(self, day: date, soort: str, *, withdrawn: bool) -> tuple[Version, ...]:
        """Return the versions of a melding: registered, in progress, closed or withdrawn; sometimes the soort is corrected."""
        first = "O" if soort == "V3" and self._rng.random() < 0.02 else soort
        versions = [Version(self._moment(day, 0), "R", first), Version(self._moment(day, self._rng.randrange(2, 12)), "B", soort)]
        closed = self._moment(day, self._rng.randrange(20, 45))
        if withdrawn:
            versions.append(Version(closed, "I", soort))
        elif self._rng.random() < 0.7 and closed.date() <= LAST_CHANGE:
            versions.append(Version(closed, self._rng.choices("GK", (9, 1))[0], soort, self._rng.choice("1111234567")))
        return tuple(versions)

    def _moment(self, day: date, later: int) -> datetime:
        return datetime.combine(
            day + timedelta(days=later), time(self._rng.randrange(8, 17), self._rng.randrange(60), self._rng.randrange(60))
        )

    def _uren(self, soort: str) -> str:
        if soort in ("V3", "V4"):
            return f"{self._rng.randrange(32, 120) / 2:.1f}".replace(".", ",")
        if soort == "O":
            return f"{self._rng.choices((self._rng.randrange(2, 28), self._rng.randrange(28, 32)), (94, 6))[0] / 2:.1f}".replace(".", ",")
        return ""


def add_verzuim(rng: Random, world: World) -> None:
    """Add all verzuim and incidenten."""
    verzuim = Verzuim(rng, world)
    for (gemeente, schooljaar), targets in TARGETS.items():
        verzuim.relatief(gemeente, schooljaar, targets)
        verzuim.absoluut(gemeente, schooljaar, targets.absoluut)
        tims = (gemeente, schooljaar) == (HENGELO, SECOND)
        verzuim.incidenten(gemeente, schooljaar, targets.incidenten - tims)
    verzuim.incident(world.with_note("Tim"), date(2024, 9, 9), "ouders")
    verzuim.unpublished()
    plichtig = [
        signal.person for signal in world.signals if signal.status != "ingetrokken" and is_leerplichtige(signal.person, signal.begin)
    ]
    if len(plichtig) != sum(targets.absoluut for targets in TARGETS.values()):
        raise ValueError("a person with absoluut verzuim is not plichtig")
