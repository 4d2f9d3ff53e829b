"""The attacker's solver: the minimum and maximum of every count given all known facts. It shares no code with the pipeline.

Put here: intervals, sums, and their consequences. Keep out: the facts in the files (`attacker.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

MOST = 1_000_000  # upper bound: more jongeren or meldingen than any regio has
SHOTS = 24  # initial random tables, for all counts at once
TOLERANCE = 1e-6


class ContradictionError(Exception):
    """No table satisfies the assumed facts."""


@dataclass
class Knowledge:
    """The known facts: an interval per count, bounds on sums of counts, and the counts that some file masks."""

    least: dict[Any, int] = field(default_factory=dict)
    most: dict[Any, int] = field(default_factory=dict)
    sums: list[tuple[dict[Any, int], float, float]] = field(default_factory=list)
    masked: dict[Any, None] = field(default_factory=dict)

    def interval(self, count: Any, least: int, most: int = MOST) -> None:
        """Add bounds on a count."""
        self.least[count] = max(least, self.least.get(count, least))
        self.most[count] = min(most, self.most.get(count, most))

    def sum(self, plus: Iterable[Any], minus: Iterable[Any], least: float = -np.inf, most: float = np.inf) -> None:
        """Add bounds on a sum of counts minus other counts."""
        terms = dict.fromkeys(plus, 1)
        for count in minus:
            terms[count] = terms.get(count, 0) - 1
        self.weighted(terms, least, most)

    def weighted(self, terms: Mapping[Any, int], least: float, most: float) -> None:
        """Add bounds on a weighted sum."""
        self.sums.append((dict(terms), least, most))

    @property
    def withheld(self) -> list[Any]:
        """The counts whose own interval has more than one value."""
        return [count for count, least in self.least.items() if least < self.most[count]]


@dataclass
class Attack:
    """The result: the minimum and maximum of every withheld count, and the number of contradictory groups."""

    ranges: dict[Any, tuple[int, int]]
    contradictions: int

    @property
    def solved(self) -> dict[Any, int]:
        """The counts with a single possible value."""
        return {count: least for count, (least, most) in self.ranges.items() if least == most}


def solve(known: Knowledge, thorough: bool = False) -> Attack:
    """Compute the range of every withheld count.

    Args:
        known: All known facts.
        thorough: Whether to prove both ends for each count; otherwise a count is done as soon as two values are found.
    """
    attack = Attack(
        contradictions=_clashes(known),
        ranges={count: (known.least[count],) * 2 for count in known.masked if known.least[count] == known.most[count]},
    )
    for counts, sums in _parts(known):
        try:
            attack.ranges |= _Part(known, counts, sums).ranges(thorough)
        except ContradictionError:
            attack.contradictions += 1
    return attack


def _clashes(known: Knowledge) -> int:
    """Count the false sums of only published numbers: each shows a wrong assumption of the attacker."""
    exact = {count: least for count, least in known.least.items() if least >= known.most[count]}
    published = [fact for fact in known.sums if fact[0].keys() <= exact.keys()]
    return sum(not least <= sum(factor * exact[count] for count, factor in terms.items()) <= most for terms, least, most in published)


def _parts(known: Knowledge) -> Iterator[tuple[list[Any], list[tuple[dict[Any, int], float, float]]]]:
    """Group the withheld counts that share sums; move published numbers to the other side."""
    group = {count: {count} for count in known.withheld}
    sums = []
    for terms, least, most in known.sums:
        moved = sum(factor * known.least[count] for count, factor in terms.items() if count not in group)
        left = {count: factor for count, factor in terms.items() if count in group and factor}
        if left:
            sums.append((left, least - moved, most - moved))
            first, *others = left
            for other in others:
                small, large = sorted((group[first], group[other]), key=len)
                if small is not large:
                    large |= small
                    group |= dict.fromkeys(small, large)
    by_group: dict[int, Any] = {id(found): ([], []) for found in group.values()}
    for count, found in group.items():
        by_group[id(found)][0].append(count)
    for fact in sums:
        by_group[id(group[next(iter(fact[0]))])][1].append(fact)
    yield from by_group.values()


class _Part:
    """One group of withheld counts, as an integer program."""

    def __init__(self, known: Knowledge, counts: list[Any], sums: list[tuple[dict[Any, int], float, float]]) -> None:
        self.counts, self.sums = counts, sums
        self.bounds = Bounds([known.least[count] for count in counts], [known.most[count] for count in counts])
        place = {count: number for number, count in enumerate(counts)}
        entries = [(row, place[count], factor) for row, (terms, *_) in enumerate(sums) for count, factor in terms.items()]
        rows, columns, factors = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = csr_array((np.array(factors, dtype=float), (rows, columns)), shape=(len(sums), len(counts)))
        self.matrix = matrix
        self.constraints = [LinearConstraint(matrix, [least for _, least, _ in sums], [most for *_, most in sums])] if sums else []
        self.least = np.full(len(counts), MOST + 1)
        self.most = np.full(len(counts), -1)

    def ranges(self, thorough: bool) -> dict[Any, tuple[int, int]]:
        """Return the minimum and maximum of every count."""
        random = Random(len(self.counts))
        for _ in range(SHOTS if len(self.counts) > 1 else 0):
            self.look(np.array([random.choice((-1, 0, 1)) for _ in self.counts]), whole=False)
        for place in range(len(self.counts)):
            if thorough or self.least[place] >= self.most[place]:
                self.least[place], self.most[place] = self.end(place, 1), self.end(place, -1)
        return {count: (int(self.least[place]), int(self.most[place])) for place, count in enumerate(self.counts)}

    def end(self, place: int, direction: int) -> int:
        """Return the minimum (1) or maximum (-1) of one count."""
        goal = np.zeros(len(self.counts))
        goal[place] = direction
        found = self.look(goal, whole=False)
        found = self.look(goal, whole=True) if found is None else found
        return int(found[place])

    def look(self, goal: Any, whole: bool) -> Any:
        """Return the table that minimises the goal, or None if it has fractions."""
        found = milp(goal, integrality=np.full(len(self.counts), int(whole)), bounds=self.bounds, constraints=self.constraints)
        if found.status == 2:
            raise ContradictionError(self.counts[0])
        if found.x is None:
            raise RuntimeError(found.message)
        table = np.rint(found.x).astype(int)
        if np.abs(found.x - table).max() > TOLERANCE or not self.fits(table):
            return None
        self.least, self.most = np.minimum(self.least, table), np.maximum(self.most, table)
        return table

    def fits(self, table: Any) -> bool:
        """Return whether integers satisfy every sum exactly."""
        if (table < self.bounds.lb).any() or (table > self.bounds.ub).any():
            return False
        made = self.matrix.astype(int) @ table
        return all(least <= value <= most for value, (_, least, most) in zip(made, self.sums, strict=True))
