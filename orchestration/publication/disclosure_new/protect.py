"""Chooses what `openbaar` hides of the counts of one schooljaar, until there is an alternative for every small one.

First the indicators of all gemeenten, then each breakdown by itself: an alternative leaves all counts of other blocks as they are. Where a
search finds none, the cheapest further counts are hidden with which it does. Prices have a secret part, so nobody can replay a choice.

Put here: what must stay possible, and hiding more. Keep out: the search (`alternatives.py`), and what is shown of a hidden count
(`estimate.py`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from orchestration.publication.disclosure_new import estimate, facts, program
from orchestration.publication.disclosure_new.alternatives import Block, Cell, Search
from orchestration.publication.disclosure_new.facts import EVERYTHING, REGIO, Count
from orchestration.publication.disclosure_new.rounding import Draws, base
from orchestration.publication.disclosure_new.signs import ABSENT, HIDDEN, Shown, Sign, Signs

# what readers lose: of the regio they have the gemeenten; a headline is what a report quotes
IN_REGIO, IN_BREAKDOWN, ROUNDED, EXACT, BROKEN_DOWN = 1, 4, 8, 30, 300

NEAR = 8  # values of a breakdown that a small count is exchanged with first

Known = Mapping[Cell, tuple[int, int]]


@dataclass
class Protected:
    """How the counts of one schooljaar are protected.

    Args:
        shown: What is shown of each count.
        alternatives: Other counts that agree with everything public: of each the counts that are different, by value.
        lost: Small counts, with a value that each cannot have even if nothing were shown: what was public already excludes it.
    """

    shown: dict[Cell, Shown]
    alternatives: list[dict[Cell, int]] = field(default_factory=list)
    lost: list[tuple[Cell, int]] = field(default_factory=list)


def whole_of(cell: Cell) -> Cell:
    """Return the count that a value of a breakdown is a part of."""
    return cell._replace(uitsplitsing="", uitsplitsing_waarde="")


class View:
    """What is shown of the counts of one schooljaar, and the blocks that they make.

    Args:
        values: Every count, indicators and breakdowns, of all gemeenten and the regio.
        shown: What is shown of each.
        known: What is public of some counts besides.
        threshold: Counts below this, and above 0, are small.
    """

    def __init__(self, values: Mapping[Cell, int], shown: dict[Cell, Shown], known: Known, threshold: int) -> None:
        self.values, self.shown, self.known, self.threshold = values, shown, known, threshold
        self.blocks: dict[str, list[Cell]] = {"": []}
        for cell in values:
            self.blocks.setdefault(facts.block_of(cell.indicator, cell.uitsplitsing), []).append(cell)
        self.broken_down = {whole_of(cell) for name, cells in self.blocks.items() if name for cell in cells}
        self.served = sorted({cell.gemeente_code for cell in values} - {REGIO, facts.ONBEKEND})

    def shows_parts(self, whole: Cell) -> bool:
        """Return whether the breakdowns of an indicator are shown: those of a count that nobody can take for a small one."""
        shown = self.shown.get(whole, ABSENT)
        return shown.sign in (Sign.SHOWN, Sign.ROUNDED) and shown.low >= self.threshold

    def has_own_regio(self, whole: Cell) -> bool:
        """Return whether the breakdowns of the regio may show counts of their own: where those of all gemeenten are shown."""
        gemeenten = [whole._replace(gemeente_code=code) for code in self.served]
        return all(self.shows_parts(cell) or self.shown.get(cell, ABSENT).high == 0 for cell in gemeenten)

    def of_gemeente(self, cell: Cell) -> Shown:
        """Return what is shown of a count; of a breakdown that is not shown, because its whole is small, that it is no more than that."""
        shown, whole = self.shown[cell], self.shown.get(whole_of(cell), HIDDEN)
        return Shown(Sign.ABSENT, 0, 0, whole.high) if shown is ABSENT and cell.uitsplitsing else shown

    def block(self, name: str) -> Block:
        """Tie the counts of a block, with what is public of each."""
        largest_first = sorted(self.blocks[name], key=lambda cell: -self.values[cell])  # they leave most room to a search
        return facts.block([self._count(cell) for cell in largest_first if self._matters(cell)], self.values if name else {})

    def _matters(self, cell: Cell) -> bool:
        return not cell.uitsplitsing or cell.gemeente_code != REGIO or self.has_own_regio(whole_of(cell))

    def _count(self, cell: Cell) -> Count:
        value, shown, (low, high) = self.values[cell], self.shown[cell], self.known.get(cell, EVERYTHING)
        if cell in self.broken_down and self.shows_parts(cell) and (cell.gemeente_code != REGIO or self.has_own_regio(cell)):
            return Count(cell, value, value, value)  # its parts are of another block, and stay as they are
        if cell.uitsplitsing:
            high = min(high, self.shown[whole_of(cell)].high) if whole_of(cell) in self.shown else high
        return Count(cell, value, max(low, shown.low), min(high, shown.high))

    def demands(self, block: Block) -> Iterator[tuple[int, int]]:
        """Yield the number of each small count of a block, with each value that must stay possible and is not its own."""
        for number, cell in enumerate(block.cells):
            if 0 < block.values[number] < self.threshold and not (cell.uitsplitsing and not self.shows_parts(whole_of(cell))):
                yield from ((number, value) for value in (1, self.threshold - 1) if value != block.values[number])


def protect(values: Mapping[Cell, int], known: Known, before: frozenset[Cell], draws: Draws, threshold: int) -> Protected:
    """Protect the counts of one schooljaar.

    Args:
        values: Every count, indicators and breakdowns, of all gemeenten and the regio.
        known: What is public of some counts besides: by earlier releases and printed reports.
        before: Counts that an earlier release hid; they stay hidden.
        draws: The draws of the lake.
        threshold: Counts below this, and above 0, are small.
    """
    signs = Signs(draws, threshold)
    shown = {cell: HIDDEN if cell in before else signs.of(cell, value) for cell, value in values.items()}
    view, found = View(values, shown, known, threshold), Protected(shown)
    for name in sorted(view.blocks):
        for cell in view.blocks[name]:
            if cell.uitsplitsing and not view.shows_parts(whole_of(cell)):
                shown[cell] = ABSENT
            elif cell.uitsplitsing and cell.gemeente_code == REGIO and shown[cell] is not ABSENT and not view.has_own_regio(whole_of(cell)):
                shown[cell] = HIDDEN
        hiding = Hiding(view, name, draws, signs)
        hiding.run(found)
        hiding.show_estimates()
    return found


class Hiding:
    """Hides counts of one block until there is an alternative for each small one.

    Args:
        view: What is shown now; it is changed.
        name: The block.
        draws: The draws of the lake, for the secret part of prices.
    """

    def __init__(self, view: View, name: str, draws: Draws, signs: Signs) -> None:
        self._view, self._name, self._draws, self._signs = view, name, draws, signs
        self._block = view.block(name)
        self._search = Search(self._block)
        self._hidden: set[int] = set()

    def run(self, found: Protected) -> None:
        """Find an alternative for each demand."""
        cells = self._block.cells
        for number, value in self._view.demands(self._block):
            moves = self._search.find(self._block.goal(number, value)) or self._hide(number, value)
            if moves is None:
                found.lost.append((cells[number], value))
            else:
                found.alternatives.append({cells[cell]: other for cell, other in moves.items()})

    def _hide(self, number: int, value: int) -> dict[int, int] | None:
        """Hide the cheapest counts with which there is an alternative, and return it; None if there is none at all."""
        block = self._block
        known = [self._view.known.get(cell, EVERYTHING) for cell in block.cells]
        moves = None
        for cells in (self._near(number), range(len(block.cells))):
            if moves is None:
                prices = {cell: self._price(cell) for cell in cells if (block.low[cell], block.high[cell]) != known[cell]}
                moves = program.cheapest(block, cells, block.goal(number, value), prices, known)
        for cell, other in (moves or {}).items():
            if not block.low[cell] <= other <= block.high[cell]:
                self._hidden.add(cell)
                block.low[cell], block.high[cell] = known[cell]
        return moves

    def _near(self, number: int) -> list[int]:
        """Return the counts that a small one is most easily exchanged with: of its gemeente, or of its value and the largest ones."""
        cell = self._block.cells[number]
        if not self._name:
            return [place for place, other in enumerate(self._block.cells) if other.gemeente_code in (cell.gemeente_code, REGIO)]
        values = {cell.uitsplitsing_waarde, *self._largest}
        return [place for place, other in enumerate(self._block.cells) if other.uitsplitsing_waarde in values]

    @cached_property
    def _largest(self) -> list[str]:
        sizes = Counter[str]()
        for cell, value in zip(self._block.cells, self._block.values, strict=True):
            sizes[cell.uitsplitsing_waarde] += value
        return [value for value, _ in sizes.most_common(NEAR)]

    def _price(self, number: int) -> float:
        cell = self._block.cells[number]
        if cell.gemeente_code == REGIO:
            price = IN_REGIO
        elif cell.uitsplitsing:
            price = IN_BREAKDOWN
        else:
            price = ROUNDED if self._view.shown[cell].sign is Sign.ROUNDED else EXACT
        if cell in self._view.broken_down and self._view.shows_parts(cell):
            price *= BROKEN_DOWN
        return price * (1 + self._draws.weight(*cell))

    def show_estimates(self) -> None:
        """Show of each count that is hidden what follows from the others."""
        view, to = self._view, base(self._view.threshold)
        for number in self._hidden:
            view.shown[self._block.cells[number]] = HIDDEN
        if not self._name:
            hidden = [cell for cell in view.blocks[""] if view.shown[cell] is HIDDEN and cell.gemeente_code != REGIO and not cell.uitsplitsing]
            exact = [cell for cell in hidden if self._signs.is_exact(cell.indicator)]
            if exact:
                block = view.block("")
                follows = dict(zip(block.cells, estimate.narrow(block), strict=True))
                for cell in exact:
                    view.shown[cell] = estimate.estimate(*follows[cell][:2], to)
        for cell in view.blocks[self._name]:
            if cell.gemeente_code == REGIO and view.shown[cell] is not ABSENT:
                parts = [view.of_gemeente(part) for code in view.served if (part := cell._replace(gemeente_code=code)) in view.shown]
                added = estimate.sum_of_gemeenten(parts, to, adds_up=facts.adds_up_to_regio(cell.indicator))
                if view.shown[cell] is HIDDEN or added.sign is Sign.SHOWN:
                    view.shown[cell] = added
