"""Searches a world with the same public files in which a count differs, by changing a few events.

Nobody can tell the two worlds apart, so nobody can know that count, whatever he knows of the definitions and the draws.

Put here: changing events, and searching. Keep out: counting (`truth`) and publishing (`worlds.py`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from typing import Any

import worlds
from truth import breakdowns, counts_of_events

from orchestration.example.targets import FIRST
from orchestration.example.world import Melding, Person, World
from orchestration.publication.disclosure.alternatives import Cell
from orchestration.publication.disclosure.rounding import Draws
from orchestration.publication.disclosure.signs import Shown, Sign

EDITS = 6  # events that may differ
HEIRS, LIKE = 6, 4  # persons tried as another's, and values tried of a property, for each event
PERSONS = 12  # of whom lives are changed, for each count that must differ
WIDTH, TRIED = 6, 60  # worlds kept at each step, and edits tried for each
KINDS = ("meldingen", "signals", "incidents", "interventies", "vrijstellingen", "verlofaanvragen", "geoorloofd")
SOORTEN = ("V1", "V3", "V4", "RMC", "O", "L", "LRV")
MEASURES = ("proces_verbaal", "halt", "spreekuur", "thuiszitterstafel", "waarschuwing")
VERZUIMSOORTEN = ("relatief", "absoluut", "luxe")
GRONDEN = ("3a", "3b", "5a", "5b", "5c", "15")


@dataclass(frozen=True)
class Edit:
    """Another life of one or two persons: of each, by its number, what happened instead; and by how much every count differs."""

    parts: Mapping[int, World]
    change: Mapping[Cell, int]


class Explorer:
    """Searches worlds that publish the same as a given one.

    Args:
        whole: The true world.
        values: Its counts.
        shown: What is published of each.
        key: The key of the lake.
    """

    def __init__(self, whole: World, values: Mapping[Cell, int], shown: Mapping[Cell, Shown], key: bytes = worlds.KEY) -> None:
        self._values, self._shown, self._draws, self._random = values, shown, Draws(key), Random(1)
        self._dossiers = whole.dossiers
        self._persons = [World(persons=[person], dossiers=self._dossiers) for person in whole.persons]
        self._number = {(person.bsn, person.onderwijsnummer): number for number, person in enumerate(whole.persons)}
        for kind in KINDS:
            for event in getattr(whole, kind):
                part = self._persons[self._of(event.person)]
                getattr(part, kind).append(replace(event, person=part.persons[0]))
        self._by_kind = {kind: getattr(whole, kind) for kind in KINDS}
        self._of_person = {number: _counts(part) for number, part in enumerate(self._persons) if any(getattr(part, kind) for kind in KINDS)}
        self._having: dict[Cell, list[int]] = defaultdict(list)
        for number, counts in self._of_person.items():
            for cell in counts:
                self._having[cell].append(number)
        self._tried: set[int] = set()
        self._edits: dict[tuple[Cell, bool], list[Edit]] = defaultdict(list)

    def _of(self, person: Person) -> int:
        return self._number[person.bsn, person.onderwijsnummer]

    def beside(self, cell: Cell) -> Iterator[World]:
        """Yield worlds in which a count differs and no other count is shown differently; what is hidden may differ once published."""
        starts = [edit for more in (True, False) for edit in self._changing(cell, more)]
        self._random.shuffle(starts)
        kept = sorted(([edit] for edit in starts), key=self._visible)[: 4 * WIDTH]
        for _ in range(EDITS):
            yield from (self._world(edits) for edits in kept if not self._seen(edits))
            longer = [[*edits, edit] for edits in kept if self._seen(edits) for edit in self._mends(edits)]
            longer = [edits for edits in longer if _added(edits)[cell]]
            kept = sorted(longer, key=self._visible)[:WIDTH]

    def _mends(self, edits: list[Edit]) -> Iterator[Edit]:
        """Yield edits of other persons that undo something that everybody would see."""
        change, taken = _added(edits), {person for edit in edits for person in edit.parts}
        seen = self._random.choice(self._seen(edits))
        found = self._changing(seen, change[seen] < 0)
        for edit in self._random.sample(found, min(TRIED, len(found))):
            if taken.isdisjoint(edit.parts):
                yield edit

    def _changing(self, cell: Cell, more: bool) -> list[Edit]:
        """Return edits that make a count more, or less: of some of the persons in it, or in what it is a part of."""
        near = self._having[cell]
        if more:
            near = self._having[cell.whole] or self._having[cell.whole._replace(indicator="meldingen_totaal")]
        for person in self._random.sample(near, min(PERSONS, len(near))):
            if person not in self._tried and len(self._edits[cell, more]) < TRIED:
                self._tried.add(person)
                for kind in KINDS:
                    for event in getattr(self._persons[person], kind):
                        for parts in self._other_lives(kind, event):
                            self._add(parts)
        return self._edits[cell, more]

    def _seen(self, edits: list[Edit]) -> list[Cell]:
        """Return the counts of which everybody would see that they differ."""
        return [cell for cell, by in _added(edits).items() if by and not self._looks_alike(cell, self._values.get(cell, 0) + by)]

    def _visible(self, edits: list[Edit]) -> int:
        return len(self._seen(edits))

    def _looks_alike(self, cell: Cell, value: int) -> bool:
        said = self._shown.get(cell)
        if said is None or (said.sign is Sign.ROUNDED and not said.derived):
            return self._draws.rounded(value, self._draws.draw(*cell.drawn)) == (said.number if said else 0)
        free = said.derived or said.sign in (Sign.HIDDEN, Sign.ABSENT)
        return free or said.low <= value <= said.high

    def _world(self, edits: list[Edit]) -> World:
        lives = {person: part for edit in edits for person, part in edit.parts.items()}
        whole = World(dossiers=self._dossiers)
        for number, part in enumerate(self._persons):
            for kind in ("persons", *KINDS):
                getattr(whole, kind).extend(getattr(lives.get(number, part), kind))
        return whole

    def _add(self, parts: Mapping[int, World]) -> None:
        change: Counter[Cell] = Counter()
        for person, part in parts.items():
            change.update(_counts(part))
            change.subtract(self._of_person.get(person, {}))
        edit = Edit(parts, {cell: by for cell, by in change.items() if by})
        for cell, by in edit.change.items():
            self._edits[cell, by > 0].append(edit)

    def _other_lives(self, kind: str, event: Any) -> Iterator[dict[int, World]]:
        """Yield what could have happened instead of an event: to somebody else, elsewhere, later, of another soort, or not at all."""
        person = self._of(event.person)
        part = self._persons[person]
        others = [other for other in getattr(part, kind) if other is not event]
        yield {person: replace(part, **{kind: others})}
        for changed in self._changed(kind, event):
            yield {person: replace(part, **{kind: [*others, changed]})}
        moved = [measure for measure in part.interventies if kind == "meldingen" and measure.meldingsnummer == event.nummer]
        left = replace(part, **{kind: others})
        left.interventies = [measure for measure in left.interventies if measure not in moved]
        for heir in self._alike(event.person):
            life = self._persons[heir]
            given = replace(life, **{kind: [*getattr(life, kind), replace(event, person=life.persons[0])]})
            given.interventies = [*given.interventies, *(replace(measure, person=life.persons[0]) for measure in moved)]
            yield {person: left, heir: given}
            yield {heir: given}  # it happened to both

    def _alike(self, person: Person) -> Iterator[int]:
        """Yield persons with most in common."""

        def differs(other: Person) -> int:
            homes = [[(home.gemeente, home.wijk) for home in one.residences] for one in (person, other)]
            schools = [[enrolment.onderwijssoort for enrolment in one.enrolments] for one in (person, other)]
            return sum((
                4 * ([gemeente for gemeente, _ in homes[0]] != [gemeente for gemeente, _ in homes[1]]),
                homes[0] != homes[1], schools[0] != schools[1], person.birth.year != other.birth.year,
                person.geslacht != other.geslacht, 4 * (person.in_monitor != other.in_monitor),
            ))  # fmt: skip

        some = self._random.sample(range(len(self._persons)), min(400, len(self._persons)))
        near = sorted(some, key=lambda number: differs(self._persons[number].persons[0]))
        others = (number for number in near if self._persons[number].persons[0] is not person)
        yield from islice(others, HEIRS)
        yield from self._random.sample([number for number in self._of_person if number != self._of(person)], HEIRS)

    def _changed(self, kind: str, event: Any) -> Iterator[Any]:
        like: Callable[[], list[Any]] = lambda: self._random.sample(self._by_kind[kind], min(LIKE, len(self._by_kind[kind])))  # noqa: E731
        if kind in ("meldingen", "incidents"):
            for other in like():
                yield replace(event, **{name: getattr(other, name) for name in ("brin", "vestiging") if hasattr(event, name)})
                yield replace(event, aanleiding=other.aanleiding)
                if (other.day <= FIRST.last_day) == (event.day <= FIRST.last_day):
                    yield replace(event, day=other.day)
        if isinstance(event, Melding):
            yield from (replace(event, versions=(*event.versions[:-1], replace(event.versions[-1], soort=soort))) for soort in SOORTEN)
            for status, reden in (("G", "1"), ("G", "2"), ("A", "")):
                yield replace(event, versions=(*event.versions[:-1], replace(event.versions[-1], status=status, reden=reden)))
            yield from (replace(event, uren=uren) for uren in ("15", "20"))
        if kind == "interventies":
            yield from (replace(event, soort=soort, verzuimsoort="") for soort in MEASURES[1:])
            yield from (replace(event, soort=MEASURES[0], verzuimsoort=verzuim) for verzuim in VERZUIMSOORTEN)
            yield from (replace(event, mas_route=other.mas_route, afloop=other.afloop) for other in like())
        if kind == "signals":
            yield from (replace(event, status=status) for status in ("open", "opgelost"))
            yield from (replace(event, end=other.end) for other in like() if other.end and other.end >= event.begin)
        if kind == "verlofaanvragen":
            yield from (replace(event, besluit=besluit) for besluit in ("toegekend", "afgewezen", "in_behandeling"))
        if kind == "vrijstellingen":
            yield from (replace(event, grond=grond, aard=aard) for grond in GRONDEN for aard in ("nieuw", "verlenging"))


def _added(edits: list[Edit]) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for edit in edits:
        found.update(edit.change)
    return found


def _counts(part: World) -> Counter[Cell]:
    """Return the counts of one person, without those of 0."""
    return Counter({Cell(*place): value for counted in (counts_of_events(part), breakdowns(part)) for place, value in counted.items()})
