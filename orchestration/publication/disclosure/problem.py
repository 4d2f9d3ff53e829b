"""What must be protected at what price, and what protecting it gives: the question and the answer of disclosure control.

Put here: those two. Keep out: finding the answer (`suppress.py`), and where the question comes from (`protection.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.system import Cell, Interval, Relation


class UnprotectableError(Exception):
    """A small count that follows from what is public already, whatever else is withheld."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = tuple(cells)
        super().__init__(f"niet te beschermen, want het volgt uit wat al openbaar is: {', '.join(map(str, self.cells))}")


@dataclass(frozen=True)
class Problem:
    """What must be protected, and at what price.

    Args:
        values: The true value of every count.
        relations: Every public fact about several of them.
        needed: Of each small count that must be withheld, the interval of which both ends must stay possible.
        signs: What the sign says that a withheld count gets first; `wide` where it is not named. A count with a narrower sign may be given
            the wide one when its own says too much.
        wide: What the sign `x` says.
        widest: Of a count of which more is known than that, from an earlier release, what is known; no sign can take it back.
        prices: What it costs to withhold a count; one without a price is never withheld unless it is needed.
        before: Counts that are withheld already, at no price.
        rounded: Counts that are rounded instead of withheld, at no price: their signs say to what. One may be withheld after all, for the
            price of one, and is shown as it is when it follows anyway.
    """

    values: Mapping[Cell, int]
    relations: Sequence[Relation]
    needed: Mapping[Cell, Interval]
    prices: Mapping[Cell, int]
    wide: Interval
    signs: Mapping[Cell, Interval] = field(default_factory=dict)
    widest: Mapping[Cell, Interval] = field(default_factory=dict)
    before: frozenset[Cell] = frozenset()
    rounded: frozenset[Cell] = frozenset()

    def part(self, cells: Sequence[Cell], relations: Sequence[Relation]) -> "Problem":
        """The same of some of the cells, which no relation ties to the others."""
        inside = set(cells)
        return Problem(
            self.values,
            relations,
            {cell: ends for cell, ends in self.needed.items() if cell in inside},
            {cell: price for cell, price in self.prices.items() if cell in inside},
            self.wide,
            self.signs,
            self.widest,
            self.before & inside,
            self.rounded & inside,
        )

    def widest_of(self, cell: Cell) -> Interval:
        """What the sign that says least still leaves of a count."""
        return self.widest.get(cell, self.wide)

    @property
    def movable(self) -> list[Cell]:
        """The counts that are withheld or may be; all others are constants."""
        return [cell for cell in self.values if cell in self.needed or cell in self.prices or cell in self.before or cell in self.rounded]


@dataclass(frozen=True)
class Pattern:
    """What is withheld, and why that is safe.

    Args:
        signs: Of each withheld count what its sign says.
        tables: The alternatives: from `protect` the true table first, each with a value for every withheld count.
        optimal: Whether no cheaper choice exists.
        moves: The same alternatives as they were found: each with what it changes only.
    """

    signs: Mapping[Cell, Interval]
    tables: Sequence[Table]
    optimal: bool
    moves: Sequence[Table] = ()
