"""What the definitions of the indicators say about counts of one gemeente, of a regio, and of the values of a breakdown.

Put here: facts that hold for whatever was counted. Keep out: what the files of a release say (`attacker.py`).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from attack.facts import (
    ALL_OF_A_SOORT,
    AMONG,
    BROKEN_DOWN,
    EACH_ONE_GEMEENTE,
    EACH_ONE_VALUE,
    EVENTS_AMONG,
    EVENTS_OF,
    HERHAALD,
    IN_TELLING,
    INTERVENTIES,
    LRV_IN,
    LRV_OPEN,
    LRV_OUT,
    MELDINGEN,
    MELDINGEN_OF,
    NEVER,
    NO_MORE,
    NOT_ENROLLED,
    OCW_HERHAALD,
    ONBEKEND,
    ONDERWIJSSOORT,
    REGIO,
    RELATIEF,
    REPEATED,
    SETS_OF_SOORTEN,
    SOORTEN,
    TELLING_V3,
    TELLING_V3_MELDINGEN,
    TOTALS,
    V3,
)
from attack.knowledge import Knowledge


class Count(NamedTuple):
    """A count of a release; `versie` increases with each change."""

    schooljaar: str
    gemeente: str
    indicator: str
    uitsplitsing: str = ""
    waarde: str = ""
    versie: int = 0


class Place(NamedTuple):
    """A gemeente in a schooljaar, or those of it with one value of a breakdown."""

    schooljaar: str
    gemeente: str
    uitsplitsing: str = ""
    waarde: str = ""


Counts = list[Count]


class Definitions:
    """Adds what the definitions say about the counts of a release.

    Args:
        known: What to add it to.
        counts: The counts of the release, without versie.
        events: The indicators that count events, which add up.
        version: Gives a count its versie.
    """

    def __init__(self, known: Knowledge, counts: Collection[Count], events: Collection[str], version: Callable[[Count], Count]) -> None:
        self._known, self._events = known, events
        self._at: dict[Place, dict[str, Count]] = defaultdict(dict)
        for count in counts:
            place = Place(count.schooljaar, count.gemeente, count.uitsplitsing, count.waarde)
            if _is_never(count):
                known.interval(version(count), 0, 0)
            else:
                self._at[place][count.indicator] = version(count)
        self._first = min((place.schooljaar for place in self._at), default="")
        self._gemeenten = list(dict.fromkeys(place.gemeente for place in self._at if place.gemeente not in (REGIO, ONBEKEND)))

    def learn(self) -> None:
        """Add all of it."""
        breakdowns: dict[tuple[Place, str], list[Place]] = defaultdict(list)
        for place in list(self._at):
            self._of_one_place(place)
            if place.gemeente == REGIO:
                self._regio(place)
            if place.uitsplitsing:
                breakdowns[Place(*place[:2]), place.uitsplitsing].append(place)
            else:
                self._of_one_gemeente(place)
            if place.uitsplitsing == "soort":
                self._of_a_soort(place)
            self._langdurig(place)
        for (whole, uitsplitsing), parts in breakdowns.items():
            for indicator in {indicator: None for part in parts for indicator in self._at[part]}:
                self._breakdown(whole, uitsplitsing, indicator, parts)
            self._jongeren(whole, parts)

    def _of(self, place: Place, *indicators: str) -> Counts:
        """Return counts of a place; none if any is missing."""
        there = self._at.get(place, {})
        if place[2:] == (ONDERWIJSSOORT, NOT_ENROLLED):  # others count them as unknown
            there = self._at.get(place._replace(waarde=ONBEKEND), {}) | there
        return [there[name] for name in indicators] if all(name in there for name in indicators) else []

    def _no_more(self, left: Counts, right: Counts) -> None:
        if left and right:
            self._known.sum(left, right, most=0)

    def _equal(self, left: Counts, right: Counts) -> None:
        if left and right:
            self._known.sum(left, right, 0, 0)

    def _of_one_place(self, place: Place) -> None:
        """Add what holds in a gemeente, and also among those with one value of a breakdown."""
        for less, more in (*AMONG, *EVENTS_AMONG, *EVENTS_OF):
            self._no_more(self._of(place, less), self._of(place, more))
        for few, many in NO_MORE:
            self._no_more(self._of(place, *few), self._of(place, *many))
        for jongeren, events in EVENTS_OF:
            for count, other in self._pairs(place, jongeren, events):
                self._known.zero_with(count, [other])
        for herhaald, meldingen, jongeren in self._pairs(place, OCW_HERHAALD, TELLING_V3_MELDINGEN, TELLING_V3):
            self._known.zero_with(herhaald, [meldingen], [jongeren])

    def _langdurig(self, place: Place) -> None:
        """Add that what was open at the end of the previous schooljaar, and what began, was closed or is still open."""
        first = int(place.schooljaar[:4])
        before = self._of(place._replace(schooljaar=f"{first - 1}-{first}"), LRV_OPEN)
        if before or place.schooljaar == self._first:  # nothing is open before the first one
            for begun, closed, still_open in self._pairs(place, LRV_IN, LRV_OUT, LRV_OPEN):
                self._equal([*before, begun], [closed, still_open])

    def _pairs(self, place: Place, *indicators: str) -> Iterator[Counts]:
        """Yield counts of a place, unless any is missing."""
        if counts := self._of(place, *indicators):
            yield counts

    def _of_one_gemeente(self, place: Place) -> None:
        """Add what holds in a gemeente as a whole."""
        for total, parts in TOTALS.items():
            self._equal(self._of(place, total), self._of(place, *parts))
        for herhaald, meldingen, relatief in self._pairs(place, HERHAALD, MELDINGEN, RELATIEF):
            self._known.zero_with(herhaald, [meldingen], [relatief])
        for some in SETS_OF_SOORTEN:  # who has more of these soorten, repeats
            for herhaald, relatief, *soorten in self._pairs(place, HERHAALD, RELATIEF, *some):
                self._known.weighted({herhaald: 1 - len(soorten), relatief: -1, **dict.fromkeys(soorten, 1)}, most=0)

    def _of_a_soort(self, place: Place) -> None:
        """Add what indicators say about interventies of a soort."""
        value, indicators = self._of(place, "interventies"), INTERVENTIES.get(place.waarde, ())
        counts = self._of(Place(*place[:2]), *indicators) if indicators else []
        if place.waarde in ALL_OF_A_SOORT:
            self._equal(value, counts)
        elif counts:
            self._no_more(counts, value)
            self._known.zero_with(counts[0], value)

    def _breakdown(self, place: Place, uitsplitsing: str, indicator: str, parts: list[Place]) -> None:
        whole, counts = self._of(place, indicator), [self._at[part][indicator] for part in parts if indicator in self._at[part]]
        if indicator in self._events or uitsplitsing == EACH_ONE_VALUE:
            self._equal(whole, counts)
        else:
            self._no_more(whole, counts)
        for part in parts:
            self._no_more(self._of(part, indicator), whole)
            if uitsplitsing == "wijk":
                self._wijk(self._of(part, indicator), whole)

    def _wijk(self, counts: Counts, whole: Counts) -> None:
        """Add that a wijk lies in one gemeente, by its code; of an unknown gemeente the wijk is unknown."""
        for count in counts:
            if count.gemeente == ONBEKEND and count.waarde == ONBEKEND:
                self._equal([count], whole)
            elif count.gemeente != REGIO and count.waarde[:1].isdigit() and not count.waarde.startswith(count.gemeente):
                self._known.interval(count, 0, 0)

    def _jongeren(self, place: Place, parts: list[Place]) -> None:
        """Add what holds of the jongeren of a breakdown: one with more values has a melding for each."""
        relatief = [self._at[part][RELATIEF] for part in parts if RELATIEF in self._at[part]]
        for indicator in BROKEN_DOWN:
            counts = [self._at[part][indicator] for part in parts if indicator in self._at[part]]
            self._no_more(counts, self._of(place, MELDINGEN_OF.get(indicator, MELDINGEN)))
            if counts and len(counts) == len(relatief):
                for whole, all_relatief in self._pairs(place, indicator, RELATIEF):
                    self._no_more([*counts, all_relatief], [*relatief, whole])
        in_telling, wide = ([self._at[part][name] for part in parts if name in self._at[part]] for name in (TELLING_V3, V3))
        if in_telling and {count.waarde for count in in_telling} - {NOT_ENROLLED} <= {count.waarde for count in wide}:
            for whole, all_wide in self._pairs(place, TELLING_V3, V3):
                self._no_more([*in_telling, all_wide], [*wide, whole])
        two, others = BROKEN_DOWN[1:], [soort for soort in SOORTEN if soort not in BROKEN_DOWN]
        for part in parts:
            for some, relatief_here, *both in self._pairs(part, MELDINGEN, RELATIEF, *two):
                for rest in self._pairs(place, *others):
                    self._no_more([relatief_here], [*both, *rest])
                for meldingen, relatief_all, *both_all in self._pairs(place, MELDINGEN, RELATIEF, *two):
                    self._no_more([some, relatief_all], [meldingen, relatief_here])
                    self._no_more([some, *both_all], [meldingen, *both])

    def _regio(self, place: Place) -> None:
        for indicator, whole in self._at[place].items():
            parts = self._each(place, indicator)
            if not parts:
                continue
            if indicator in self._events or indicator in EACH_ONE_GEMEENTE:
                self._equal([whole], parts)
                continue
            for part in parts:
                self._no_more([part], [whole])
            if indicator in REPEATED:  # some repeat in the regio but in no single gemeente
                self._repeated(place, whole, parts)
            else:
                self._no_more([whole], parts)
            # who counts in more gemeenten, does so in every indicator that includes him, and in the whole of a breakdown
            within = [(place, more) for less, more in AMONG if less == indicator]
            for wider, wide in [*within, *([(Place(*place[:2]), indicator)] if place.uitsplitsing else [])]:
                for count, each in zip(self._of(wider, wide), [self._each(wider, wide)], strict=False):
                    self._no_more([*parts, count], [*each, whole])

    def _each(self, place: Place, indicator: str) -> Counts:
        """Return a count of every gemeente; none if any is missing."""
        found = [self._of(place._replace(gemeente=gemeente), indicator) for gemeente in self._gemeenten]
        return [count for counts in found for count in counts] if all(found) else []

    def _repeated(self, place: Place, whole: Count, parts: Counts) -> None:
        """Add that who has verzuim in more gemeenten repeats in the regio."""
        among = REPEATED[whole.indicator]
        each = self._each(place, among)
        for (relatief,) in self._pairs(place, among) if each else ():
            self._no_more([whole, relatief], [*parts, *each])
            self._known.weighted({whole: 1 - len(parts), relatief: -1, **dict.fromkeys(each, 1)}, most=0)


def _is_never(count: Count) -> bool:
    """Return whether a value by onderwijssoort is 0 by definition: in which no jongere of the indicator is counted."""
    if count.uitsplitsing != ONDERWIJSSOORT:
        return False
    return count.indicator in NEVER.get(count.waarde, ()) or (count.waarde == NOT_ENROLLED and count.indicator not in IN_TELLING)
