"""Searches and checks alternatives: other counts that agree with everything that is public.

With an alternative, everything that is shown is true as well. An alternative changes a few counts of one block and leaves all others as
they are. What must be possible in one is decided elsewhere, and so is whether the draws are taken to be known.

Put here: blocks of counts and facts, the search, and the check. Keep out: which facts there are (`facts.py`), and what must be possible and
what to hide (`view.py`, `protect.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
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
        return Cell(*self[:3]) if self.uitsplitsing else self

    def of(self, gemeente_code: str) -> "Cell":
        """Return the same count of another gemeente."""
        return Cell(self[0], gemeente_code, *self[2:])  # `_replace` takes ten times as long, and large regios ask it often

    @property
    def drawn(self) -> tuple[str, str, str]:
        """What there is one draw for: schooljaar, breakdown and value."""
        return self.schooljaar, self.uitsplitsing, self.uitsplitsing_waarde

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

    def lacks(self, total: int) -> int:
        """Return by how much a sum must change to satisfy the fact."""
        return self.low - total if total < self.low else min(0, self.high - total)


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

    Attributes:
        touching: What limits how much more each count can be: twice the number of a fact, and one more where the fact subtracts the count.
        sums: What each fact adds up to.
        room: For each fact, how much more and how much less that can be.
        bounds: The number of the fact that was made of each sum.
    """

    cells: list[Cell]
    values: list[int]
    low: list[int]
    high: list[int]
    facts: list[Fact]
    added: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    touching: list[list[int]] = field(init=False)
    sums: list[int] = field(init=False)
    room: list[int] = field(init=False)
    bounds: dict[int, int] = field(init=False)
    _sum_of: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Make a fact of what is public of each sum, index the facts by count, and compute what each adds up to."""
        self.bounds = {number: len(self.facts) + place for place, number in enumerate(self.added)}
        self.facts += [self._bound(number) for number in self.added]
        self.touching = [[] for _ in self.cells]
        for number, fact in enumerate(self.facts):
            for cell in fact.plus:
                self.touching[cell].append(2 * number)
            for cell in fact.minus:
                self.touching[cell].append(2 * number + 1)
        self._sum_of = {part: number for number, parts in self.added.items() for part in parts}
        values = self.values
        self.sums = [sum(values[cell] for cell in fact.plus) - sum(values[cell] for cell in fact.minus) for fact in self.facts]
        self.room = [end for fact, total in zip(self.facts, self.sums, strict=True) for end in (fact.high - total, total - fact.low)]

    def _bound(self, number: int) -> Fact:
        because = f"{self.cells[number].indicator} van de gemeenten optelt tot de regio"
        return Fact(self.added[number], (), self.low[number], self.high[number], because)

    def seen(self, low: Sequence[int], high: Sequence[int]) -> "Block":
        """Return the same counts, of which something else is public."""
        other = copy(self)
        other.low, other.high, other.facts, other.room = list(self.low), list(self.high), list(self.facts), list(self.room)
        for number, ends in enumerate(zip(low, high, strict=True)):
            other.widen(number, *ends)
        return other

    def widen(self, number: int, low: int, high: int) -> None:
        """Change what is public of a count."""
        self.low[number], self.high[number] = low, high
        if number in self.bounds:
            fact = self.bounds[number]
            self.facts[fact] = self._bound(number)
            self.room[2 * fact : 2 * fact + 2] = high - self.sums[fact], self.sums[fact] - low

    def goal(self, number: int, low: int, high: int) -> Fact:
        """Return what is asked of an alternative: that a count is in a range."""
        return Fact(self.added.get(number, (number,)), (), low, high, "")

    def with_sums(self, moves: Mapping[int, int]) -> dict[int, int]:
        """Return the counts that are different in an alternative, with those that are the sum of them."""
        added: dict[int, int] = {}
        for cell, value in moves.items():
            if (number := self._sum_of.get(cell)) is not None:
                added[number] = added.get(number, self.values[number]) + value - self.values[cell]
        return {**moves, **added}

    def outside(self, moves: Mapping[int, int]) -> list[int]:
        """Return the counts of an alternative that cannot be what they are there, by what is public of each alone."""
        return [cell for cell, value in moves.items() if not self.low[cell] <= value <= self.high[cell]]

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
    yield from (f"{block.cells[cell]} kan geen {moves[cell]} zijn" for cell in block.outside(moves))
    for cell, value in moves.items():
        by = value - block.values[cell]
        for side in block.touching[cell]:
            change[side] = change.get(side, 0) + by
    for side, by in change.items():
        more = by - change.get(side ^ 1, 0)
        if more > block.room[side] or -more > block.room[side ^ 1]:
            yield f"onwaar is dan dat {block.facts[side // 2].because}"


class Search:
    """Searches alternatives in a block, from the truth outwards."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._moves: dict[int, int] = {}
        self._touched: dict[int, None] = {}
        self._steps = 0

    def find(self, goal: Fact) -> dict[int, int] | None:
        """Return an alternative for which a goal holds too; None if the search finds none."""
        values, found = self._block.values, None
        lacking = goal.lacks(sum(values[cell] for cell in goal.plus))
        self._moves, self._touched, self._steps = {}, {}, 0
        for cell, value in self._options(goal, lacking, -1):
            self._moves = {other: values[other] for other in goal.plus}  # they stay as they are, or the goal would be lost again
            self._move(cell, value)
            if value == values[cell] + lacking and self._repair():
                found = {other: moved for other, moved in self._moves.items() if moved != values[other]}
            for other in list(self._moves):
                self._undo(other)
            if found is not None:
                break
        return found

    def _move(self, cell: int, value: int) -> None:
        by, room = value - self._moves.get(cell, self._block.values[cell]), self._block.room
        self._moves[cell] = value
        for side in self._block.touching[cell]:
            room[side] -= by
            room[side ^ 1] += by
            self._touched[side >> 1] = None

    def _undo(self, cell: int) -> None:
        self._move(cell, self._block.values[cell])
        del self._moves[cell]

    def _repair(self) -> bool:
        """Change further counts until every fact holds."""
        room = self._block.room
        broken = next((fact for fact in self._touched if room[2 * fact] < 0 or room[2 * fact + 1] < 0), None)
        if broken is None:
            return True
        if len(self._moves) >= MOVES:
            return False
        need = room[2 * broken] if room[2 * broken] < 0 else -room[2 * broken + 1]
        for cell, value in self._options(self._block.facts[broken], need, broken):
            self._steps += 1
            if self._steps > NODES:
                return False
            self._move(cell, value)
            if self._repair():
                return True
            self._undo(cell)
        return False

    def _options(self, fact: Fact, need: int, number: int) -> list[tuple[int, int]]:
        """Return the counts whose change helps to satisfy a fact, best first: those that suffice, and break fewest other facts."""
        block, room, good, found = self._block, self._block.room, 0, list[tuple[bool, int, int, int, int]]()
        for by, cells in ((need, fact.plus), (-need, fact.minus)):
            for cell in cells:
                if cell in self._moves:
                    continue
                true = block.values[cell]
                value = min(true + by, block.high[cell]) if by > 0 else max(true + by, block.low[cell])
                if value == true:
                    continue
                more = value - true
                less = -more
                sides = block.touching[cell]
                others = [side for side in sides if (room[side] < more or room[side ^ 1] < less) and side >> 1 != number]
                broken = len(others)
                found.append((more != by, broken, len(found), cell, value))
                good += more == by and not broken
                if good == ENOUGH:
                    break
        return [(cell, value) for *_, cell, value in sorted(found)[:WIDTH]]
