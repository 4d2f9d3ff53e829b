"""No fact is forgotten: who counts in one indicator and always in another as well, is a fact for the proof and for the attacker.

Put here: what worlds always show. Keep out: what follows from it for a release (`test_attacker.py`, `test_openbaar.py`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pytest
import worlds
from attack import facts
from truth.counting import events
from truth.indicators import PERSONS, REPEATED

from expectations import reference

WORLDS, PERSONS_EACH = range(20), 200
ENOUGH = 30  # jongeren of an indicator, of whom it is no chance that all count in another

Pairs = set[tuple[str, str]]
Bound = tuple[tuple[str, ...], tuple[str, ...]]  # the sum of the left is at most the sum of the right


def always_nested() -> Pairs:
    """Return the pairs of indicators of which every jongere of the first counts in the second too, in each schooljaar and gemeente."""
    sizes, shared = Counter[str](), Counter[tuple[str, str]]()
    for seed in WORLDS:
        counted: dict[tuple[str, str], Counter[tuple[str, int]]] = defaultdict(Counter)
        for event in events(worlds.world_of_all(seed, PERSONS_EACH), worlds.THREE_YEARS, None):
            counted[event.schooljaar.name, event.home[0]][event.indicator, id(event.person)] += 1
        for here in counted.values():
            of_person: dict[int, list[str]] = defaultdict(list)
            for (indicator, person), times in here.items():
                if indicator not in REPEATED or times >= 2:
                    of_person[person].append(indicator)
            for having in of_person.values():
                sizes.update(having)
                shared.update((one, other) for one in having for other in having if one != other)
    counts_once = PERSONS | REPEATED
    return {(one, other) for (one, other), both in shared.items() if one in counts_once and both == sizes[one] >= ENOUGH}


def follows(bounds: Iterable[Bound]) -> Pairs:
    """Return the pairs of which bounds say that the first is no more than the second."""
    found = {(less, right[0]) for left, right in bounds if len(right) == 1 for less in left}
    while more := {(one, last) for one, middle in found for other, last in found if middle == other and one != last} - found:
        found |= more
    return found


def of_the_attacker() -> Iterator[Bound]:
    yield from (((less,), (more,)) for less, more in (*facts.AMONG, *facts.EVENTS_OF, *facts.EVENTS_AMONG))
    yield from facts.NO_MORE
    for total, parts in facts.TOTALS.items():
        yield from (((total,), parts), (parts, (total,)))


def of_the_proof() -> Iterator[Bound]:
    for fact in reference.facts():
        if fact.of_whole and not fact.names_a_part:
            left, right = (tuple(term.indicator for term in side) for side in (fact.left, fact.right))
            yield from [(left, right), (right, left)] if fact.equal else [(left, right)]


@pytest.fixture(scope="module")
def nested() -> Pairs:
    return always_nested()


@pytest.mark.parametrize("bounds", [of_the_attacker, of_the_proof], ids=["attacker", "proof"])
def test_what_is_always_part_of_another_is_a_known_fact(nested: Pairs, bounds):
    assert len(nested) > 50
    assert sorted(nested - follows(bounds())) == []
