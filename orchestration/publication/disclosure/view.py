"""What the public files say of the counts of one schooljaar, the blocks that facts make of them, and what must stay possible.

Put here: what is shown and what is known besides, seen by anybody, with the draws or without. Keep out: choosing what to hide
(`protect.py`), and what is shown of a hidden count (`estimate.py`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from orchestration.publication.disclosure import estimate, facts
from orchestration.publication.disclosure.alternatives import Block, Cell
from orchestration.publication.disclosure.facts import EVERYTHING, REGIO, Count
from orchestration.publication.disclosure.rounding import base, interval
from orchestration.publication.disclosure.signs import ABSENT, HIDDEN, Shown, Sign, is_exact, is_published

ANY = "een ander"

Known = Mapping[Cell, tuple[int, int]]
Drawn = Mapping[tuple[str, str, str], int]  # by schooljaar, breakdown and value


class Demand(NamedTuple):
    """What must stay possible of a small count.

    Args:
        number: Which, in its block.
        ranges: An alternative must have it in one of these.
        name: What that is, in the proof.
        with_draws: Whether it must also be possible for somebody who knows the draws.
    """

    number: int
    ranges: tuple[tuple[int, int], ...]
    name: str
    with_draws: bool


class View:
    """What is shown of the counts of one schooljaar, and the blocks that they make.

    Args:
        values: Every count, indicators and breakdowns, of all gemeenten and the regio.
        shown: What is shown of each.
        beliefs: What people may take for known of some counts besides, from the most to the least.
        threshold: Counts below this, and above 0, are small.
        drawn: The draws.
    """

    def __init__(
        self, values: Mapping[Cell, int], shown: dict[Cell, Shown], beliefs: Sequence[Known], threshold: int, drawn: Drawn
    ) -> None:
        self.values, self.shown, self.threshold, self._beliefs, self._drawn = values, shown, threshold, beliefs, drawn
        self.blocks: dict[str, list[Cell]] = {"": []}
        for cell in values:
            self.blocks.setdefault(facts.block_of(cell.indicator, cell.uitsplitsing), []).append(cell)
        self.parts: dict[Cell, list[Cell]] = {}
        for cell in values:
            if cell.uitsplitsing:
                self.parts.setdefault(cell.whole, []).append(cell)
        self.served = sorted({cell.gemeente_code for cell in values} - {REGIO, facts.ONBEKEND})

    @classmethod
    def of_public(
        cls, values: Mapping[Cell, int], said: Mapping[Cell, Shown], beliefs: Sequence[Known], threshold: int, drawn: Drawn
    ) -> "View":
        """Make the view of somebody who reads the public files: what follows from other figures says nothing itself.

        Args:
            values: Every count.
            said: What the rows of the public files show.
            beliefs: What people may take for known of some counts besides, from the most to the least.
            threshold: Counts below this, and above 0, are small.
            drawn: The draws.
        """
        view = cls(values, {cell: said.get(cell, ABSENT) for cell in values}, beliefs, threshold, drawn)
        zero = Shown(Sign.ROUNDED, 0, 0, base(threshold) - 1)
        for cell, shown in view.shown.items():
            if cell.uitsplitsing and shown is ABSENT and is_published(cell) and view.shows_parts(cell.whole):
                view.shown[cell] = zero  # rows of what is rounded to nothing are left out
            elif shown.sign is Sign.ROUNDED and is_exact(cell):
                view.shown[cell] = replace(shown, derived=True)
        for cell in values:
            if cell.gemeente_code == REGIO:
                shown, added = view.shown[cell], view.sum_of_gemeenten(cell)
                # without a row nobody sees whether it is 0 or rounded to it
                same = shown.number == added.number and (shown.sign == added.sign or shown is zero)
                view.shown[cell] = replace(shown, derived=same)
        return view

    @cached_property
    def all(self) -> list["View"]:
        """This view, and those of people who take less for known, down to nothing; they share what is shown."""
        less = (self._beliefs[number:] for number in range(1, len(self._beliefs) + 1))
        return [self, *(View(self.values, self.shown, beliefs, self.threshold, self._drawn) for beliefs in less)]

    @cached_property
    def _in_gemeenten(self) -> Mapping[Cell, Sequence[Cell]]:
        return facts.in_gemeenten(self.values)

    @property
    def known(self) -> Known:
        """What is taken for known."""
        return self._beliefs[0] if self._beliefs else {}

    def contradicted(self) -> list[Cell]:
        """Return the counts that are not what is shown of them."""
        ends = ((cell, value, *self._said_with_draws(cell)) for cell, value in self.values.items())
        return [cell for cell, value, low, high in ends if not low <= value <= high]

    def _said_with_draws(self, cell: Cell) -> tuple[int, int]:
        """Return the least and the most that a count can be by what is shown of it, for somebody who knows the draws."""
        shown = self.shown[cell]
        if shown.sign is not Sign.ROUNDED or shown.derived:
            return shown.said
        most = (shown.number or 0) + self._drawn[cell.drawn]
        return max(0, most - base(self.threshold) + 1), most

    def with_draws(self, block: Block) -> Block:
        """Return a block as somebody sees it who knows every draw as well."""
        said = [self._said_with_draws(cell) for cell in block.cells]
        low = [max(low, least) for low, (least, _) in zip(block.low, said, strict=True)]
        return block.seen(low, [min(high, most) for high, (_, most) in zip(block.high, said, strict=True)])

    def shows_parts(self, whole: Cell) -> bool:
        """Return whether the breakdowns of an indicator are shown: those of a count that is shown and certainly not small."""
        shown = self.shown.get(whole, ABSENT)
        if shown.sign is Sign.SHOWN and is_exact(whole):
            return (shown.number or 0) >= self.threshold
        # one rule for the regio, whether it is rounded or exact
        return shown.sign in (Sign.SHOWN, Sign.ROUNDED) and not is_exact(whole) and (shown.number or 0) >= 2 * base(self.threshold)

    def drop_parts(self) -> None:
        """Remove breakdowns of wholes that are not shown; hide those of the regio unless every gemeente shows its own."""
        for whole, parts in self.parts.items():
            if not self.shows_parts(whole):
                self.shown.update(dict.fromkeys(parts, ABSENT))
            elif whole.gemeente_code == REGIO and not self._may_count_regio(whole):
                self.shown.update({cell: HIDDEN for cell in parts if is_published(cell)})

    def show_regio(self, name: str) -> None:
        """Show of each count of the regio in a block what follows from the gemeenten, where nothing of its own is shown."""
        for cell in self.blocks[name]:
            if cell.gemeente_code == REGIO and self.shown[cell] is not ABSENT:
                added = self.sum_of_gemeenten(cell)
                if self.shown[cell] is HIDDEN or added.sign is Sign.SHOWN:
                    self.shown[cell] = added

    def _may_count_regio(self, whole: Cell) -> bool:
        """Return whether a breakdown of the regio may show its own counts: its whole does, and every gemeente shows its breakdown."""
        gemeenten = [whole.of(code) for code in self.served]
        is_own = facts.adds_up_to_regio(whole.indicator) or not self.shown[whole].derived
        return is_own and all(self.shows_parts(cell) or self.shown.get(cell, ABSENT).high == 0 for cell in gemeenten)

    def _counts_regio(self, parts: Iterable[Cell]) -> bool:
        """Return whether any value of a breakdown of the regio says something that the gemeenten do not."""
        return any(self.shown[cell].said != EVERYTHING for cell in parts)

    def of_gemeente(self, cell: Cell) -> Shown:
        """Return what is shown of a count; of a breakdown that is not shown, because its whole is small, that it is no more than that."""
        shown, whole = self._as_read(self.shown[cell]), self._as_read(self.shown.get(cell.whole, HIDDEN))
        return Shown(Sign.ABSENT, 0, 0, whole.high) if shown is ABSENT and cell.uitsplitsing and whole.sign is not Sign.HIDDEN else shown

    def _as_read(self, shown: Shown) -> Shown:
        """Return what a row says by itself: an estimate is a rounded number for who reads it, whatever it follows from."""
        if not shown.derived or shown.sign is not Sign.ROUNDED:
            return shown
        low, high = interval(shown.number or 0, base(self.threshold))
        return replace(shown, low=low, high=high)

    def sum_of_gemeenten(self, cell: Cell) -> Shown:
        """Return what is shown of a count of the regio where nothing of its own is."""
        parts = [self.of_gemeente(part) for part in self._in_gemeenten[cell]]
        added = estimate.sum_of_gemeenten(parts, base(self.threshold), adds_up=facts.adds_up_to_regio(cell.indicator))
        # `0–4` would say more than is known; in a breakdown such rows are left out
        return HIDDEN if added.number == 0 and added.high >= base(self.threshold) and not cell.uitsplitsing else added

    def block(self, name: str) -> Block:
        """Tie the counts of a block, with what is public of each."""
        largest_first = sorted(self.blocks[name], key=lambda cell: -self.values[cell])  # they leave most room to a search
        of_regio: dict[Cell, list[Cell]] = {}
        for cell in largest_first:
            if cell.uitsplitsing and cell.gemeente_code == REGIO:
                of_regio.setdefault(cell.whole, []).append(cell)
        silent = {cell for parts in of_regio.values() if not self._counts_regio(parts) for cell in parts}
        return facts.block([self._count(cell) for cell in largest_first if cell not in silent], self.values if name else {})

    def _count(self, cell: Cell) -> Count:
        value, said, (low, high) = self.values[cell], self.shown[cell].said, self.known.get(cell, EVERYTHING)
        if self.is_fixed(cell):
            return Count(cell, value, value, value)
        if cell.uitsplitsing:
            high = min(high, self.shown.get(cell.whole, ABSENT).said[1])
        return Count(cell, value, max(low, said[0]), min(high, said[1]))

    def is_fixed(self, cell: Cell) -> bool:
        """Return whether alternatives must keep a count, because a breakdown of it is shown, which is in another block."""
        parts = [part for part in self.parts.get(cell, ()) if facts.block_of(part.indicator, part.uitsplitsing)]
        return bool(parts) and self.shows_parts(cell) and (cell.gemeente_code != REGIO or self._counts_regio(parts))

    def demands(self, block: Block) -> Iterator[Demand]:
        """Yield what must stay possible: that a small count is the least and the most of its sign, and, with the draws, any other value."""
        there, values = set(block.cells), Counter((cell.whole, cell.uitsplitsing) for cell in block.cells)
        for number, cell in enumerate(block.cells):
            true, most = block.values[number], self.threshold - 1
            if not 0 < true <= most:
                continue
            if cell.uitsplitsing and cell.whole not in there and not self.shows_parts(cell.whole):
                # an alternative keeps the whole, which is in another block, so the part cannot be more
                if values[cell.whole, cell.uitsplitsing] == 1:
                    continue
                most = min(most, self.values[cell.whole])
            # a regio has at least as many as it has gemeenten that have any
            least = max(1, sum(block.values[part] > 0 for part in block.added.get(number, ())))
            yield from (Demand(number, ((value, value),), str(value), with_draws=False) for value in (least, most) if value != true)
            yield Demand(number, ((0, true - 1), (true + 1, true + base(self.threshold))), ANY, with_draws=True)
