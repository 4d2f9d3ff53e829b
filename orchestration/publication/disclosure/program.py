"""The attacker's system as a linear program, asked about a neighbourhood or about all of it.

Every question has the same form: is there another table that agrees with everything public, in which this count has that value; and if
there is not, which counts would have to be withheld as well? So a count that is still public may move too, at a price: what the cheapest
answer moves is what would have to be withheld.

Put here: that program. Keep out: what is asked, and why (`search.py`, `suppress.py`). Nothing here is trusted: answers are whole numbers
that `certificate.py` checks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from orchestration.publication.disclosure import solver
from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.solver import INFINITY, TOLERANCE, Columns
from orchestration.publication.disclosure.system import Cell, Interval, Relation

TIES = (2, 1, 0)  # whole numbers are looked for among what is tied to the linear program's answer by so many rows; at last, among all
NODES = 2_000  # of a search for whole numbers: a limit on work, not on time, so that every machine stops at the same place
LIGHT: dict[str, bool | float | str] = {  # without these, cuts take seconds now and then
    "mip_heuristic_run_feasibility_jump": False,
    "mip_lp_age_limit": 2,
    "mip_pool_soft_limit": 100,
}
STEP = 1e-3  # what a step costs that is free otherwise: an answer of few steps is mostly whole, and leaves most counts alone
ANY = highspy.kHighsIInf

PLUS, MINUS, UP, DOWN = range(4)  # the ways in which a count can move: within its sign, and at a price
WAYS = np.array([1, -1, 1, -1])

Places = NDArray[np.int64]
_Status = highspy.HighsModelStatus


@dataclass(frozen=True)
class Answer:
    """What a question gave.

    Args:
        move: Of each count that the other table changes, what it has there; None when no whole table was found.
        price: What its moves of public counts cost; without end when nothing helps.
        movers: The counts, not free now, of which at least one must become so before the answer can be free of cost.
        settled: Whether that is how it is; otherwise the search for whole numbers was given up.
    """

    move: Table | None
    price: float
    movers: frozenset[Cell] = frozenset()
    settled: bool = True


@dataclass(frozen=True)
class _Question:
    """A linear program: a column for each way in which a cell can move.

    Args:
        places: The cell of each column.
        ways: The way of each column.
        lower: The least steps of each.
        upper: The most.
        cost: What a step costs.
        price: What of that is for what is not free.
    """

    places: Places
    ways: Places
    lower: Columns
    upper: Columns
    cost: Columns
    price: Columns

    def part(self, chosen: NDArray[np.bool_]) -> "_Question":
        """The same of some of the columns; the others do not move."""
        places, ways = self.places[chosen], self.ways[chosen]
        return _Question(places, ways, self.lower[chosen], self.upper[chosen], self.cost[chosen], self.price[chosen])


class Program:
    """The system of some cells around their true values.

    Args:
        values: The true value of every cell of the relations.
        relations: The facts; those in which nothing can ever move are left out.
        movable: The cells that are withheld, or may be.
    """

    def __init__(self, values: Mapping[Cell, int], relations: Sequence[Relation], movable: Iterable[Cell]) -> None:
        self._cells = list(movable)
        self._place = {cell: place for place, cell in enumerate(self._cells)}
        self._values = np.array([values[cell] for cell in self._cells], dtype=float)
        self._most = np.zeros((len(WAYS), len(self._cells)))  # steps, each way
        self._price = np.zeros((len(WAYS), len(self._cells)))  # of a step
        self._step = np.ones(len(self._cells))  # how gladly a free step is taken
        self._solver = solver.new(NODES, presolve="off", mip_rel_gap=0.0, mip_abs_gap=0.5, **LIGHT)  # prices are whole numbers
        self._read(values, relations)

    def _read(self, values: Mapping[Cell, int], relations: Sequence[Relation]) -> None:
        """Keep the relations cell by cell: of each the rows that it is in, and with which coefficient."""
        rows: list[list[tuple[int, int]]] = [[] for _ in self._cells]
        ends: list[tuple[float, float]] = []
        for relation in relations:
            inside = [(self._place[cell], by) for cell, by in relation.terms if cell in self._place]
            if inside:
                for place, by in inside:
                    rows[place].append((len(ends), by))
                now = sum(by * values[cell] for cell, by in relation.terms)
                ends.append((_or(relation.low, -INFINITY) - now, _or(relation.high, INFINITY) - now))
        self._start = np.cumsum([0, *(len(of_cell) for of_cell in rows)])
        self._row = np.array([row for of_cell in rows for row, _ in of_cell], dtype=np.int64)
        self._by = np.array([by for of_cell in rows for _, by in of_cell], dtype=float)
        self._ends = np.array(ends, dtype=float).reshape(-1, 2)

    def withhold(self, cell: Cell, sign: Interval, wider: Interval, price: float, step: float) -> None:
        """Let a cell move freely within its sign, and beyond it at a price.

        Args:
            cell: The cell.
            sign: What its sign says.
            wider: What the sign that may yet be printed says.
            price: Of a step beyond its own sign.
            step: How much a free step counts, beside that of others, where an answer of few steps is wanted.
        """
        self._step[self._place[cell]] = step
        value = self._values[self._place[cell]]
        above, below = 0.0 if sign.high is None else _or(wider.high, INFINITY) - sign.high, sign.low - wider.low
        self._let(cell, (_or(sign.high, INFINITY) - value, value - sign.low, above, below), price)

    def offer(self, cell: Cell, sign: Interval, price: float) -> None:
        """Let a public cell move within the sign that it would get, at a price for each step."""
        value = self._values[self._place[cell]]
        self._let(cell, (0.0, 0.0, max(0.0, _or(sign.high, INFINITY) - value), max(0.0, value - sign.low)), price)

    def publish(self, cell: Cell) -> None:
        """Let a cell not move at all."""
        self._let(cell, (0.0, 0.0, 0.0, 0.0), 0.0)

    def _let(self, cell: Cell, most: tuple[float, ...], price: float) -> None:
        place = self._place[cell]
        self._most[:, place], self._price[UP:, place] = most, price

    def ask(self, cell: Cell, value: int, *, few: bool = False) -> Answer:
        """Look for the cheapest table in which a withheld cell has a value.

        Args:
            cell: The cell.
            value: Its value there.
            few: Whether, of what costs the same, a table that changes little is wanted; then `movers` says nothing.
        """
        return self._solve(self._question(np.arange(len(self._cells)), self._place[cell], value, STEP if few else 0.0))

    def ask_free(self, cell: Cell, value: int, among: Iterable[Cell]) -> Answer:
        """Look among some cells for a table that costs nothing and changes little, in which a withheld one of them has a value."""
        places = np.array([self._place[other] for other in among])
        asked = self._question(places, self._place[cell], value, STEP)
        return self._solve(asked.part(asked.price == 0))

    def _question(self, places: Places, place: int, value: int, step: float) -> _Question:
        lower, upper, price = np.zeros((len(WAYS), len(places))), self._most[:, places], self._price[:, places]
        here = int(np.flatnonzero(places == place)[0])
        by = value - self._values[place]
        upper[:, here] = 0.0
        way = PLUS if by > 0 else MINUS
        lower[way, here] = upper[way, here] = abs(by)
        ways, columns = np.nonzero(upper > 0)
        cost = price[ways, columns] + step * (ways < UP) * self._step[places[columns]]
        return _Question(places[columns], ways, lower[ways, columns], upper[ways, columns], cost, price[ways, columns])

    def _solve(self, asked: _Question) -> Answer:
        self._load(asked)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status != _Status.kOptimal:
            return Answer(None, float("inf"), settled=status == _Status.kInfeasible)
        solution = self._solver.getSolution()
        corner = np.array(solution.col_value)
        movers: frozenset[Cell] = frozenset()
        if asked.price @ corner > TOLERANCE:
            paid = (asked.price > 0) & (asked.cost - np.array(solution.col_dual) > TOLERANCE)
            movers = frozenset(self._cells[place] for place in asked.places[paid])
        if solver.is_whole(corner):
            return Answer(self._move(asked, corner), float(asked.price @ corner), movers)
        return self._whole(asked, corner, movers)

    def _whole(self, asked: _Question, corner: Columns, movers: frozenset[Cell]) -> Answer:
        """Ask the same again in whole numbers, as the linear program's corner has a fraction: close to that corner, and then everywhere.

        Close by, few counts are looked at, and the search takes milliseconds instead of seconds.
        """
        near = corner > TOLERANCE
        self._solver.setOptionValue("mip_max_improving_sols", ANY if asked.price.any() else 1)  # what is free, is as good as it gets
        for ties in TIES:
            near = self._tied(asked, near, ties)
            part = asked.part(near)
            self._load(part)
            with solver.whole_numbers(self._solver):
                self._solver.run()
                answer = self._answer(part, movers)
            if answer.move is not None:
                break
        return answer

    def _tied(self, asked: _Question, near: NDArray[np.bool_], ties: int) -> NDArray[np.bool_]:
        """Some columns, and those that share at least so many rows with them."""
        column, row, _ = self._entries(asked)
        touched = np.zeros(len(self._ends))
        touched[row[near[column]]] = 1.0
        wider: NDArray[np.bool_] = near | (np.bincount(column, touched[row], len(near)) >= ties)
        return wider

    def _entries(self, asked: _Question) -> tuple[Places, Places, Columns]:
        """The column, the row and the coefficient of each entry, column by column."""
        counts = self._start[asked.places + 1] - self._start[asked.places]
        column = np.repeat(np.arange(len(counts)), counts)
        first = np.concatenate([[0], np.cumsum(counts)[:-1]])
        entries = np.arange(len(column)) + (self._start[asked.places] - first)[column]
        return column, self._row[entries], self._by[entries] * WAYS[asked.ways][column]

    def _load(self, asked: _Question) -> None:
        """Give the solver the columns of a question, and the rows that they are in."""
        column, row, by = self._entries(asked)
        start = np.searchsorted(column, np.arange(len(asked.places) + 1))
        used, rows = np.unique(row, return_inverse=True)
        low, high = self._ends[used].T
        solver.load_columns(self._solver, (asked.cost, asked.lower, asked.upper), (low, high), (start, rows, by))

    def _answer(self, asked: _Question, movers: frozenset[Cell]) -> Answer:
        status = self._solver.getModelStatus()
        settled = status in (_Status.kOptimal, _Status.kInfeasible, _Status.kSolutionLimit)
        if not solver.found(self._solver):
            return Answer(None, float("inf"), movers, settled)
        steps = np.array(self._solver.getSolution().col_value)
        return Answer(self._move(asked, steps), float(asked.price @ steps), movers, settled)

    def _move(self, asked: _Question, steps: Columns) -> Table:
        moves = np.zeros(len(self._cells))
        np.add.at(moves, asked.places, WAYS[asked.ways] * np.rint(steps))
        return {self._cells[place]: int(self._values[place] + moves[place]) for place in np.flatnonzero(moves)}


def _or(end: int | None, otherwise: float) -> float:
    return otherwise if end is None else float(end)
