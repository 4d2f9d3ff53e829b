"""What an attacker knows: one whole number per true count, and facts about them.

Every fact has one of two shapes. Of a single count: an interval – a published value is an interval of one number, a sign such as `<5` one
of 1 to 4. Of several counts: a sum that lies between two numbers – rows that make a total, jongeren that are no more than their meldingen,
a printed percentage that leaves its numerator little room.

Put here: those shapes, and exact arithmetic on them. Keep out: which facts there are (`knowledge.py`, `memory.py`) and any solver.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Cell(NamedTuple):
    """One count.

    Args:
        uitsplitsing: What it is broken down by, and `uitsplitsing_waarde` which value of it; both empty for the indicator itself.
        versie: Of a value that has changed since: the last release that had it. Empty for what the figures say now.
    """

    schooljaar: str
    gemeente_code: str
    indicator: str
    uitsplitsing: str = ""
    uitsplitsing_waarde: str = ""
    versie: str = ""

    def __str__(self) -> str:
        """Name the cell as `protect --explain` does: `2024-2025/0164/incidenten/school/06IN00`."""
        return "/".join(part for part in self if part)


@dataclass(frozen=True)
class Interval:
    """The whole numbers from `low` to `high`, both included; without end when `high` is None."""

    low: int
    high: int | None

    @property
    def exact(self) -> bool:
        """Whether one number is left."""
        return self.low == self.high

    @property
    def empty(self) -> bool:
        """Whether no number is left."""
        return self.high is not None and self.high < self.low

    def __contains__(self, value: int) -> bool:
        return self.low <= value and (self.high is None or value <= self.high)

    def covers(self, other: "Interval") -> bool:
        """Whether every number of the other is in this one."""
        return self.low <= other.low and (self.high is None or (other.high is not None and other.high <= self.high))

    def meet(self, other: "Interval") -> "Interval":
        """The numbers that are in both."""
        highs = [end for end in (self.high, other.high) if end is not None]
        return Interval(max(self.low, other.low), min(highs) if highs else None)


@dataclass(frozen=True)
class Relation:
    """A fact about several counts: `low ≤ Σ coefficient × count ≤ high`; None where it has no such end.

    Args:
        terms: Each cell once, with its coefficient.
        because: What ties them, in Dutch, for who asks which facts bound a cell.
    """

    terms: tuple[tuple[Cell, int], ...]
    low: int | None
    high: int | None
    because: str

    def holds(self, values: Mapping[Cell, int]) -> bool:
        """Whether whole numbers satisfy it, in exact arithmetic."""
        total = sum(coefficient * values[cell] for cell, coefficient in self.terms)
        return (self.low is None or self.low <= total) and (self.high is None or total <= self.high)

    def leaves(self, cell: Cell, values: Mapping[Cell, int]) -> Interval:
        """What it leaves of one of its counts when the others are known; every count is 0 or more."""
        by = dict(self.terms)[cell]
        rest = sum(coefficient * values[other] for other, coefficient in self.terms if other != cell)
        low, high = (self.low, self.high) if by > 0 else (self.high, self.low)
        least = 0 if low is None else -((rest - low) // by)
        return Interval(max(0, least), None if high is None else (high - rest) // by)


def equal(whole: Iterable[Cell], parts: Iterable[Cell], because: str) -> Relation:
    """Make the fact that some counts make together as much as others."""
    return Relation(_terms(whole, parts), 0, 0, because)


def at_most(less: Iterable[Cell], more: Iterable[Cell], because: str) -> Relation:
    """Make the fact that some counts make together no more than others."""
    return Relation(_terms(less, more), None, 0, because)


def _terms(plus: Iterable[Cell], minus: Iterable[Cell]) -> tuple[tuple[Cell, int], ...]:
    coefficients: dict[Cell, int] = {}
    for cells, sign in ((plus, 1), (minus, -1)):
        for cell in cells:
            coefficients[cell] = coefficients.get(cell, 0) + sign
    return tuple((cell, coefficient) for cell, coefficient in coefficients.items() if coefficient)


def components(cells: Iterable[Cell], relations: Sequence[Relation]) -> Iterator[tuple[list[Cell], list[Relation]]]:
    """Part the cells into groups that no relation ties to one another, each with its relations; in the order of the cells.

    A relation counts as a tie between those of its terms that are among the cells; one without any is left out.
    """
    order = {cell: place for place, cell in enumerate(cells)}
    leader = {cell: cell for cell in order}

    def lead(cell: Cell) -> Cell:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    held = [(relation, [cell for cell, _ in relation.terms if cell in order]) for relation in relations]
    for _, inside in held:
        for cell in inside[1:]:
            leader[lead(cell)] = lead(inside[0])
    groups: dict[Cell, tuple[list[Cell], list[Relation]]] = {}
    for cell in order:
        groups.setdefault(lead(cell), ([], []))[0].append(cell)
    for relation, inside in held:
        if inside:
            groups[lead(inside[0])][1].append(relation)
    yield from groups.values()
