"""The attacker's system as a linear program, kept in a solver from one question to the next.

Every question has the same form: is there another table that agrees with everything public, in which this count has that value; and if
there is not, which counts would have to be withheld as well? So a count that is still public may move too, at a price: what the cheapest
answer moves is what would have to be withheld.

Put here: that program. Keep out: what is asked, and why (`search.py`, `suppress.py`). Nothing here is trusted: answers are whole numbers
that `certificate.py` checks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from orchestration.publication.disclosure import solver
from orchestration.publication.disclosure.solver import INFINITY, TOLERANCE, Columns
from orchestration.publication.disclosure.system import Cell, Interval, Relation

NEAR = 1  # how far from the corner of the linear program whole numbers are looked for first
NODES = 2_000  # of a search for whole numbers: a limit on work, not on time, so that every machine stops at the same place


@dataclass(frozen=True)
class Answer:
    """What a question gave.

    Args:
        table: The other table, in whole numbers; None when no whole table was found.
        price: What its moves of public counts cost; without end when nothing helps.
        movers: The counts, not free now, of which at least one must become so before the answer can be free of cost.
        settled: Whether that is how it is; otherwise the search for whole numbers was given up.
    """

    table: dict[Cell, int] | None
    price: float
    movers: frozenset[Cell] = frozenset()
    settled: bool = True


class Program:
    """The system of some cells around their true values.

    Columns, three a cell: `free` (its move within its sign, 0 while it is public), and `up` and `down` (moves that cost).

    Args:
        values: The true value of every cell of the relations.
        relations: The facts; those in which nothing can ever move are left out.
        movable: The cells that are withheld, or may be.
    """

    def __init__(self, values: Mapping[Cell, int], relations: Sequence[Relation], movable: Iterable[Cell]) -> None:
        self._cells = list(movable)
        self._place = {cell: place for place, cell in enumerate(self._cells)}
        self._values = np.array([values[cell] for cell in self._cells], dtype=float)
        size = len(self._cells)
        self._lower, self._upper = np.zeros(3 * size), np.zeros(3 * size)
        self._cost = np.zeros(3 * size)
        self._solver = solver.new(NODES, presolve="off")
        solver.load(self._solver, self._cost, self._lower, self._upper, list(self._rows(values, relations)))

    def _rows(self, values: Mapping[Cell, int], relations: Sequence[Relation]) -> Iterator[solver.Row]:
        size = len(self._cells)
        for relation in relations:
            terms = [(self._place[cell], coefficient) for cell, coefficient in relation.terms if cell in self._place]
            if terms:
                now = sum(coefficient * values[cell] for cell, coefficient in relation.terms)
                low = None if relation.low is None else relation.low - now
                high = None if relation.high is None else relation.high - now
                moves = [((place, by), (size + place, by), (2 * size + place, -by)) for place, by in terms]
                yield [move for of_one in moves for move in of_one], low, high

    def withhold(self, cell: Cell, sign: Interval, wider: Interval, price: float) -> None:
        """Let a cell move freely within its sign; and beyond it at a price, within the wider sign that may yet be printed."""
        place = self._place[cell]
        value = self._values[place]
        above = 0.0 if sign.high is None else _end(wider) - sign.high
        below = float(sign.low - wider.low)
        self._bound(place, sign.low - value, _end(sign) - value)
        self._bound(len(self._cells) + place, 0.0, above, price if above else 0.0)
        self._bound(2 * len(self._cells) + place, 0.0, below, price if below else 0.0)

    def offer(self, cell: Cell, sign: Interval, price: float) -> None:
        """Let a public cell move within the sign that it would get, at a price for each step."""
        place = self._place[cell]
        value = self._values[place]
        self._bound(place, 0.0, 0.0)
        self._bound(len(self._cells) + place, 0.0, max(0.0, _end(sign) - value), price)
        self._bound(2 * len(self._cells) + place, 0.0, max(0.0, value - sign.low), price)

    def publish(self, cell: Cell) -> None:
        """Let a cell not move at all."""
        for block in range(3):
            self._bound(block * len(self._cells) + self._place[cell], 0.0, 0.0)

    def _bound(self, column: int, low: float, high: float, cost: float = 0.0) -> None:
        self._lower[column], self._upper[column], self._cost[column] = low, high, cost

    def ask(self, cell: Cell, value: int) -> Answer:
        """Look for the cheapest table in which a withheld cell has a value."""
        place = self._place[cell]
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[place :: len(self._cells)] = upper[place :: len(self._cells)] = 0.0
        lower[place] = upper[place] = value - self._values[place]
        return self._solve(lower, upper, self._cost)

    def push(self, wishes: Mapping[Cell, int]) -> dict[Cell, int] | None:
        """Look for a table in which many withheld cells move together, each towards a value and no further, and no public one moves."""
        size = len(self._cells)
        lower, upper = self._lower.copy(), self._upper.copy()
        lower[size:], upper[size:] = 0.0, 0.0
        cost = np.zeros(3 * size)
        for cell, value in wishes.items():
            place = self._place[cell]
            move = value - self._values[place]
            lower[place], upper[place] = max(lower[place], min(move, 0.0)), min(upper[place], max(move, 0.0))
            cost[place] = -np.sign(move)
        return self._solve(lower, upper, cost).table

    def _solve(self, lower: Columns, upper: Columns, cost: Columns) -> Answer:
        solver.bound(self._solver, lower, upper, cost)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            return Answer(None, float("inf"), settled=status == highspy.HighsModelStatus.kInfeasible)
        solution, price = self._solver.getSolution(), self._solver.getObjectiveValue()
        size = len(self._cells)
        paid = self._cost[size:] - np.array(solution.col_dual)[size:] > TOLERANCE
        paid &= (self._cost > 0)[size:] & (self._upper > self._lower)[size:]
        movers = frozenset(self._cells[place % size] for place in np.flatnonzero(paid)) if price > TOLERANCE else frozenset()
        corner = np.array(solution.col_value)
        if solver.is_whole(moves := self._moves(corner)):
            return Answer(self._table(moves), price, movers)
        return self._whole(corner, lower, upper, movers)

    def _whole(self, corner: Columns, lower: Columns, upper: Columns, movers: frozenset[Cell]) -> Answer:
        """Ask the same again in whole numbers, as the linear program's corner has a fraction: close to that corner, and then everywhere.

        Close by, nearly every number is settled, and the search takes milliseconds instead of seconds.
        """
        columns = np.arange(len(corner), dtype=np.int32)
        paid = self._cost > 0
        near_lower = np.maximum(lower, np.where(paid, lower, np.floor(corner) - NEAR))
        near_upper = np.minimum(upper, np.where(paid & (corner < TOLERANCE), 0.0, np.ceil(corner) + NEAR))
        with solver.whole_numbers(self._solver):
            for low, high in ((near_lower, near_upper), (lower, upper)):
                self._solver.changeColsBounds(len(columns), columns, low, high)
                self._solver.run()
                if self._solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
                    break
            return self._answer(movers)

    def _answer(self, movers: frozenset[Cell]) -> Answer:
        status = self._solver.getModelStatus()
        settled = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        if self._solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Answer(None, float("inf"), movers, settled)
        moves = self._moves(np.array(self._solver.getSolution().col_value))
        return Answer(self._table(moves), self._solver.getObjectiveValue(), movers, settled)

    def _moves(self, columns: Columns) -> Columns:
        free, up, down = columns.reshape(3, -1)
        return np.asarray(free + up - down)

    def _table(self, moves: Columns) -> dict[Cell, int]:
        values = np.rint(self._values + moves).astype(int)
        return dict(zip(self._cells, values.tolist(), strict=True))


def _end(sign: Interval) -> float:
    return INFINITY if sign.high is None else float(sign.high)
