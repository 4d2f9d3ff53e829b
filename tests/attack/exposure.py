"""How much an attacker finds out about true small counts: a judgement that needs the truth, which he does not have.

Put here: counting what is exposed. Keep out: the attack itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from attack.definitions import Count
from attack.facts import ALL_OF_A_SOORT
from attack.release import SMALL, WITHHELD
from attack.solving import Search


@dataclass
class Exposure:
    """Small counts that he knows exactly, or of which he knows that they are not each of 1 to 4, with what is left.

    Args:
        small: How many small counts there are.
        exact: Those with one value left.
        narrowed: Those without 1, 2, 3 or 4 left, but for those apart.
        apart: Counts of a regio that are only known to be at least the number of gemeenten that are known to have any.
    """

    small: int
    exact: dict[Count, int]
    narrowed: dict[Count, list[int]]
    apart: dict[Count, list[int]]


def small(true: Mapping[Count, int]) -> dict[Count, int]:
    """Return the small counts, without those that are published under another name only."""
    return {count: value for count, value in sorted(true.items()) if value in SMALL and not _repeats(count)}


def _repeats(count: Count) -> bool:
    return count.indicator in WITHHELD or (count.uitsplitsing == "soort" and count.waarde in ALL_OF_A_SOORT)


def exact(search: Search, true: Mapping[Count, int]) -> dict[Count, int]:
    """Return the small counts that have one value left."""
    return {count: value for count, value in small(true).items() if search.is_known(count)}


def exposure(search: Search, true: Mapping[Count, int], gemeenten: Mapping[Count, Collection[Sequence[Count]]]) -> Exposure:
    """Return what is exposed of the small counts.

    Args:
        search: What is possible.
        true: All counts.
        gemeenten: For each count of a regio those of its gemeenten, in every release.
    """
    found = Exposure(len(small(true)), {}, {}, {})
    for count, value in small(true).items():
        left = [other for other in SMALL if search.can_be(count, other)]
        if len(left) < len(SMALL):
            if search.is_known(count):
                found.exact[count] = value
            elif _is_apart(search, left, gemeenten.get(count, ())):
                found.apart[count] = left
            else:
                found.narrowed[count] = left
    return found


def _is_apart(search: Search, left: list[int], gemeenten: Collection[Sequence[Count]]) -> bool:
    """Return whether a count of a regio is only known to be at least the number of gemeenten that have any."""
    having = max((sum(not search.can_be(part, 0) for part in parts) for parts in gemeenten), default=0)
    return having > 1 and left == [value for value in SMALL if value >= having]
