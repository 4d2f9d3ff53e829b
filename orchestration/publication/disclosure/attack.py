"""The attacker: what whole numbers counts can still be when some facts hold.

A value that can be is shown by a whole table, checked in integers. That nothing can be is the solver's word, until the facts are weighed so
that together they say that nothing at all is less than nothing: that is checked in fractions, and then needs no solver. Only where the
fractions allow what the whole numbers do not, the solver's search is all there is.

Put here: asking HiGHS about facts, and checking its answers. Keep out: what to ask (`audit.py`), and choosing what to withhold.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import highspy
import numpy as np

from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.system import Cell, Interval, Relation

NODES = 10_000  # of a search for whole numbers: a limit on work, not on time, so that every machine stops at the same place
DENOMINATOR = 10**7  # weights are fractions of small whole numbers; the solver gives them in 16 digits
OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 1,
    "solver": "simplex",
    "mip_max_nodes": NODES,
    "mip_rel_gap": 0.0,
}

_Status = highspy.HighsModelStatus


class ContradictionError(Exception):
    """No table agrees with the facts."""


class UndecidedError(Exception):
    """The search for a whole table was given up."""


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
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in OPTIONS.items():
            self._solver.setOptionValue(option, value)
        self._solver.passModel(self._model())

    def _model(self) -> highspy.HighsLp:
        model, size = highspy.HighsLp(), len(self._cells)
        rows = [[(self._place[cell], coefficient) for cell, coefficient in fact.terms] for fact in self.facts]
        model.num_col_, model.num_row_ = size, len(rows)
        model.col_cost_, model.col_lower_ = np.zeros(size), np.zeros(size)
        model.col_upper_ = np.full(size, highspy.kHighsInf)
        model.row_lower_ = np.array([-highspy.kHighsInf if fact.low is None else fact.low for fact in self.facts], dtype=float)
        model.row_upper_ = np.array([highspy.kHighsInf if fact.high is None else fact.high for fact in self.facts], dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *map(len, rows)], dtype=np.int32)
        model.a_matrix_.index_ = np.array([place for row in rows for place, _ in row], dtype=np.int32)
        model.a_matrix_.value_ = np.array([coefficient for row in rows for _, coefficient in row], dtype=float)
        return model

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

    def refutation(self) -> dict[Relation, Fraction]:
        """Weigh the facts so that they refute each other, which `refutes` checks; nothing when the solver gives no such weights."""
        self._solver.run()
        if self._solver.getModelStatus() != _Status.kInfeasible:
            return {}
        _, there, ray = self._solver.getDualRay()  # type: ignore[attr-defined]  # its stubs lack it
        if not there:
            return {}
        sizes = [abs(weight) for weight in ray if abs(weight) > 1e-9]
        for unit in (min(sizes, default=1.0), max(sizes, default=1.0)):
            for sign in (1, -1):
                weights = [sign * Fraction(weight / unit).limit_denominator(DENOMINATOR) for weight in ray]
                weighed = {fact: weight for fact, weight in zip(self.facts, weights, strict=True) if weight}
                if refutes(weighed):
                    return weighed
        return {}

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
        columns = np.arange(len(self._cells), dtype=np.int32)
        self._solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), highspy.HighsVarType.kInteger))
        self._solver.setOptionValue("presolve", "on")
        self._solver.run()
        status, table = self._solver.getModelStatus(), self._whole()
        self._solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), highspy.HighsVarType.kContinuous))
        self._solver.setOptionValue("presolve", "off")
        if status in (_Status.kInfeasible, _Status.kUnboundedOrInfeasible):  # an end there is: the fractions had one
            return _Status.kInfeasible, {}
        if status != _Status.kOptimal or table is None:
            raise UndecidedError(f"geen uitsluitsel over {len(self._cells)} cijfers in {NODES} stappen")
        return status, table

    def _whole(self) -> dict[Cell, int] | None:
        """The solver's table, if it is whole and agrees with every fact in exact arithmetic."""
        found = np.array(self._solver.getSolution().col_value)
        if len(found) != len(self._cells) or np.abs(found - np.rint(found)).max() > 1e-6:
            return None
        table = dict(zip(self._cells, np.rint(found).astype(int).tolist(), strict=True))
        return table if all(fact.holds(table) for fact in self.facts) and min(table.values()) >= 0 else None


def refutes(weighed: Mapping[Relation, Fraction]) -> bool:
    """Whether facts contradict each other, by weighing them: together they say that something of 0 or more is less than 0.

    Args:
        weighed: Of each fact its weight; above 0 it stands for its upper end, below 0 for its lower end.
    """
    total, left = Fraction(0), dict[Cell, Fraction]()
    for fact, weight in weighed.items():
        end = fact.high if weight > 0 else fact.low
        if end is None:
            return False
        total += weight * end
        for cell, coefficient in fact.terms:
            left[cell] = left.get(cell, Fraction(0)) + weight * coefficient
    return total < 0 and all(weight >= 0 for weight in left.values())


def is_(cell: Cell, known: Interval, because: str) -> Relation:
    """Make the fact that one count lies in an interval."""
    return Relation(((cell, 1),), known.low, known.high, because)


def moving(facts: Sequence[Relation], cells: Sequence[Cell], values: Mapping[Cell, int]) -> set[Cell]:
    """Give the counts that can have another value than the true one.

    Args:
        facts: Everything that is known; the true table agrees with it.
        cells: The counts to look at.
        values: The true table, of these counts.
    """
    attacker, moved = Attacker(facts, cells), set[Cell]()
    for cell in cells:
        for sign in (1, -1):
            if cell in moved:
                break
            table = attacker.farthest(cell, sign)
            if table is None:
                moved.add(cell)
            else:
                moved |= {other for other in cells if table[other] != values[other]}
    return moved
