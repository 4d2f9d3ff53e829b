"""Controlled rounding: what a breakdown shows when withholding would leave too little of it.

Where more than two in five of the filled counts of a breakdown would be withheld, all of its counts are rounded to a multiple of five
instead, up or down, and together: a sum of which everything is public or rounded stays as near to the truth as one count, so that rounded
counts add up to a rounded whole, and exactly where all of it is rounded. A multiple stays as it is. So what a rounded count says of itself
is an interval, and it is protected like any other.

Whether a count goes up or down is a draw, the more likely up the nearer it is to the multiple above. Not simply to the nearest: then `0`
would say 1 or 2, and `5` 3 or 4. The draws come from the figures themselves: the same figures give the same draws, and whoever does not
know nearly all of them cannot repeat them.

Put here: which breakdowns are rounded, and to what. Keep out: whether that protects them (`suppress.py`), and how it is shown (`mask.py`).
"""

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.publication.disclosure import solver
from orchestration.publication.disclosure.system import Cell, Interval, Relation, components

BASE = 5
MOST_WITHHELD = 0.4  # of the filled counts of a breakdown
OUT = 1_000  # what it costs to leave a count out, beside a departure from a draw
NODES = 2_000  # of a search for one group of roundings: a limit on work, not on time

Ways = tuple[int, ...]  # to what a count may be rounded


def base(small: Interval) -> int:
    """To multiples of what counts are rounded: 5, or more where larger counts are small; else the sign would say that one is."""
    return max(BASE, 0 if small.high is None else small.high + 1)


def sign(rounded: int, base: int) -> Interval:
    """What a rounded count says: that the true one is less than a base away."""
    return Interval(max(0, rounded - base + 1), rounded + base - 1)


def rounded(sign: Interval, base: int) -> int | None:
    """The rounded count of a breakdown that a sign says; None where it says nothing."""
    return None if sign.high is None else sign.high - base + 1


def breakdown(cell: Cell) -> Cell:
    """The breakdown that a count is a value of: its name without the value."""
    return cell._replace(uitsplitsing_waarde="")


def sparse(values: Mapping[Cell, int], withheld: Collection[Cell]) -> Iterator[Cell]:
    """The breakdowns of which too many filled counts are withheld."""
    filled: dict[Cell, list[bool]] = {}
    for cell, value in values.items():
        if cell.uitsplitsing and value:
            filled.setdefault(breakdown(cell), []).append(cell in withheld)
    return (name for name, gone in filled.items() if sum(gone) > MOST_WITHHELD * len(gone))


@dataclass(frozen=True)
class Rounding:
    """Counts that are rounded, and the sums that were kept.

    Args:
        counts: Of each count to what it is rounded.
        kept: The facts that were taken into account: of each every other count must be public, or the rounded ones would tell of it.
    """

    counts: Mapping[Cell, int]
    kept: Sequence[Relation]


def round_off(
    values: Mapping[Cell, int], ways: Mapping[Cell, Ways], relations: Sequence[Relation], hidden: Collection[Cell], base: int
) -> Rounding:
    """Round counts together.

    Args:
        values: Every true count.
        ways: Of each count that is rounded to what it may be.
        relations: The facts that tie the counts.
        hidden: The counts that are withheld and not rounded: what they are part of is not looked at, or rounded counts would tell of them.
        base: To multiples of what.

    Returns:
        The roundings. Where sums cannot be kept, as counts keep the rounding that they had before, as few counts as possible are left out.
    """
    secret = _secret(values)
    found: dict[Cell, int] = {}
    kept: list[Relation] = []
    for cells, facts in components(ways, [fact for fact in relations if _is_kept(fact, ways, hidden)]):
        group = {cell: ways[cell] for cell in cells}
        chosen = _together(group, facts, values, base, {cell: _draw(secret, cell, values[cell], ways[cell]) for cell in group})
        found |= chosen
        kept += [fact for fact in facts if all(cell in chosen for cell, _ in fact.terms if cell in group)]
    return Rounding(found, kept)


