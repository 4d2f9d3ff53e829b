"""Finds an alternative where the quick search does not, and the cheapest counts to hide for it: one integer program, solved by HiGHS.

Nothing that it answers is trusted: `alternatives.faults` checks each alternative.

Put here: the program. Keep out: prices (`protect.py`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from orchestration.errors import LeerplichtError
from orchestration.publication.disclosure.alternatives import Block, Fact

FAR = 20  # times what a small count lacks is how much any count may differ in an alternative; to move it, others move about as much
CHANGE = 1e-3  # what it costs to change a count by one, so that an alternative changes few
NODES = 10_000  # a limit on work, not on time, so that every machine stops at the same place
LARGEST = 60_000  # counts in a program: one of 48,000 took seconds, one of some 150,000 took 20 GB
INFEASIBLE = 2  # the status with which HiGHS says that there is no solution


class UndecidedError(LeerplichtError):
    """A search for whole numbers was given up; so it is not known whether there is an alternative."""


def cheapest(
    block: Block, cells: Sequence[int], goal: Fact, prices: Mapping[int, float], known: Sequence[tuple[int, int]], *, alone: bool = False
) -> dict[int, int] | None:
    """Return an alternative for which counts are hidden at the lowest price, with the sums in it; None if there is none even so.

    Args:
        block: The counts, with what is public of each.
        cells: The numbers of the counts that may be different.
        goal: What must hold besides.
        prices: What it costs to hide each count that can be hidden.
        known: What is public of each count even if it is hidden.
        alone: Leave out the facts that tie these counts to others; where there is no answer even so, there is none with more counts.

    Raises:
        UndecidedError: The search was given up, or not begun as there are too many counts.
    """
    if len(cells) > LARGEST:
        raise UndecidedError(f"geen uitsluitsel over {block.cells[goal.plus[0]]}: dat vraagt {len(cells)} aantallen tegelijk")
    far = FAR * max(1, abs(goal.lacks(sum(block.values[cell] for cell in goal.plus))))
    n, place = len(cells), {cell: number for number, cell in enumerate(cells)}
    true, low, high = (np.array([ends[cell] for cell in cells]) for ends in (block.values, block.low, block.high))
    least, most = np.array([known[cell] for cell in cells]).T
    hidden = np.array([number for number, cell in enumerate(cells) if cell in prices], dtype=int)
    m, free = len(hidden), np.isin(np.arange(n), hidden)
    # columns: how much each count is more, how much it is less, and whether it is hidden
    more = np.clip(np.where(free, most, high) - true, 0, far)
    less = np.clip(true - np.where(free, least, low), 0, far)
    # what is public of a sum is in its own bounds; here it is tied to its parts
    others = len(block.facts) - len(block.bounds)
    touched = dict.fromkeys(side >> 1 for cell in cells for side in block.touching[cell] if side >> 1 < others)
    if alone:
        touched = dict.fromkeys(fact for fact in touched if place.keys() >= {*block.facts[fact].plus, *block.facts[fact].minus})
    row = {fact: number for number, fact in enumerate(touched)}
    entries = [(row[side >> 1], place[cell], -1 if side & 1 else 1) for cell in cells for side in block.touching[cell] if side >> 1 in row]
    sums, ends = [block.sums[fact] for fact in touched], [block.facts[fact][2:4] for fact in touched]
    for tie in [*(Fact(block.added[cell], (cell,), 0, 0, "") for cell in cells if cell in block.added), goal]:
        terms = [*((cell, 1) for cell in tie.plus), *((cell, -1) for cell in tie.minus)]
        entries += [(len(sums), place[cell], sign) for cell, sign in terms if cell in place]
        sums.append(sum(sign * block.values[cell] for cell, sign in terms))
        ends.append(tie[2:4])
    rows, columns, signs = np.array(entries).T
    total, (at_least, at_most) = np.array(sums), np.array(ends).T
    k, each = len(sums), np.arange(m)
    # what is shown of a count bounds it, unless it is hidden
    matrix = coo_array(
        (
            np.concatenate([signs, -signs, np.ones(2 * m), np.full(2 * m, -far)]),
            (
                np.concatenate([rows, rows, k + each, k + m + each, k + each, k + m + each]),
                np.concatenate([columns, n + columns, hidden, n + hidden, 2 * n + each, 2 * n + each]),
            ),
        ),
        shape=(k + 2 * m, 2 * n + m),
    )
    found = milp(
        np.concatenate([np.full(2 * n, CHANGE), [prices[cells[int(number)]] for number in hidden]]),
        integrality=np.ones(2 * n + m),
        bounds=Bounds(0, np.concatenate([more, less, np.ones(m)])),
        constraints=LinearConstraint(
            matrix.tocsr(),
            np.concatenate([at_least - total, np.full(2 * m, -np.inf)]),
            np.concatenate([at_most - total, (high - true)[hidden], (true - low)[hidden]]),
        ),
        options={"node_limit": NODES, "mip_rel_gap": 0.01},
    )
    if found.status == INFEASIBLE:
        return None
    if found.x is None:
        raise UndecidedError(f"geen uitsluitsel over {block.cells[goal.plus[0]]} in {NODES} stappen")
    change = np.rint(found.x[:n] - found.x[n : 2 * n]).astype(int)
    return {cells[int(number)]: int(true[number] + change[number]) for number in np.flatnonzero(change)}
