"""Which integer tables satisfy a set of facts: tables by moves from other tables, and by linear and integer programs.

It shares no code with the pipeline. Put here: what values a count can have. Keep out: the facts (`knowledge.py`).
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from random import Random
from typing import Any, NamedTuple

import numpy as np
from attack.knowledge import BEYOND, ContradictionError, Facts, Knowledge, Name
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

BASES = 6  # tables to move from
TRIES, STEPS, SAMPLE = 3, 60, 10  # moves from each table, changes in a move, and counts looked at for each change
ROUNDINGS, MENDS = 10, 200  # of the fractions of a linear program, and changes to mend each
NEAR = 250  # counts of a small program, about
OFTEN = 0.7  # how often a move mends the oldest broken fact
WORST = 9  # that a fact is broken by more than this does not make it worse

Entries = list[list[tuple[int, int]]]


class Search:
    """Finds which values counts can have.

    Args:
        known: The facts.
        table: A table of all counts that satisfies them; without, it finds one.
    """

    def __init__(self, known: Knowledge, table: Mapping[Name, int] | None = None) -> None:
        self._facts = Facts(known)
        self._around = _Around(self._facts)
        self._seen: list[set[int]] = [set() for _ in self._facts.names]
        self._bases: list[_Base] = []
        self._groups: dict[int, _Group] = {}
        self._random = Random(len(self._facts.names))
        self._keep(np.array([table[name] for name in self._facts.names], dtype=np.int64) if table is not None else self._first())

    def bounds(self, name: Name) -> tuple[int, int]:
        """Return the minimum and maximum that single facts leave."""
        place = self._facts.place[name]
        return int(self._facts.least[place]), int(self._facts.most[place])

    def can_be(self, name: Name, value: int) -> bool:
        """Return whether some table has this value of a count."""
        place = self._facts.place[name]
        least, most = self.bounds(name)
        if value in self._seen[place] or not least <= value <= most:
            return value in self._seen[place]
        return any(self._move(base, place, value) for base in self._bases for _ in range(TRIES)) or self._find(place, value)

    def range(self, name: Name) -> tuple[int, int]:
        """Return the minimum and maximum of a count in all tables."""
        place = self._facts.place[name]
        ends = [self._end(place, direction) for direction in (1, -1)] if len(set(self.bounds(name))) > 1 else self.bounds(name)
        return ends[0], ends[1]

    def is_known(self, name: Name) -> bool:
        """Return whether a count has one value in all tables."""
        seen = self._seen[self._facts.place[name]]
        value = next(iter(seen))
        if len(seen) > 1 or self.can_be(name, value + 1) or self.can_be(name, value - 1):
            return False
        least, most = self.range(name)
        return least == most

    def _keep(self, table: Any) -> None:
        """Remember a table: the values in it, and to move from."""
        sums = self._facts.sums(table)
        if self._facts.broken(sums) or (table < self._facts.least).any() or (table > self._facts.most).any():
            raise ContradictionError
        for seen, value in zip(self._seen, table.tolist(), strict=True):
            seen.add(value)
        self._bases = [_Base(table.tolist(), sums.tolist()), *self._bases][:BASES]

    def _move(self, base: "_Base", place: int, value: int) -> bool:
        """Try to give a count a value by changing others of a table; remember what values these get."""
        move = _Move(self._around, base, self._random)
        move.change(place, value - base.counts[place])
        if not move.mend(place, STEPS):
            return False
        for other, step in move.changes.items():
            self._seen[other].add(base.counts[other] + step)
        return True

    def _find(self, place: int, value: int) -> bool:
        """Find a table with a value of a count by programs, small ones first; return whether there is one."""
        base = np.array(self._bases[0].counts)
        counts, rows = self._around.near(place)
        table = self._table(_Group(self._facts, counts, rows, base, base), base, place, value)
        if table is None:
            # none either if all others may be anything: then a program of everything has none
            anything = _Group(self._facts, counts, rows, self._facts.least, self._facts.most)
            if anything.solve(np.zeros(len(counts)), whole=True, place=place, value=value) is None:
                return False
            table = self._table(self._group(place), base, place, value)
        if table is not None:
            self._keep(table)
        return table is not None

    def _table(self, group: "_Group", table: Any, place: int = -1, value: int = 0) -> Any:
        """Return a table with other values in a group, and with a value of one of its counts; None if there is none."""
        goal = np.array([self._random.choice((-1, 0, 1)) for _ in group.counts])
        found = group.solve(goal, whole=False, place=place, value=value)
        if found is None:
            return None
        for _ in range(ROUNDINGS):
            near = table.copy()
            near[group.counts] = np.floor(found + np.array([self._random.uniform(0.2, 0.8) for _ in group.counts]))
            sums = self._facts.sums(near)
            move = _Move(self._around, _Base(near.tolist(), sums.tolist()), self._random)
            move.begin(set(self._facts.broken(sums)).intersection(group.rows.tolist()))
            if move.mend(place, MENDS):
                near[list(move.changes)] += np.array(list(move.changes.values()), dtype=np.int64)
                return near
        found = group.solve(goal * 0, whole=True, place=place, value=value)
        if found is not None:
            table = table.copy()
            table[group.counts] = np.rint(found)
        return table if found is not None else None

    def _end(self, place: int, direction: int) -> int:
        """Return the minimum (1) or the maximum (-1) of a count."""
        group = self._group(place)
        found = group.solve(np.where(group.counts == place, direction, 0), whole=True)
        if found is None:
            raise ContradictionError
        return int(np.rint(found[group.counts == place][0]))

    def _first(self) -> Any:
        """Return a table."""
        table = self._facts.least.copy()
        for number in np.unique(self._around.groups_of_counts[self._facts.least < self._facts.most]):
            table = self._table(self._numbered(number), table)
            if table is None:
                raise ContradictionError
        return table

    def _group(self, place: int) -> "_Group":
        number = int(self._around.groups_of_counts[place])
        return self._groups.setdefault(number, self._groups.get(number) or self._numbered(number))

    def _numbered(self, number: int) -> "_Group":
        counts, rows = (np.flatnonzero(groups == number) for groups in (self._around.groups_of_counts, self._around.groups_of_facts))
        return _Group(self._facts, counts, rows, self._facts.least, self._facts.most)


class _Around:
    """What is around a count: its facts, the counts of these, and the group of all that it shares facts with."""

    def __init__(self, facts: Facts) -> None:
        self.low, self.high = facts.low.tolist(), facts.high.tolist()
        self.least, self.most = facts.least.tolist(), facts.most.tolist()
        self._free = (facts.least < facts.most)[facts.column]
        self._entries = facts.row[self._free], facts.column[self._free], facts.factor[self._free]

    @cached_property
    def counts_of(self) -> Entries:
        """For each fact its counts that are not yet known, with their factors."""
        found: Entries = [[] for _ in self.low]
        for row, column, factor in zip(*(part.tolist() for part in self._entries), strict=True):
            found[row].append((column, factor))
        return found

    @cached_property
    def facts_of(self) -> Entries:
        """For each count its facts, with its factor in each."""
        found: Entries = [[] for _ in self.least]
        for row, column, factor in zip(*(part.tolist() for part in self._entries), strict=True):
            found[column].append((row, factor))
        return found

    def near(self, place: int) -> tuple[Any, Any]:
        """Return the counts that a count shares facts with, and those that these do, until there are many; and all their facts."""
        counts, last = {place: None}, [place]
        while last and len(counts) < NEAR:
            rows = dict.fromkeys(row for count in last for row, _ in self.facts_of[count])
            last = [count for row in rows for count, _ in self.counts_of[row] if count not in counts]
            counts |= dict.fromkeys(last)
        return np.array(sorted(counts)), np.array(sorted({row for count in counts for row, _ in self.facts_of[count]}), dtype=np.int64)

    @cached_property
    def _groups(self) -> Any:
        rows, columns, _ = self._entries
        size = len(self.low) + len(self.least)
        graph = csr_array((np.ones(len(rows)), (rows, columns + len(self.low))), shape=(size, size))
        return connected_components(graph, directed=False)[1]

    @property
    def groups_of_facts(self) -> Any:
        """For each fact the number of its group."""
        return self._groups[: len(self.low)]

    @property
    def groups_of_counts(self) -> Any:
        """For each count the number of its group."""
        return self._groups[len(self.low) :]


class _Group:
    """Some counts and their facts, as a linear or integer program.

    Args:
        facts: All facts.
        counts: The numbers of the counts.
        rows: The numbers of the facts.
        least: The least that each count can be that is not among them.
        most: The most.
    """

    def __init__(self, facts: Facts, counts: Any, rows: Any, least: Any, most: Any) -> None:
        self.counts, self.rows = counts, rows
        matrix, others = facts.matrix[rows], np.ones(len(least))
        others[counts] = 0
        adding, taking = matrix.maximum(0), matrix.minimum(0)
        self._least, self._most = facts.least[counts].astype(float), facts.most[counts].astype(float)
        low, high = facts.low[rows], facts.high[rows]
        low = np.where(low <= -BEYOND, -np.inf, low - adding @ (most * others) - taking @ (least * others))
        high = np.where(high >= BEYOND, np.inf, high - adding @ (least * others) - taking @ (most * others))
        self._constraints = [LinearConstraint(matrix[:, self.counts], low, high)] if len(self.rows) else []

    def solve(self, goal: Any, whole: bool, place: int = -1, value: int = 0) -> Any:
        """Return the counts that minimise a goal, whole or with fractions, with a value of one of them; None if there are none."""
        least, most = self._least.copy(), self._most.copy()
        least[self.counts == place] = most[self.counts == place] = value
        integrality = np.full(len(self.counts), int(whole))
        found = milp(goal, integrality=integrality, bounds=Bounds(least, most), constraints=self._constraints)
        if found.x is None and found.status != 2:
            raise RuntimeError(found.message)
        return found.x


class _Base(NamedTuple):
    """A table, with the sum of each fact."""

    counts: list[int]
    sums: list[int]


class _Move:
    """A change of a table, and the facts that are broken after it."""

    def __init__(self, around: _Around, base: _Base, random: Random) -> None:
        self._around, self._base, self._random = around, base, random
        self.changes: dict[int, int] = {}
        self._sums: dict[int, int] = {}
        self._broken: dict[int, None] = {}

    def begin(self, broken: Iterable[int]) -> None:
        """Begin with facts that the table itself breaks."""
        self._broken = dict.fromkeys(sorted(broken))

    def change(self, place: int, step: int) -> None:
        """Change a count."""
        self.changes[place] = self.changes.get(place, 0) + step
        for row, factor in self._around.facts_of[place]:
            made = self._sums.get(row, 0) + factor * step
            self._sums[row] = made
            if self._around.low[row] <= self._base.sums[row] + made <= self._around.high[row]:
                self._broken.pop(row, None)
            else:
                self._broken[row] = None

    def mend(self, kept: int, steps: int) -> bool:
        """Change other counts until no fact is broken; return whether that is so."""
        moved = {kept: 2}
        for _ in range(steps):
            if not self._broken:
                break
            row = next(iter(self._broken)) if self._random.random() < OFTEN else self._random.choice(list(self._broken))
            best = self._best(row, moved)
            if best is None:
                break
            place, step = best
            moved[place] = moved.get(place, 0) + 1
            self.change(place, step)
        return not self._broken

    def _best(self, row: int, moved: Mapping[int, int]) -> tuple[int, int] | None:
        """Return the count of a broken fact that moved less than twice, and its change, that leave the least to mend."""
        around, made = self._around, self._base.sums[row] + self._sums.get(row, 0)
        missing = around.low[row] - made if made < around.low[row] else around.high[row] - made
        entries = around.counts_of[row]
        best, least = None, float("inf")
        for place, factor in self._random.sample(entries, SAMPLE) if len(entries) > SAMPLE else entries:
            if moved.get(place, 0) >= 2:
                continue
            size = -(-abs(missing) // abs(factor))
            now = self._base.counts[place] + self.changes.get(place, 0)
            step = size if (missing > 0) == (factor > 0) else -size
            step = max(around.least[place] - now, min(around.most[place] - now, step))
            cost = self._cost(place, step) + self._random.random() if step else least
            if cost < least:
                best, least = (place, step), cost
        return best

    def _cost(self, place: int, step: int) -> int:
        """Return by how much a change breaks facts more, or less."""
        cost = 0
        for row, factor in self._around.facts_of[place]:
            low, high = self._around.low[row], self._around.high[row]
            before = self._base.sums[row] + self._sums.get(row, 0)
            after = before + factor * step
            if not (low <= before <= high and low <= after <= high):
                cost += min(max(low - after, after - high, 0), WORST) - min(max(low - before, before - high, 0), WORST)
        return cost
