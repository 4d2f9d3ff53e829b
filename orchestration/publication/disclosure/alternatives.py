"""Searches and checks alternatives: other counts that agree with everything that is public.

Who sees only what is public cannot tell an alternative from the truth. So a small count for which there is one with 1 and one with the
largest small count cannot be narrowed. An alternative changes a few counts of one block and leaves all others as they are.

Put here: blocks of counts and facts, the search, and the check. Keep out: which facts there are (`facts.py`), and what to hide
(`protect.py`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

ENDLESS = 10**9  # more than any count
# limits of a search: counts changed together, options tried per fact, good ones looked for, and steps
MOVES, WIDTH, ENOUGH, NODES = 12, 6, 2, 250


class Cell(NamedTuple):
    """A count; without a breakdown, the last two are empty."""

    schooljaar: str
    gemeente_code: str
    indicator: str
    uitsplitsing: str = ""
    uitsplitsing_waarde: str = ""

    @property
    def whole(self) -> "Cell":
        """The count that a value of a breakdown is a part of; itself without a breakdown."""
        return self._replace(uitsplitsing="", uitsplitsing_waarde="") if self.uitsplitsing else self

    def __str__(self) -> str:
        """Return its name in `protect --explain`: `2024-2025/0164/incidenten/school/06IN00`."""
        return "/".join(part for part in self if part)


class Fact(NamedTuple):
    """What everybody knows of several counts: `low ≤ sum of the counts in plus − sum of those in minus ≤ high`.

    Args:
        plus: Numbers of counts in a block.
        minus: Likewise.
        because: The definition that says so, in Dutch.
    """

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    low: int
    high: int
    because: str


@dataclass
class Block:
    """Counts that facts tie to one another.

    Args:
        cells: The counts.
        values: The true value of each.
        low: The least that each can be, by all that is public of it alone.
        high: The most, likewise.
        facts: What ties them.
        added: The counts that are by definition the sum of others, with those. No fact names such a count; what is public of it is a fact
            about its parts.
    """

    cells: list[Cell]
    values: list[int]
    low: list[int]
    high: list[int]
    facts: list[Fact]
    added: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    touching: list[list[tuple[int, int]]] = field(init=False)
    sums: list[int] = field(init=False)
    bounds: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Make a fact of what is public of each sum, index the facts by count, and compute what each adds up to."""
        self.bounds = {number: len(self.facts) + place for place, number in enumerate(self.added)}
        self.facts += [self._bound(number) for number in self.added]
        self.touching = [[] for _ in self.cells]
        for number, fact in enumerate(self.facts):
            for cell in fact.plus:
                self.touching[cell].append((number, 1))
            for cell in fact.minus:
                self.touching[cell].append((number, -1))
        values = self.values
        self.sums = [sum(values[cell] for cell in fact.plus) - sum(values[cell] for cell in fact.minus) for fact in self.facts]

    def _bound(self, number: int) -> Fact:
        because = f"{self.cells[number].indicator} van de gemeenten optelt tot de regio"
        return Fact(self.added[number], (), self.low[number], self.high[number], because)

    def widen(self, number: int, low: int, high: int) -> None:
        """Change what is public of a count."""
        self.low[number], self.high[number] = low, high
        if number in self.bounds:
            self.facts[self.bounds[number]] = self._bound(number)

    def goal(self, number: int, value: int) -> Fact:
        """Return what is asked of an alternative: that a count is a value."""
        return Fact(self.added.get(number, (number,)), (), value, value, "")

    def with_sums(self, moves: Mapping[int, int]) -> dict[int, int]:
        """Return the counts that are different in an alternative, with those that are the sum of them."""
        added = {
            number: self.values[number] + sum(moves[part] - self.values[part] for part in parts if part in moves)
            for number, parts in self.added.items()
            if not moves.keys().isdisjoint(parts)
        }
        return {**moves, **added}

    def false(self) -> list[Fact]:
        """Return the facts that the true counts break."""
        broken = [fact for fact, total in zip(self.facts, self.sums, strict=True) if not fact.low <= total <= fact.high]
        return broken + [self._bound(number) for number, fact in self.bounds.items() if self.sums[fact] != self.values[number]]