def ways(value: int, base: int, known: Interval, needed: Interval | None) -> Ways:
    """To what a count may be rounded.

    Args:
        value: The true count.
        base: To multiples of what.
        known: What is known of it already; what tells nothing new is preferred, so that a count that does not change keeps its rounding.
        needed: What must stay possible of a small one.

    Returns:
        One or two multiples; none where each would say too much.
    """
    below = value - value % base
    fit = [way for way in dict.fromkeys((below, below if value == below else below + base)) if _leaves(way, base, known, needed)]
    same = [way for way in fit if sign(way, base).covers(known)]
    return tuple(same or fit)


def strays(fact: Relation, shown: Mapping[Cell, int], base: int) -> bool:
    """Whether a sum, some of it rounded, is further from the truth than one rounded count may be."""
    return not Relation(fact.terms, *_within(fact, base), fact.because).holds(shown)


def _within(fact: Relation, base: int) -> tuple[int | None, int | None]:
    return None if fact.low is None else fact.low - base + 1, None if fact.high is None else fact.high + base - 1


def _leaves(way: int, base: int, known: Interval, needed: Interval | None) -> bool:
    return needed is None or sign(way, base).meet(known).covers(needed)


def _is_kept(fact: Relation, rounded: Collection[Cell], hidden: Collection[Cell]) -> bool:
    """Whether a fact is about rounded counts and nothing hidden; one that leaves room is looked at only where all of it is rounded."""
    inside = [cell in rounded for cell, _ in fact.terms]
    return any(inside) and (all(inside) or is_open_sum(fact, hidden))


def is_open_sum(fact: Relation, hidden: Collection[Cell]) -> bool:
    """Whether a fact is a sum in which nothing is hidden."""
    return fact.low == fact.high and not any(cell in hidden for cell, _ in fact.terms)


def _together(
    group: Mapping[Cell, Ways], facts: Sequence[Relation], values: Mapping[Cell, int], base: int, drawn: Mapping[Cell, int]
) -> dict[Cell, int]:
    """Round a group with as few departures from the draws as its sums allow; without the fewest counts whose sums allow nothing."""
    places = {cell: number for number, cell in enumerate(group)}
    rows: list[solver.Row] = []
    for fact in facts:
        inside = [(cell, by) for cell, by in fact.terms if cell in group]
        least = sum(by * (group[cell][0] if cell in group else values[cell]) for cell, by in fact.terms)
        up = [(places[cell], by * (group[cell][-1] - group[cell][0])) for cell, by in inside if len(group[cell]) > 1]
        far = abs(least) + sum(abs(by) for _, by in up) + base
        low, high = (None if end is None else end - least for end in _within(fact, base))
        out = [len(group) + places[cell] for cell, _ in inside]
        rows += [([*up, *((place, far) for place in out)], low, None)] if low is not None else []
        rows += [([*up, *((place, -far) for place in out)], None, high)] if high is not None else []
    cost = [-1.0 if drawn[cell] == group[cell][-1] else 1.0 for cell in group] + [float(OUT)] * len(group)
    steps = _cheapest(cost, rows)
    return {cell: group[cell][-1 if steps[place] else 0] for cell, place in places.items() if not steps[len(group) + place]}


def _cheapest(cost: Sequence[float], rows: Sequence[solver.Row]) -> list[bool]:
    """The cheapest choice that satisfies the rows, or a cheap one; the one that chooses all satisfies them."""
    asked = solver.new(NODES)
    solver.load(asked, np.array(cost), np.zeros(len(cost)), np.ones(len(cost)), rows)
    with solver.whole_numbers(asked):
        asked.run()
        steps = np.array(asked.getSolution().col_value)
        return [bool(step > 0.5) for step in steps] if solver.found(asked) else [True] * len(cost)


def _secret(values: Mapping[Cell, int]) -> bytes:
    told = "\n".join(f"{cell} {value}" for cell, value in sorted(values.items()))
    return hashlib.sha256(told.encode()).digest()


def _draw(secret: bytes, cell: Cell, value: int, ways: Ways) -> int:
    """Draw a rounding: as often up as brings the mean to the true count."""
    drawn = int.from_bytes(hmac.digest(secret, str(cell).encode(), "sha256")[:8]) / 2**64
    return ways[-1] if len(ways) > 1 and drawn * (ways[-1] - ways[0]) < value - ways[0] else ways[0]
