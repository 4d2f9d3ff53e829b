"""Verzuim and measures of one person in each schooljaar, with the rates of the small example.

Put here: the probabilities. Keep out: creating a melding or a measure (`example.events`, `example.measures`).
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from orchestration.example.events import Verzuim
from orchestration.example.measures import Measures
from orchestration.example.people import ADULT_COUNTS
from orchestration.example.targets import TARGETS, Targets
from orchestration.example.world import Melding, Person, Schooljaar, World, is_leerplichtige

BESLUITEN = (("toegekend", 80), ("afgewezen", 8), ("in_behandeling", 8), ("ingetrokken", 4))


def rate(count: Callable[[Targets], int], of: float | None = None) -> float:
    """Return the rate of an event in the small example, per leerplichtige and year or per another total."""
    return sum(map(count, TARGETS.values())) / (of or sum(targets.leerplichtigen for targets in TARGETS.values()))


ADULTS = 2 * sum(ADULT_COUNTS.values())
YOUNG = {soort: rate(lambda t, s=soort: t.soorten[s]) for soort in ("V3", "O", "L", "LRV")}  # type: ignore[misc]
GROWN = {soort: rate(lambda t, s=soort: t.soorten[s], ADULTS) for soort in ("V4", "RMC")}  # type: ignore[misc]
ABSOLUUT = rate(lambda t: t.absoluut)
INCIDENTEN = rate(lambda t: t.incidenten)
THUISZITTERSTAFEL = rate(lambda t: t.thuiszitterstafel)
SPREEKUUR = 0.004
VRIJSTELLINGEN = {grond: rate(lambda t, g=grond: t.vrijstellingen[g]) for grond in ("5a", "5b", "5c", "15")}  # type: ignore[misc]
# per melding of the soort
PROCES_VERBAAL = {
    "V3": ("relatief", rate(lambda t: t.proces_verbaal["relatief"], rate(lambda t: t.soorten["V3"], 1))),
    "L": ("luxe", rate(lambda t: t.proces_verbaal["luxe"], rate(lambda t: t.soorten["L"], 1))),
}
HALT = rate(lambda t: t.halt, rate(lambda t: t.soorten["V3"], 1))


class EventGenerator:
    """Generates verzuim and measures of one person at a time."""

    def __init__(self, rng: Random, schooljaren: tuple[Schooljaar, ...]) -> None:
        self._rng, self._schooljaren = rng, schooljaren
        self._world = World()
        self._verzuim = Verzuim(rng, self._world)
        self._measures = Measures(rng, self._world)

    def world_of(self, person: Person) -> World:
        """Return a world of one person; the next call reuses it."""
        world = self._world
        for records in (world.persons, world.meldingen, world.signals, world.incidents, world.interventies, world.vrijstellingen):
            records.clear()
        world.persons.append(person)
        for schooljaar in self._schooljaren:
            age = person.age(schooljaar.first_day)
            if 5 <= age <= 17:
                self._year_of_a_child(person, schooljaar, age)
            elif 18 <= age <= 22:
                self._verzuim_of(person, schooljaar, GROWN)
        return world

    def _happens(self, chance: float) -> bool:
        return self._rng.random() < chance

    def _day(self, person: Person, schooljaar: Schooljaar) -> date | None:
        """Return a random school day of the schooljaar; None if the person does not live in the region then."""
        day = schooljaar.first_day + timedelta(days=self._rng.randrange(25, 325))
        day -= timedelta(days=max(0, day.weekday() - 4))
        if person.overlijden and person.overlijden <= day:
            return None
        return day if not person.in_monitor or person.gemeente(day) else None

    def _year_of_a_child(self, person: Person, schooljaar: Schooljaar, age: int) -> None:
        self._verzuim_of(person, schooljaar, YOUNG)
        if self._happens(ABSOLUUT):
            self._absoluut(person, schooljaar)
        if self._happens(INCIDENTEN) and (day := self._day(person, schooljaar)):
            self._verzuim.incident(person, day)
        if self._happens(SPREEKUUR) and (day := self._day(person, schooljaar)):
            self._measures.interventie(person, day, "spreekuur")
        if self._happens(THUISZITTERSTAFEL) and (day := self._day(person, schooljaar)):
            self._measures.interventie(person, day, "thuiszitterstafel")
        for grond, chance in VRIJSTELLINGEN.items():
            if (age >= 16) == (grond == "15") and self._happens(chance) and (day := self._day(person, schooljaar)):
                (besluit,) = self._rng.choices([name for name, _ in BESLUITEN], [weight for _, weight in BESLUITEN])
                self._measures.vrijstelling(person, day, schooljaar, grond, besluit)

    def _verzuim_of(self, person: Person, schooljaar: Schooljaar, rates: dict[str, float]) -> None:
        for soort, chance in rates.items():
            if not self._happens(chance):
                continue
            for _ in range(self._rng.choices((1, 2, 3), (82, 13, 5))[0]):
                if day := self._day(person, schooljaar):
                    withdrawn = self._happens(0.005)
                    melding = self._verzuim.melding(person, day, schooljaar, soort, withdrawn=withdrawn)
                    if not withdrawn:
                        self._measures_of(melding)

    def _measures_of(self, melding: Melding) -> None:
        person, gemeente = melding.person, melding.person.gemeente(melding.day) or ""
        self._measures.follow_up(melding, gemeente)
        verzuimsoort, chance = PROCES_VERBAAL.get(melding.soort, ("", 0.0))
        if person.age(melding.day) < 12:
            return
        if self._happens(chance):
            self._measures.interventie(person, self._measures.after(melding, gemeente), "proces_verbaal", verzuimsoort, melding.nummer)
        if melding.soort == "V3" and self._happens(HALT):
            self._measures.interventie(person, self._measures.after(melding, gemeente), "halt", "relatief", melding.nummer)

    def _absoluut(self, person: Person, schooljaar: Schooljaar) -> None:
        """Add a signal if the person is plichtig, and end the enrolments."""
        day = self._day(person, schooljaar)
        if day and is_leerplichtige(person, day):
            person.enrolments = [enrolment for enrolment in person.enrolments if enrolment.end and enrolment.end <= day]
            self._verzuim.signal(person, day, withdrawn=self._happens(0.1))
