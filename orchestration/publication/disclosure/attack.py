"""The attacker: what whole numbers counts can still be when some facts hold.

A value that can be is shown by a whole table, checked in integers. That nothing can be is the solver's word, until the facts are weighed so
that together they say that nothing at all is less than nothing: that is checked in fractions, and then needs no solver. Only where the
fractions allow what the whole numbers do not, the solver's search is all there is.

Put here: asking HiGHS about facts, and checking its answers. Keep out: what to ask (`audit.py`), and choosing what to withhold.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction

import highspy
import numpy as np

from orchestration.errors import LeerplichtError
from orchestration.publication.disclosure import solver
from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.solver import INFINITY, TOLERANCE, UndecidedError
from orchestration.publication.disclosure.system import Cell, Interval, Relation

NODES = 10_000  # of a search for whole numbers: a limit on work, not on time, so that every machine stops at the same place
PUSHES = 12  # attempts to reach many ends at once, before each that is left is asked for by itself
DENOMINATOR = 10**7  # weights are fractions of small whole numbers; the solver gives them in 16 digits
_Status = highspy.HighsModelStatus


class ContradictionError(LeerplichtError):
    """No table agrees with the facts."""


class Attacker:
    """Facts, kept in a solver from one question to the next.

    Args:
        facts: Everything that is known, of one count or of several; every count is 0 or more besides.
        cells: Counts to ask about of which nothing may be known.
    """

    def __init__(self, facts: Iterable[Relation], cells: Iterable[Cell] = ()) -> None:
        self.facts = tuple(facts)
        self._cells = list(dict.fromkeys([*(cell for fact in self.facts for cell, _ in fact.terms), *cells]))
        self._place = {cell: place for place, cell in enumerate(self._cells)}
        self._ties = [fact for fact in self.facts if not _is_single(fact)]
        self._least, self._most = _ends(self.facts)
        self._lower, self._upper = np.zeros(len(self._cells)), np.full(len(self._cells), INFINITY)
        for cell, fact in self._least.items():
            self._lower[self._place[cell]] = fact.low
        for cell, fact in self._most.items():
            self._upper[self._place[cell]] = fact.high
        self._solver = solver.new(NODES, solver="simplex", mip_rel_gap=0.0)
        rows = [([(self._place[cell], by) for cell, by in fact.terms], fact.low, fact.high) for fact in self._ties]
        solver.load(self._solver, np.zeros(len(self._cells)), self._lower, self._upper, rows)

    @contextmanager
    def knowing(self, cell: Cell, value: int) -> Iterator[None]:
        """Know the value of one count besides, for as long as this lasts."""
        place = self._place[cell]
        before = self._lower[place], self._upper[place]
        self._lower[place] = self._upper[place] = value
        self._solver.changeColBounds(place, value, value)
        yield
        self._lower[place], self._upper[place] = before
        self._solver.changeColBounds(place, *before)

    def table(self) -> Table | None:
        """Find a whole table that agrees with every fact; None when there is none.

        Raises:
            UndecidedError: The search was given up.
        """
        status, table = self._solve()
        return table if status == _Status.kOptimal else None

    def farthest(self, cell: Cell, sign: int) -> Table | None:
        """Find the table in which a count is largest (`sign` 1) or smallest (-1); None when it has no end that way.

        Raises:
            ContradictionError: No table agrees with the facts.
            UndecidedError: The search was given up.
        """
        self._solver.changeColCost(self._place[cell], -sign)
        status, table = self._solve()
        self._solver.changeColCost(self._place[cell], 0.0)
        if status == _Status.kInfeasible:
            raise ContradictionError("de feiten spreken elkaar tegen")
        return table if status == _Status.kOptimal else None

    def range(self, cell: Cell) -> Interval:
        """Give the least and the most that a count can be; each of them is one that it can be.

        Raises:
            ContradictionError: No table agrees with the facts.
            UndecidedError: The search was given up.
        """
        least, most = self.farthest(cell, -1), self.farthest(cell, 1)
        return Interval(least[cell] if least else 0, most[cell] if most else None)

    def push(self, start: Table, wishes: Mapping[Cell, int]) -> Table | None:
        """Move many counts together away from a table, each towards a value and no further; None when that leaves a fraction."""
        lower, upper, cost = self._lower.copy(), self._upper.copy(), np.zeros(len(self._cells))
        for cell, value in wishes.items():
            place = self._place[cell]
            lower[place] = max(lower[place], min(start[cell], value))
            upper[place] = min(upper[place], max(start[cell], value))
            cost[place] = np.sign(start[cell] - value)
        solver.bound(self._solver, lower, upper, cost)
        self._solver.run()
        table = self._whole() if self._solver.getModelStatus() == _Status.kOptimal else None
        solver.bound(self._solver, self._lower, self._upper, np.zeros(len(self._cells)))
        return table

    def refutation(self) -> dict[Relation, Fraction]:
        """Weigh the facts so that they refute each other, which `refutes` checks; nothing when no such weights are found."""
        for cell in self._least.keys() & self._most.keys():
            weighed = {self._least[cell]: Fraction(-1), self._most[cell]: Fraction(1)}
            if refutes(weighed):
                return weighed
        self._solver.run()
        if self._solver.getModelStatus() != _Status.kInfeasible:
            return {}
        _, there, ray = self._solver.getDualRay()  # type: ignore[attr-defined]  # its stubs lack it
        sizes = [abs(weight) for weight in ray if abs(weight) > TOLERANCE] if there else []
        for unit in (min(sizes), -min(sizes), max(sizes), -max(sizes)) if sizes else ():
            weighed = self._with_singles(
                {
                    fact: weight
                    for fact, size in zip(self._ties, ray, strict=True)
                    if (weight := Fraction(size / unit).limit_denominator(DENOMINATOR))
                }
            )
            if refutes(weighed):
                return weighed
        return {}

    def _with_singles(self, weighed: dict[Relation, Fraction]) -> dict[Relation, Fraction]:
        """Weigh what is known of each count alone so that it takes away what the other facts leave of that count."""
        for cell, weight in _left(weighed).items():
            if weight < 0 and cell in self._most:
                weighed[self._most[cell]] = -weight
            elif weight > 0 and cell in self._least:
                weighed[self._least[cell]] = -weight
        return weighed

    def _solve(self) -> tuple[highspy.HighsModelStatus, dict[Cell, int]]:
        """Solve in fractions, and again in whole numbers when the answer has a fraction."""
        if not self._cells:
            return (_Status.kOptimal if all(fact.holds({}) for fact in self.facts) else _Status.kInfeasible), {}
        self._solver.setOptionValue("presolve", "off")  # so that a contradiction comes with its weights
        self._solver.run()
        status = self._solver.getModelStatus()
        if status in (_Status.kInfeasible, _Status.kUnbounded):
            return status, {}
        if status == _Status.kOptimal and (table := self._whole()) is not None:
            return status, table
        with solver.whole_numbers(self._solver):
            self._solver.run()
            status, table = self._solver.getModelStatus(), self._whole()
        if status in (_Status.kInfeasible, _Status.kUnboundedOrInfeasible):  # an end there is: the fractions had one
            return _Status.kInfeasible, {}
        if status != _Status.kOptimal or table is None:
            raise UndecidedError(f"geen uitsluitsel over {len(self._cells)} cijfers in {NODES} stappen")
        return status, table

    def _whole(self) -> dict[Cell, int] | None:
        """The solver's table, if it is whole and agrees with every fact in exact arithmetic."""
        found = np.array(self._solver.getSolution().col_value)
        if len(found) != len(self._cells) or not solver.is_whole(found):
            return None
        table = dict(zip(self._cells, np.rint(found).astype(int).tolist(), strict=True))
        return table if agrees(table, self.facts) else None


