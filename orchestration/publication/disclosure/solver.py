"""HiGHS, set so that every machine gives the same answer: one thread, a fixed seed, limits on work and none on time.

Put here: what everything that asks HiGHS does alike. Keep out: what is asked (`program.py`, `attack.py`, `suppress.py`). Nothing that it
answers is trusted: tables are checked in whole numbers by whoever uses them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import highspy
import numpy as np
from numpy.typing import NDArray

from orchestration.errors import LeerplichtError

Columns = NDArray[np.float64]
Row = tuple[Sequence[tuple[int, int]], float | None, float | None]  # (column, coefficient) each, and the ends; None where there is none

TOLERANCE = 1e-6  # what is nearer to a whole number than this is one
INFINITY = highspy.kHighsInf


class UndecidedError(LeerplichtError):
    """A search for whole numbers was given up."""


def new(nodes: int | None = None, **options: bool | float | str) -> highspy.Highs:
    """Make a solver.

    Args:
        nodes: How much a search for whole numbers may look at; without end when not given.
        options: Further options of HiGHS.
    """
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    chosen: dict[str, bool | float | str] = {"output_flag": False, "threads": 1, "random_seed": 1, **options}
    for option, value in (chosen | ({} if nodes is None else {"mip_max_nodes": nodes})).items():
        solver.setOptionValue(option, value)
    return solver


def load(solver: highspy.Highs, cost: Columns, lower: Columns, upper: Columns, rows: Sequence[Row]) -> None:
    """Give a solver its columns, and the rows that tie them."""
    start = np.cumsum([0, *(len(terms) for terms, _, _ in rows)])
    index = np.array([column for terms, _, _ in rows for column, _ in terms])
    by = np.array([coefficient for terms, _, _ in rows for _, coefficient in terms], dtype=float)
    low = np.array([-INFINITY if low is None else low for _, low, _ in rows], dtype=float)
    high = np.array([INFINITY if high is None else high for _, _, high in rows], dtype=float)
    _pass(solver, highspy.MatrixFormat.kRowwise, (cost, lower, upper), (low, high), (start, index, by))


def load_columns(
    solver: highspy.Highs,
    columns: tuple[Columns, Columns, Columns],
    rows: tuple[Columns, Columns],
    entries: tuple[NDArray[np.int64], NDArray[np.int64], Columns],
) -> None:
    """Give a solver the same, column by column.

    Args:
        solver: The solver.
        columns: Cost and both ends of each column.
        rows: Both ends of each row.
        entries: Where each column begins; the row of each of its entries; and their coefficients.
    """
    _pass(solver, highspy.MatrixFormat.kColwise, columns, rows, entries)


def _pass(
    solver: highspy.Highs,
    form: highspy.MatrixFormat,
    columns: tuple[Columns, Columns, Columns],
    rows: tuple[Columns, Columns],
    entries: tuple[NDArray[np.int64], NDArray[np.int64], Columns],
) -> None:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns[0]), len(rows[0])
    model.col_cost_, model.col_lower_, model.col_upper_ = columns
    model.row_lower_, model.row_upper_ = rows
    model.a_matrix_.format_ = form
    start, index, by = entries
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = start.astype(np.int32), index.astype(np.int32), by
    solver.passModel(model)


def bound(solver: highspy.Highs, lower: Columns, upper: Columns, cost: Columns) -> None:
    """Set the ends and the costs of all columns."""
    columns = np.arange(len(cost), dtype=np.int32)
    solver.changeColsBounds(len(columns), columns, lower, upper)
    solver.changeColsCost(len(columns), columns, cost)


@contextmanager
def whole_numbers(solver: highspy.Highs) -> Iterator[None]:
    """Ask for whole numbers, for as long as this lasts."""
    columns = np.arange(solver.getNumCol(), dtype=np.int32)
    solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), highspy.HighsVarType.kInteger))
    solver.setOptionValue("presolve", "on")
    yield
    solver.setOptionValue("presolve", "off")
    solver.changeColsIntegrality(len(columns), columns, np.full(len(columns), highspy.HighsVarType.kContinuous))


def found(solver: highspy.Highs) -> bool:
    """Whether the last run gave numbers that satisfy every row."""
    return bool(solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)


def is_whole(numbers: Columns) -> bool:
    """Whether all numbers are whole."""
    return bool(np.abs(numbers - np.rint(numbers)).max(initial=0.0) <= TOLERANCE)
