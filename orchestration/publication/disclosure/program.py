"""The attacker's system as a linear program, kept in a solver from one question to the next.

Every question has the same form: is there another table that agrees with everything public, in which this count has that value; and if
there is not, which counts would have to be withheld as well? So a count that is still public may move too, at a price: what the cheapest
answer moves is what would have to be withheld.

Put here: everything that knows HiGHS. Keep out: what is asked, and why (`suppress.py`). Nothing here is trusted: answers are whole
numbers that `certificate.py` checks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from orchestration.publication.disclosure.system import Cell, Interval, Relation

TOLERANCE = 1e-6
NEAR = 1  # how far from the corner of the linear program whole numbers are looked for first
NODES = 2_000  # of a search for whole numbers: a limit on work, not on time, so that every machine stops at the same place


@dataclass(frozen=True)
class Answer:
    """What a question gave.

    Args:
        table: The other table, in whole numbers; None when no whole table was found.
        price: What its moves of public counts cost; without end when nothing helps.
        movers: The counts, not free now, of which at least one must become so before the answer can be free of cost.
    """

    table: dict[Cell, int] | None
    price: float
    movers: frozenset[Cell]


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
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("presolve", "off"), ("mip_max_nodes", NODES)):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(self._model(values, relations))

    def _model(self, values: Mapping[Cell, int], relations: Sequence[Relation]) -> highspy.HighsLp:
        model, size = highspy.HighsLp(), len(self._cells)
        lows: list[float] = []
        highs: list[float] = []
        starts, places, coefficients = [0], [], []
        for relation in relations:
            terms = [(self._place[cell], coefficient) for cell, coefficient in relation.terms if cell in self._place]
            if not terms:
                continue
            now = sum(coefficient * values[cell] for cell, coefficient in relation.terms)
            lows.append(-highspy.kHighsInf if relation.low is None else relation.low - now)
            highs.append(highspy.kHighsInf if relation.high is None else relation.high - now)
            for place, coefficient in terms:
                places += [place, size + place, 2 * size + place]
                coefficients += [coefficient, coefficient, -coefficient]
            starts.append(len(places))
        model.num_col_, model.num_row_ = 3 * size, len(lows)
        model.col_cost_, model.col_lower_, model.col_upper_ = self._cost, self._lower, self._upper
        model.row_lower_, model.row_upper_ = np.array(lows), np.array(highs)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(places, dtype=np.int32)
        model.a_matrix_.value_ = np.array(coefficients, dtype=float)
        return model

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

    def _solve(self, lower: NDArray[np.float64], upper: NDArray[np.float64], cost: NDArray[np.float64]) -> Answer:
        columns = np.arange(len(cost), dtype=np.int32)
        self._solver.changeColsBounds(len(columns), columns, lower, upper)
        self._solver.changeColsCost(len(columns), columns, cost)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return Answer(None, float("inf"), frozenset())
        solution, price = self._solver.getSolution(), self._solver.getObjectiveValue()
        paid = self._cost[len(self._cells) :] - np.array(solution.col_dual)[len(self._cells) :] > TOLERANCE
        paid &= (self._cost > 0)[len(self._cells) :] & (self._upper > self._lower)[len(self._cells) :]
        movers = frozenset(self._cells[place % len(self._cells)] for place in np.flatnonzero(paid))
        corner = np.array(solution.col_value)
        if _is_whole(moves := self._moves(corner)):
            return Answer(self._table(moves), price, movers)
        whole, price = self._whole(corner, lower, upper, price)
        return Answer(None if whole is None else self._table(whole), price, movers)

    def _whole(
        self, corner: NDArray[np.float64], lower: NDArray[np.float64], upper: NDArray[np.float64], price: float
    ) -> tuple[NDArray[np.float64] | None, float]:
        """Ask the same again in whole numbers, as the linear program's corner has a fraction: close to that corner, and then everywhere.

        Close by, nearly every number is settled, and the search takes milliseconds instead of seconds.
        """
        columns = np.arange(len(corner), dtype=np.int32)
        paid = self._cost > 0
        near_lower = np.maximum(lower, np.where(paid, lower, np.floor(corner) - NEAR))
        near_upper = np.minimum(upper, np.where(paid & (corner < TOLERANCE), 0.0, np.ceil(corner) + NEAR))
        self._solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), highspy.HighsVarType.kInteger))
        self._solver.setOptionValue("presolve", "on")
        found = False
        for low, high in ((near_lower, near_upper), (lower, upper)):
            if not found:
                self._solver.changeColsBounds(len(columns), columns, low, high)
                self._solver.run()
                found = self._solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        moves = self._moves(np.array(self._solver.getSolution().col_value)) if found else None
        price = self._solver.getObjectiveValue() if found else price
        self._solver.setOptionValue("presolve", "off")
        self._solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), highspy.HighsVarType.kContinuous))
        return moves, price

    def _moves(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        free, up, down = columns.reshape(3, -1)
        return np.asarray(free + up - down)

    def _table(self, moves: NDArray[np.float64]) -> dict[Cell, int]:
        values = np.rint(self._values + moves).astype(int)
        return dict(zip(self._cells, values.tolist(), strict=True))


def _is_whole(moves: NDArray[np.float64]) -> bool:
    return bool(np.abs(moves - np.rint(moves)).max(initial=0.0) <= TOLERANCE)


def _end(sign: Interval) -> float:
    return highspy.kHighsInf if sign.high is None else float(sign.high)
