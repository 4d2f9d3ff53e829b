"""Single cases of what the law, the sources and life bring, in records that are there already or that no printed figure counts.

Put here: one case a function; each leaves the printed figures and the schooljaren as they are. Keep out: the bulk (`people.py`,
`events.py`, `measures.py`). They come last and have random numbers of their own, so that nothing else of the example changes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from orchestration.example import numbers
from orchestration.example.events import AANLEIDINGEN, day_in, residents
from orchestration.example.people import sample
from orchestration.example.schools import choose
from orchestration.example.targets import FIRST, SECOND
from orchestration.example.world import (
    BORNE,
    HENGELO,
    Dossier,
    Enrolment,
    Geoorloofd,
    Melding,
    Person,
    Schooljaar,
    Signal,
    Verlofaanvraag,
    Version,
    World,
    is_plichtig,
)

NO_END_KNOWN = date.max  # written as 9999-12-31
AFLOPEN = {"halt": ("geslaagd", "geslaagd", "mislukt", "retour", ""), "proces_verbaal": ("boete", "taakstraf", "sepot", "loopt", "")}
FREE_TEXT = "Naar tevredenheid afgerond"
BESLUITEN = ("toegekend", "afgewezen", "toegekend", "in_behandeling")
DOSSIERS = 8
Case = TypeVar("Case")


class Cases:
    """Adds the cases to a world that has all other records."""

    def __init__(self, rng: Random, world: World) -> None:
        self._rng, self._world = rng, world

    def exempt_for_good(self) -> None:
        """Let one vrijstelling of each gemeente have no end: of one it is left empty, of the other 9999-12-31."""
        for gemeente, end in ((HENGELO, None), (BORNE, NO_END_KNOWN)):
            place, one = self._first(
                enumerate(self._world.vrijstellingen),
                lambda it, here=gemeente: (  # type: ignore[misc]
                    (it[1].grond, it[1].besluit) == ("5a", "toegekend")
                    and it[1].begin <= FIRST.last_day
                    and it[1].person.gemeente(it[1].begin) == here
                ),
            )
            self._world.vrijstellingen[place] = replace(one, end=end)

    def older_than_23(self) -> None:
        """Make one person with RMC 24 years old."""
        melding = self._first(self._meldingen(SECOND, "RMC"), lambda it: it.person.gemeente(it.day) == HENGELO)
        self._note(melding.person, "ouder dan 23")
        melding.person.birth = melding.person.birth.replace(year=2000, day=1)

    def no_longer_kwalificatieplichtig(self) -> None:
        """End the kwalificatieplicht of two: of one before a melding, of the other while leerplichtig, so that it has no effect yet."""
        melding = self._first(
            self._meldingen(SECOND, "V3"),
            lambda it: is_plichtig(it.person, it.day) and it.person.birth < date(2008, 8, 1) and it.day > date(2024, 11, 1),
        )
        melding.person.einde_kwalificatieplicht = melding.day - timedelta(days=7)
        self._note(melding.person, "einde kwalificatieplicht")
        younger = self._first(self._world.persons, lambda it: not it.note and date(2008, 8, 1) <= it.birth <= date(2009, 7, 31))
        younger.einde_kwalificatieplicht = date(2024, 7, 5)
        self._note(younger, "einde kwalificatieplicht en leerplichtig")

    def other_bsn(self) -> None:
        """Give one person with meldingen in both schooljaren another BSN, twice."""
        earlier = {id(melding.person) for melding in self._meldingen(FIRST)}
        melding = self._first(self._meldingen(SECOND), lambda it: id(it.person) in earlier and it.person.bsn.startswith("99"))
        known = self._world.identifiers
        first, second = (number for number, _ in zip((bsn for bsn in numbers.bsns() if bsn not in known), range(2), strict=False))
        melding.person.earlier_bsns = ((first, date(2024, 5, 1)), (second, date(2025, 1, 10)))
        self._note(melding.person, "ander BSN")

    def incomplete_birth_date(self) -> None:
        """Let the monitor not know the day of one birth."""
        melding = self._first(self._meldingen(SECOND), lambda it: (it.person.birth.year, it.person.birth.month) == (2009, 5))
        melding.person.birth, melding.person.written_birth = date(2009, 5, 15), "2009-05-00"
        self._note(melding.person, "onvolledige geboortedatum")

    def no_end_known(self) -> None:
        """Write that somebody still lives there as 9999-12-31."""
        person = self._first(residents(self._world, HENGELO, SECOND, (8, 10)), lambda it: len(it.residences) == 1)
        person.residences[0] = replace(person.residences[0], end=NO_END_KNOWN)
        self._note(person, "einde als 9999-12-31")

    def closed_twice(self) -> None:
        """Reopen one case of langdurig verzuim, and close it for good in the next schooljaar."""
        melding = self._first(self._meldingen(FIRST, "LRV"), lambda it: it.person.gemeente(it.day) == HENGELO and it.day < date(2024, 5, 1))
        days = (melding.day, melding.day + timedelta(days=6), melding.day + timedelta(days=30), date(2024, 6, 3), date(2024, 10, 14))
        moments = [datetime.combine(day, time(9, 30)) for day in days]
        versions = [Version(moment, status, "LRV") for moment, status in zip(moments[:4], "RBGB", strict=True)]
        versions[2] = replace(versions[2], reden="1")
        closed = replace(melding, versions=(*versions, Version(moments[4], "G", "LRV", "1")))
        self._world.meldingen[self._world.meldingen.index(melding)] = closed
        self._note(melding.person, "tweemaal afgesloten")

    def enrolled_again(self) -> None:
        """End one signal with an enrolment, and let another one last over three months."""
        place, signal = self._solved(FIRST)
        end = signal.end or signal.begin
        school = choose(self._rng, HENGELO, signal.person.age(end))
        enrolment = Enrolment(school.brin, school.vestiging, school.onderwijssoort, "1", end, date(2024, 8, 1))
        signal.person.enrolments.append(enrolment)
        self._note(signal.person, "weer ingeschreven")
        place, signal = self._solved(SECOND)
        self._world.signals[place] = replace(signal, end=signal.begin + timedelta(days=130))
        self._note(signal.person, "langer dan drie maanden")

    def outcomes(self) -> None:
        """Give Halt and processen-verbaal their outcome; one is free text."""
        for place, one in enumerate(self._world.interventies):
            if one.soort in AFLOPEN:
                self._world.interventies[place] = replace(one, afloop=self._rng.choice(AFLOPEN[one.soort]))
        place, one = self._first(enumerate(self._world.interventies), lambda it: it[1].soort == "halt" and it[1].day > SECOND.first_day)
        self._world.interventies[place] = replace(one, afloop=FREE_TEXT)

    def of_carel(self) -> None:
        """Add what Carel may note at a melding, requests for leave, and long absence with a valid reason (since the second schooljaar)."""
        untold = [melding for melding in self._world.meldingen if melding.counts and not melding.aanleiding]
        for melding in self._rng.sample(untold, DOSSIERS):
            afsluiting = self._rng.choice(("gezien", "actie_loopt", "geen_actie", ""))
            self._world.dossiers.append(Dossier(melding.nummer, melding.day, self._rng.choice(AANLEIDINGEN), afsluiting))
        for gemeente, wanted in ((HENGELO, 4), (BORNE, 2)):
            for schooljaar in (FIRST, SECOND):
                for person, besluit in zip(self._children(gemeente, schooljaar, wanted), BESLUITEN, strict=False):
                    day = day_in(self._rng, person, gemeente, schooljaar)
                    begin = day + timedelta(days=40)
                    number = f"L{len(self._world.verlofaanvragen) + 1:05d}"
                    soort = self._rng.choice(("vakantie", "gewichtige_omstandigheden"))
                    request = Verlofaanvraag(number, person, day, begin, begin + timedelta(days=20), soort, besluit)
                    self._world.verlofaanvragen.append(request)
            for person in self._children(gemeente, SECOND, wanted):
                begin = day_in(self._rng, person, gemeente, SECOND)
                end = self._rng.choice((None, begin + timedelta(days=60)))
                self._world.geoorloofd.append(Geoorloofd(f"G{len(self._world.geoorloofd) + 1:05d}", person, begin, end))

    def _children(self, gemeente: str, schooljaar: Schooljaar, wanted: int) -> list[Person]:
        return sample(self._rng, residents(self._world, gemeente, schooljaar, (6, 15)), wanted)

    def _meldingen(self, schooljaar: Schooljaar, *soorten: str) -> Iterator[Melding]:
        """Yield the meldingen of a schooljaar that count, of persons of no other case."""
        for melding in self._world.meldingen:
            fits = melding.counts and not melding.person.note and (not soorten or melding.soort in soorten)
            if fits and schooljaar.first_day <= melding.day <= schooljaar.last_day:
                yield melding

    def _solved(self, schooljaar: Schooljaar) -> tuple[int, Signal]:
        return self._first(
            enumerate(self._world.signals),
            lambda it: (
                it[1].status == "opgelost"
                and schooljaar.first_day <= it[1].begin
                and it[1].begin + timedelta(days=130) <= schooljaar.last_day
            ),
        )

    def _first(self, found: Iterable[Case], fits: Callable[[Case], bool]) -> Case:
        """Return the first record that fits; the example is broken if there is none."""
        return next(one for one in found if fits(one))

    def _note(self, person: Person, note: str) -> None:
        person.note = note


def add_cases(rng: Random, world: World) -> None:
    """Add all cases."""
    cases = Cases(rng, world)
    cases.of_carel()
    cases.outcomes()
    cases.exempt_for_good()
    cases.older_than_23()
    cases.no_longer_kwalificatieplichtig()
    cases.other_bsn()
    cases.incomplete_birth_date()
    cases.no_end_known()
    cases.closed_twice()
    cases.enrolled_again()
