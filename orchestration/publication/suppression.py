"""What withheld counts can still be, given the totals that are printed beside them.

Put here: exact reasoning about sums of whole numbers. Keep out: reading a report, and words for people.

Every domain is an interval of whole numbers, and what a sum leaves open for one of its terms is an interval again. So as long as no two
terms meet in more than one sum, narrowing sum by sum until nothing changes gives exactly the values that some whole table has; a test
holds it against plain enumeration.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Sums = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Interval:
    """The whole numbers from `low` to `high`, both included; none when `high` is the lower."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether one number is left."""
        return self.low == self.high

    @property
    def empty(self) -> bool:
        """Whether no number is left."""
        return self.low > self.high

    def meet(self, other: "Interval") -> "Interval":
        """The numbers that are in both."""
        return Interval(max(self.low, other.low), min(self.high, other.high))


ANY = Interval(0, 10**9)  # a count that nobody printed: more than the inhabitants of any country that has leerplicht


def narrow(known: Mapping[str, Interval], sums: Sums) -> dict[str, Interval]:
    """Narrow every term to the values that the sums leave it.

    Args:
        known: What is known of each term; a term that is missing is a count of which nothing is known.
        sums: Of each total its parts.

    Returns:
        All terms of `known` and of `sums`. A sum that contradicts what is known teaches nothing, and is passed over.
    """
    found = {term: known.get(term, ANY) for term in (*known, *sums, *(part for parts in sums.values() for part in parts))}
    for _ in range(2 * len(sums) + 1):  # news travels at most to the far end of a chain of sums and back
        before = dict(found)
        for total, parts in sums.items():
            left = project(found, total, parts)
            if not any(interval.empty for interval in left.values()):
                found |= left
        if found == before:
            break
    return found


def project(known: Mapping[str, Interval], total: str, parts: tuple[str, ...]) -> dict[str, Interval]:
    """Narrow the terms of one sum, each by what the others leave it."""
    low = sum(known[part].low for part in parts)
    high = sum(known[part].high for part in parts)
    left = {total: known[total].meet(Interval(low, high))}
    for part in parts:
        own = known[part]
        left[part] = own.meet(Interval(known[total].low - (high - own.high), known[total].high - (low - own.low)))
    return left