def agrees(table: Table, facts: Iterable[Relation]) -> bool:
    """Whether whole numbers are counts, and agree with every fact, in exact arithmetic."""
    return min(table.values(), default=0) >= 0 and all(fact.holds(table) for fact in facts)


def refutes(weighed: Mapping[Relation, Fraction]) -> bool:
    """Whether facts contradict each other, by weighing them: together they say that something of 0 or more is less than 0.

    Args:
        weighed: Of each fact its weight; above 0 it stands for its upper end, below 0 for its lower end.
    """
    total = Fraction(0)
    for fact, weight in weighed.items():
        end = fact.high if weight > 0 else fact.low
        if end is None:
            return False
        total += weight * end
    return total < 0 and all(weight >= 0 for weight in _left(weighed).values())


def _left(weighed: Mapping[Relation, Fraction]) -> dict[Cell, Fraction]:
    """Add up weighed facts: what is left of each count."""
    left: dict[Cell, Fraction] = {}
    for fact, weight in weighed.items():
        for cell, coefficient in fact.terms:
            left[cell] = left.get(cell, Fraction(0)) + weight * coefficient
    return left


def _is_single(fact: Relation) -> bool:
    """Whether a fact is about one count, as it is; the solver keeps those as the ends of a column."""
    return len(fact.terms) == 1 and fact.terms[0][1] == 1