Moves = Mapping[int, int]


def faults(block: Block, moves: Moves) -> Iterable[str]:
    """Check an alternative in exact arithmetic: yield each reason why it is none.

    Args:
        block: The counts, and everything that is public of them.
        moves: The number of each count that is different, and its other value.
    """
    change: dict[int, int] = {}
    for cell, value in moves.items():
        if not block.low[cell] <= value <= block.high[cell]:
            yield f"{block.cells[cell]} kan geen {value} zijn"
        for number, sign in block.touching[cell]:
            change[number] = change.get(number, 0) + sign * (value - block.values[cell])
    for number, by in change.items():
        fact = block.facts[number]
        if not fact.low <= block.sums[number] + by <= fact.high:
            yield f"onwaar is dan dat {fact.because}"


class Search:
    """Searches alternatives in a block, from the truth outwards."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._moves: dict[int, int] = {}
        self._change: dict[int, int] = {}
        self._steps = 0

    def find(self, goal: Fact) -> dict[int, int] | None:
        """Return an alternative for which a goal holds too; None if the search finds none."""
        values = self._block.values
        lacking = goal.low - sum(values[cell] for cell in goal.plus)
        self._moves, self._change, self._steps = {}, {}, 0
        for cell, value, *_ in self._options(goal, lacking, -1):
            self._moves = {other: values[other] for other in goal.plus}  # they stay as they are, or the goal would be lost again
            self._move(cell, value)
            if value == values[cell] + lacking and self._repair():
                return {other: moved for other, moved in self._moves.items() if moved != values[other]}
            self._undo(cell)
        return None

    def _move(self, cell: int, value: int) -> None:
        by = value - self._moves.get(cell, self._block.values[cell])
        self._moves[cell] = value
        for fact, sign in self._block.touching[cell]:
            self._change[fact] = self._change.get(fact, 0) + sign * by

    def _undo(self, cell: int) -> None:
        self._move(cell, self._block.values[cell])
        del self._moves[cell]

    def _lacks(self, fact: int) -> int:
        """Return by how much a sum must change to satisfy its fact."""
        total, known = self._block.sums[fact] + self._change.get(fact, 0), self._block.facts[fact]
        return known.low - total if total < known.low else min(0, known.high - total)

    def _repair(self) -> bool:
        """Change further counts until every fact holds."""
        broken = next((fact for fact, by in self._change.items() if by and self._lacks(fact)), None)
        if broken is None:
            return True
        if len(self._moves) >= MOVES:
            return False
        for cell, value, *_ in self._options(self._block.facts[broken], self._lacks(broken), broken):
            self._steps += 1
            if self._steps > NODES:
                return False
            self._move(cell, value)
            if self._repair():
                return True
            self._undo(cell)
        return False

    def _options(self, fact: Fact, need: int, number: int) -> list[tuple[int, int, bool, int]]:
        """Return the counts whose change helps to satisfy a fact, best first: those that suffice, and break fewest other facts."""
        block, change, found, good = self._block, self._change, [], 0
        for by, cells in ((need, fact.plus), (-need, fact.minus)):
            for cell in cells:
                if cell in self._moves:
                    continue
                true = block.values[cell]
                value = min(true + by, block.high[cell]) if by > 0 else max(true + by, block.low[cell])
                if value == true:
                    continue
                broken = 0
                for other, sign in block.touching[cell]:
                    if other != number:
                        total, known = block.sums[other] + change.get(other, 0) + sign * (value - true), block.facts[other]
                        broken += not known.low <= total <= known.high
                found.append((cell, value, value != true + by, broken))
                good += value == true + by and not broken
                if good == ENOUGH:
                    break
        return sorted(found, key=lambda option: option[2:])[:WIDTH]
