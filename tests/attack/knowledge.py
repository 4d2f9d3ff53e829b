"""A set of facts about counts, and the bounds that follow from them one fact at a time.

It shares no code with the pipeline. Put here: intervals and sums. Keep out: what the files say (`attacker.py`), what the definitions say
(`definitions.py`), and what follows from all facts together (`solving.py`).
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

MOST = 1_000_000  # upper bound: more jongeren or meldingen than any regio has
BEYOND = 10**15  # a sum that no table reaches
ROUNDS = 100  # of propagation at most; to stop earlier only loses precision

Name = Hashable
Terms = tuple[tuple[Name, int], ...]


class ContradictionError(Exception):
    """No table satisfies the facts."""


@dataclass
class Knowledge:
    """The facts: an interval per count, bounds on sums of counts, and which sums are 0 if some count is."""

    least: dict[Name, int] = field(default_factory=dict)
    most: dict[Name, int] = field(default_factory=dict)
    sums: dict[Terms, tuple[int, int]] = field(default_factory=dict)
    zeros: dict[tuple[Terms, Name], None] = field(default_factory=dict)

    def interval(self, count: Name, least: int, most: int = MOST) -> None:
        """Add bounds on a count."""
        self.least[count] = max(least, self.least.get(count, least))
        self.most[count] = min(most, self.most.get(count, most))

    def sum(self, plus: Iterable[Name], minus: Iterable[Name] = (), least: int = -BEYOND, most: int = BEYOND) -> None:
        """Add bounds on a sum of counts minus other counts."""
        self.weighted(_terms(plus, minus), least, most)

    def weighted(self, terms: Mapping[Name, int], least: int = -BEYOND, most: int = BEYOND) -> None:
        """Add bounds on a weighted sum."""
        key = tuple((count, factor) for count, factor in terms.items() if factor)
        if key:
            before = self.sums.get(key, (-BEYOND, BEYOND))
            self.sums[key] = (max(least, before[0]), min(most, before[1]))

    def zero_with(self, other: Name, plus: Iterable[Name], minus: Iterable[Name] = ()) -> None:
        """Add that a sum of counts minus other counts, which is never below 0, is 0 if another count is."""
        self.zeros[tuple(_terms(plus, minus).items()), other] = None

    def copy(self) -> "Knowledge":
        """Return a copy, to add to."""
        return Knowledge(dict(self.least), dict(self.most), dict(self.sums), dict(self.zeros))

    def broken(self, table: Mapping[Name, int]) -> Iterator[str]:
        """Yield the facts that a table of all counts does not satisfy."""
        for count, least in self.least.items():
            if not least <= table[count] <= self.most[count]:
                yield f"{least} <= {count} <= {self.most[count]}, and not {table[count]}"
        for terms, (least, most) in self.sums.items():
            if not least <= _made(terms, table) <= most:
                yield f"{least} <= {_made(terms, table)} <= {most}: {[(factor, count, table[count]) for count, factor in terms]}"
        for terms, other in self.zeros:
            if not table[other] and _made(terms, table) > 0:
                yield f"{other} is 0, and not {[(factor, count, table[count]) for count, factor in terms]}"


def _terms(plus: Iterable[Name], minus: Iterable[Name]) -> dict[Name, int]:
    terms: dict[Name, int] = {}
    for counts, factor in ((plus, 1), (minus, -1)):
        for count in counts:
            terms[count] = terms.get(count, 0) + factor
    return terms


def _made(terms: Terms, table: Mapping[Name, int]) -> int:
    return sum(factor * table[count] for count, factor in terms)


class Facts:
    """The facts as arrays, with the bounds that follow from them one fact at a time.

    Args:
        known: The facts.
    """

    def __init__(self, known: Knowledge) -> None:
        self.names = list(known.least)
        self.place = {name: number for number, name in enumerate(self.names)}
        self.least = np.array(list(known.least.values()), dtype=np.int64)
        self.most = np.array([known.most[name] for name in self.names], dtype=np.int64)
        rows = [(terms, *bounds) for terms, bounds in known.sums.items()]
        rows += [((*terms, (other, -MOST)), -BEYOND, 0) for terms, other in known.zeros]
        entries = [(row, self.place[name], factor) for row, (terms, *_) in enumerate(rows) for name, factor in terms]
        self.row, self.column, self.factor = np.array(entries, dtype=np.int64).reshape(-1, 3).T
        self.low = np.array([low for _, low, _ in rows], dtype=np.int64)
        self.high = np.array([high for *_, high in rows], dtype=np.int64)
        if len(rows):
            self._propagate()
            self._tighten(first=len(known.sums))
            self._drop()

    @cached_property
    def matrix(self) -> Any:
        """The factors: a row for each fact, a column for each count."""
        return csr_array((self.factor.astype(float), (self.row, self.column)), shape=(len(self.low), len(self.least)))

    def sums(self, table: Any) -> Any:
        """Return the sum of each fact in a table."""
        return np.bincount(self.row, self.factor * table[self.column], len(self.low)).astype(np.int64)

    def broken(self, sums: Any) -> list[int]:
        """Return the facts that sums do not satisfy."""
        found: list[int] = np.flatnonzero((sums < self.low) | (sums > self.high)).tolist()
        return found

    def _ends(self) -> tuple[Any, Any]:
        """Return the least and the most of each count in each fact."""
        ends = self.factor * self.least[self.column], self.factor * self.most[self.column]
        return np.minimum(*ends), np.maximum(*ends)

    def _propagate(self) -> None:
        for _ in range(ROUNDS):
            before = self.least.copy(), self.most.copy()
            least, most = self._ends()
            low, high = (np.bincount(self.row, end, len(self.low)).astype(np.int64) for end in (least, most))
            upper, lower = self.high[self.row] - low[self.row] + least, self.low[self.row] - high[self.row] + most
            upward = self.factor > 0
            np.minimum.at(self.most, self.column, np.where(upward, upper // self.factor, lower // self.factor))
            np.maximum.at(self.least, self.column, -np.where(upward, -lower // self.factor, -upper // self.factor))
            if (low > self.high).any() or (high < self.low).any() or (self.least > self.most).any():
                raise ContradictionError
            if (before[0] == self.least).all() and (before[1] == self.most).all():
                return

    def _tighten(self, first: int) -> None:
        """Replace the large factor in the facts about zeros, the last of each, by the smallest that says the same."""
        last = np.append(self.row[1:] != self.row[:-1], True) & (self.row >= first)
        _, most = self._ends()
        largest = np.bincount(self.row, np.where(last, 0, most), len(self.low)).astype(np.int64)
        self.factor[last] = -np.clip(largest[self.row[last]], 1, MOST)

    def _drop(self) -> None:
        """Drop the facts that every table within the bounds satisfies."""
        least, most = (np.bincount(self.row, end, len(self.low)) for end in self._ends())
        kept = (least < self.low) | (most > self.high)
        entries = kept[self.row]
        self.row, self.column, self.factor = (np.cumsum(kept) - 1)[self.row[entries]], self.column[entries], self.factor[entries]
        self.low, self.high = self.low[kept], self.high[kept]