def _ends(facts: Iterable[Relation]) -> tuple[dict[Cell, Relation], dict[Cell, Relation]]:
    """The facts about one count alone that say most: of each the one with the highest low end, and the one with the lowest high end."""
    least: dict[Cell, Relation] = {}
    most: dict[Cell, Relation] = {}
    for fact in filter(_is_single, facts):
        cell = fact.terms[0][0]
        if fact.low is not None and fact.low > (least[cell].low or 0 if cell in least else 0):
            least[cell] = fact
        if fact.high is not None and (cell not in most or fact.high < (most[cell].high or 0)):
            most[cell] = fact
    return least, most


def is_(cell: Cell, known: Interval, because: str) -> Relation:
    """Make the fact that one count lies in an interval."""
    return Relation(((cell, 1),), known.low, known.high, because)


class Sight:
    """The least and the most that each count is seen to have, in tables that agree with all facts.

    Args:
        attacker: The facts.
        cells: The counts to look at.
        wanted: Of some counts both ends to look for; of the others a second value is enough.

    Raises:
        ContradictionError: No table agrees with the facts.
        UndecidedError: A search was given up.
    """

    def __init__(self, attacker: Attacker, cells: Sequence[Cell], wanted: Mapping[Cell, Interval], known: Iterable[Table] = ()) -> None:
        self._attacker, self._cells, self._wanted = attacker, cells, wanted
        start = attacker.table()
        if start is None:
            raise ContradictionError("de feiten spreken elkaar tegen")
        self._start = start
        self._least = {cell: start[cell] for cell in cells}
        self._most: dict[Cell, int | None] = dict(self._least)
        for table in known:
            if agrees(whole := {**start, **table}, attacker.facts):
                self._see(whole)
        self._push()
        for cell in cells:
            for sign in (1, -1):
                if any((wish - start[cell]) * sign > 0 for wish in self._wishes(cell)):
                    self._ask(cell, sign)

    def of(self, cell: Cell) -> Interval:
        """What a count is seen to have; where what is wanted was not found, that is all that it can have."""
        return Interval(self._least[cell], self._most[cell])

    def _see(self, table: Table) -> None:
        for cell in self._cells:
            self._least[cell] = min(self._least[cell], table[cell])
            most = self._most[cell]
            self._most[cell] = None if most is None else max(most, table[cell])

    def _wishes(self, cell: Cell) -> list[int]:
        """The values that are still looked for; of a second value both neighbours of the first."""
        seen, wanted = self.of(cell), self._wanted.get(cell)
        if wanted is None:
            return [seen.low + 1, seen.low - 1] if seen.exact else []
        high = seen.high if wanted.high is None or seen.high is None else wanted.high
        return [end for end in (high, wanted.low) if end is not None and not (seen.low <= end and (seen.high is None or end <= seen.high))]

    def _push(self) -> None:
        """Reach many ends at once: all that are open, or every other one, up and down in turn."""
        for number in range(PUSHES):
            wishes = {cell: wish[number % len(wish)] for cell in self._cells if (wish := self._wishes(cell))}
            if not wishes:
                return
            chosen = list(wishes.items())[:: 1 + number % 2]
            if table := self._attacker.push(self._start, dict(chosen)):
                self._see(table)

    def _ask(self, cell: Cell, sign: int) -> None:
        table = self._attacker.farthest(cell, sign)
        if table is None:
            self._most[cell] = None
        else:
            self._see(table)
