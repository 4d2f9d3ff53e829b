"""Interventies and vrijstellingen of the leerplichtambtenaar, with the figures of `targets.py`.

Put here: the measures in Carel. Keep out: verzuim (`events.py`), and files.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from random import Random

from orchestration.example.events import TIM_MELDINGSNUMMER, day_in, residents
from orchestration.example.people import sample
from orchestration.example.targets import FIRST, SECOND, TARGETS, Targets
from orchestration.example.world import HENGELO, Interventie, Melding, Person, Schooljaar, Vrijstelling, World

FOLLOW_UPS = (("verzuimgesprek", 55), ("waarschuwing", 25), ("mdo", 8), ("jeugdhulp", 6), ("doorstroompunt", 4), ("civielrechtelijk", 2))
MAS_ROUTES = {"jeugdhulp": "1", "halt": "2", "civielrechtelijk": "3", "proces_verbaal": "4"}
YEARLY = ("5b", "5c")  # requested again each schooljaar
ONE_MORE_YEAR = timedelta(days=364)


class Measures:
    """Adds interventies and vrijstellingen to a world with verzuim."""

    def __init__(self, rng: Random, world: World) -> None:
        self._rng = rng
        self._world = world
        self._interventie = count(1)
        self._vrijstelling = count(1)

    def interventie(self, person: Person, day: date, soort: str, verzuimsoort: str = "", meldingsnummer: str = "") -> None:
        """Add one interventie."""
        number, route = f"N{next(self._interventie):06d}", MAS_ROUTES.get(soort, "")
        self._world.interventies.append(Interventie(number, person, day, soort, verzuimsoort, route, meldingsnummer))

    def juridisch(self, gemeente: str, schooljaar: Schooljaar, targets: Targets) -> None:
        """Add processen-verbaal and Halt, if possible of persons with the verzuim."""
        relatief = self._meldingen(gemeente, schooljaar, lambda m: m.soort == "V3" and m.person.age(m.day) >= 12)
        luxe = self._meldingen(gemeente, schooljaar, lambda m: m.soort == "L")
        for melding in self._rng.sample(relatief, targets.proces_verbaal["relatief"]):
            self.interventie(melding.person, self.after(melding, gemeente), "proces_verbaal", "relatief", melding.nummer)
        for place in range(targets.proces_verbaal["luxe"]):
            # without a melding of luxe verzuim it gets a warning, and is counted
            person = luxe[place].person if place < len(luxe) else self._sample(gemeente, schooljaar, (12, 17), 1)[0]
            day = self.after(luxe[place], gemeente) if place < len(luxe) else day_in(self._rng, person, gemeente, schooljaar)
            self.interventie(person, day, "proces_verbaal", "luxe", luxe[place].nummer if place < len(luxe) else "")
        signals = [s for s in self._world.signals if s.person.gemeente(s.begin) == gemeente and s.status != "ingetrokken"]
        for signal in [s for s in signals if schooljaar.first_day <= s.begin <= schooljaar.last_day][: targets.proces_verbaal["absoluut"]]:
            self.interventie(signal.person, signal.begin, "proces_verbaal", "absoluut")
        young = [m for m in relatief if m.person.age(schooljaar.last_day) <= 17]
        for melding in self._rng.sample(young, targets.halt):
            self.interventie(melding.person, self.after(melding, gemeente), "halt", "relatief", melding.nummer)

    def thuiszitterstafel(self, gemeente: str, schooljaar: Schooljaar, wanted: int) -> None:
        """Add registrations, mostly of persons with langdurig verzuim; one person twice."""
        long = {id(m.person): m for m in self._meldingen(gemeente, schooljaar, lambda m: m.soort == "LRV")}
        chosen = sorted(long.values(), key=lambda m: m.nummer)[:wanted]
        for melding in chosen:
            self.interventie(melding.person, self.after(melding, gemeente), "thuiszitterstafel", "", melding.nummer)
        rest = self._sample(gemeente, schooljaar, (8, 15), wanted - len(chosen))
        for person in rest:
            self.interventie(person, day_in(self._rng, person, gemeente, schooljaar), "thuiszitterstafel")
        self.interventie(chosen[0].person, self.after(chosen[0], gemeente), "thuiszitterstafel")

    def care(self, gemeente: str, schooljaar: Schooljaar) -> None:
        """Add follow-ups of meldingen, and the preventive spreekuur."""
        for melding in self._meldingen(gemeente, schooljaar, lambda _: True):
            self.follow_up(melding, gemeente)
        for person in self._sample(gemeente, schooljaar, (11, 17), 40 if gemeente == HENGELO else 12):
            self.interventie(person, day_in(self._rng, person, gemeente, schooljaar), "spreekuur")

    def follow_up(self, melding: Melding, gemeente: str) -> None:
        """Add a follow-up to most meldingen."""
        if self._rng.random() < 0.6:
            soort = self._rng.choices([name for name, _ in FOLLOW_UPS], [weight for _, weight in FOLLOW_UPS])[0]
            named = melding.nummer if self._rng.random() < 0.8 else ""
            self.interventie(melding.person, self.after(melding, gemeente), soort, "relatief", named)

    def vrijstellingen(self, gemeente: str, schooljaar: Schooljaar, targets: Targets) -> None:
        """Add the granted vrijstellingen, and some that are rejected, pending or withdrawn."""
        wanted = [(grond, "toegekend") for grond, count in targets.vrijstellingen.items() for _ in range(count)]
        wanted += [("5a", "afgewezen"), ("5b", "in_behandeling"), ("5b", "ingetrokken"), ("15", "afgewezen"), ("3a", "toegekend")]
        wanted += [("3b", "toegekend")] if gemeente == HENGELO else []
        persons = self._sample(gemeente, schooljaar, (6, 15), len(wanted))
        older = self._sample(gemeente, schooljaar, (16, 17), len(wanted))
        for place, (grond, besluit) in enumerate(wanted):
            person = older[place] if grond in ("15", "3b") else persons[place]
            begin = schooljaar.first_day if grond in YEARLY else day_in(self._rng, person, gemeente, schooljaar)
            self.vrijstelling(person, begin, schooljaar, grond, besluit)

    def vrijstelling(self, person: Person, begin: date, schooljaar: Schooljaar, grond: str, besluit: str) -> None:
        """Add one vrijstelling."""
        end = begin + ONE_MORE_YEAR if grond in YEARLY else schooljaar.last_day
        aard = "verlenging" if grond in YEARLY and self._rng.random() < 0.6 else "nieuw"
        number = f"V{next(self._vrijstelling):05d}"
        self._world.vrijstellingen.append(Vrijstelling(number, person, grond, aard, besluit, begin, end))

    def tim(self) -> None:
        """Add the case of the report: a spreekuur, then a melding, a verzuimgesprek and a waarschuwing."""
        tim = self._world.with_note("Tim")
        self.interventie(tim, date(2023, 11, 14), "spreekuur")
        self.interventie(tim, date(2025, 2, 12), "verzuimgesprek", "relatief", TIM_MELDINGSNUMMER)
        self.interventie(tim, date(2025, 3, 4), "waarschuwing", "relatief")

    def unknown_references(self) -> None:
        """Add interventies with an unknown meldingsnummer, and one of a person unknown to the monitor."""
        for person in self._sample(HENGELO, SECOND, (13, 17), 2):
            self.interventie(person, day_in(self._rng, person, HENGELO, SECOND), "verzuimgesprek", "relatief", "1999000001")
        stranger = next(person for person in self._world.persons if not person.in_monitor)
        self.interventie(stranger, day_in(self._rng, stranger, None, FIRST), "verzuimgesprek")

    def _sample(self, gemeente: str, schooljaar: Schooljaar, ages: tuple[int, int], wanted: int) -> list[Person]:
        absent = {id(signal.person) for signal in self._world.signals}
        fitting: Iterator[Person] = (p for p in residents(self._world, gemeente, schooljaar, ages) if id(p) not in absent)
        return sample(self._rng, fitting, wanted)

    def _meldingen(self, gemeente: str, schooljaar: Schooljaar, fits: Callable[[Melding], bool]) -> list[Melding]:
        return [
            melding
            for melding in self._world.meldingen
            if melding.counts
            and melding.nummer != TIM_MELDINGSNUMMER  # see `tim`
            and schooljaar.first_day <= melding.day <= schooljaar.last_day
            and melding.person.gemeente(melding.day) == gemeente
            and fits(melding)
        ]

    def after(self, melding: Melding, gemeente: str) -> date:
        """Return a day after a melding, in the same schooljaar and gemeente; otherwise the day of the melding."""
        day = melding.day + timedelta(days=self._rng.randrange(1, 36))
        last_day = date(melding.day.year + (melding.day.month >= 8), 7, 31)
        return day if day <= last_day and melding.person.gemeente(day) == gemeente else melding.day


def add_measures(rng: Random, world: World) -> None:
    """Add all interventies and vrijstellingen."""
    measures = Measures(rng, world)
    for (gemeente, schooljaar), targets in TARGETS.items():
        measures.juridisch(gemeente, schooljaar, targets)
        measures.thuiszitterstafel(gemeente, schooljaar, targets.thuiszitterstafel)
        measures.care(gemeente, schooljaar)
        measures.vrijstellingen(gemeente, schooljaar, targets)
    measures.tim()
    measures.unknown_references()
