"""Chooses what `openbaar` hides of the counts of one schooljaar, until there is an alternative for every small one.

First the indicators of all gemeenten, then each breakdown by itself: an alternative leaves all counts of other blocks as they are. Where a
search finds none, the cheapest further counts are hidden with which it does. Prices have a secret part, so nobody can replay a choice.

Put here: what must stay possible, and hiding more. Keep out: the search (`alternatives.py`), and what is shown of a hidden count
(`estimate.py`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from orchestration.errors import LeerplichtError
from orchestration.publication.disclosure import estimate, facts, program
from orchestration.publication.disclosure.alternatives import Block, Cell, Search
from orchestration.publication.disclosure.facts import EVERYTHING, REGIO, Count
from orchestration.publication.disclosure.rounding import Draws, base
from orchestration.publication.disclosure.signs import ABSENT, HIDDEN, Shown, Sign, Signs, is_exact, is_published

# what readers lose: of the regio they have the gemeenten; a headline is what a report quotes
IN_REGIO, IN_BREAKDOWN, ROUNDED, EXACT, BROKEN_DOWN = 1, 4, 8, 30, 300

NEAR = 8  # values of a breakdown that a small count is exchanged with first

Known = Mapping[Cell, tuple[int, int]]


class ContradictionError(LeerplichtError):
    """The figures break a fact that everybody knows of them: an error in the figures, or in the fact."""


@dataclass
class Protected:
    """How the counts of one schooljaar are protected.

    Args:
        values: The true counts.
        shown: What is shown of each.
        hidden: The counts that are hidden so that others can be shown.
        alternatives: Other counts that agree with everything public: of each the counts that are different, by value.
        lost: Small counts, with a value that each cannot have even if nothing were shown, because what was public already excludes it; and
            whether the definitions alone exclude it.
    """

    values: Mapping[Cell, int]
    shown: dict[Cell, Shown]
    hidden: set[Cell] = field(default_factory=set)
    alternatives: list[dict[Cell, int]] = field(default_factory=list)
    lost: dict[tuple[Cell, int], bool] = field(default_factory=dict)


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
        self.parts: dict[Cell, list[Cell]] = {}
        for cell in values:
            if cell.uitsplitsing:
                self.parts.setdefault(cell.whole, []).append(cell)
        self.served = sorted({cell.gemeente_code for cell in values} - {REGIO, facts.ONBEKEND})

    @classmethod
    def of_public(cls, values: Mapping[Cell, int], said: Mapping[Cell, Shown], known: Known, threshold: int) -> "View":
        """Make the view of somebody who reads the public files: what follows from other figures says nothing itself.

        Args:
            values: Every count.
            said: What the rows of the public files show.
            known: What is public of some counts besides.
            threshold: Counts below this, and above 0, are small.
        """
        view = cls(values, {cell: said.get(cell, ABSENT) for cell in values}, known, threshold)
        zero = Shown(Sign.ROUNDED, 0, 0, base(threshold) - 1)
        for cell, shown in view.shown.items():
            if cell.uitsplitsing and shown is ABSENT and is_published(cell) and view.shows_parts(cell.whole):
                view.shown[cell] = zero  # rows of what is rounded to nothing are left out
            elif shown.sign is Sign.ROUNDED and is_exact(cell):
                view.shown[cell] = replace(shown, derived=True)
        for cell in values:
            if cell.gemeente_code == REGIO:
                shown, added = view.shown[cell], view.sum_of_gemeenten(cell)
                view.shown[cell] = replace(shown, derived=(shown.sign, shown.number) == (added.sign, added.number))
        return view

    @cached_property
    def alone(self) -> "View":
        """The view of somebody who knows nothing besides; it shares what is shown."""
        return View(self.values, self.shown, {}, self.threshold)

    def contradicted(self) -> list[Cell]:
        """Return the counts of which something false is said."""
        return [cell for cell, value in self.values.items() if not self.shown[cell].said[0] <= value <= self.shown[cell].said[1]]

    def shows_parts(self, whole: Cell) -> bool:
        """Return whether the breakdowns of an indicator are shown: those of a count that is shown and certainly not small."""
        shown = self.shown.get(whole, ABSENT)
        if shown.sign is Sign.SHOWN and is_exact(whole):
            return (shown.number or 0) >= self.threshold
        # of the regio alike whether it is rounded, or is shown as it is because the gemeenten say it
        return shown.sign in (Sign.SHOWN, Sign.ROUNDED) and not is_exact(whole) and (shown.number or 0) >= 2 * base(self.threshold)

    def drop_parts(self) -> None:
        """Leave out the breakdowns that are not shown, and show of the regio the sum of the gemeenten where not all of them are shown."""
        for whole, parts in self.parts.items():
            if not self.shows_parts(whole):
                self.shown.update(dict.fromkeys(parts, ABSENT))
            elif whole.gemeente_code == REGIO and not self._may_count_regio(whole):
                self.shown.update({cell: HIDDEN for cell in parts if self.shown[cell] is not ABSENT})

    def _may_count_regio(self, whole: Cell) -> bool:
        """Return whether a breakdown of the regio may show its own counts: its whole does, and every gemeente shows its breakdown."""
        gemeenten = [whole._replace(gemeente_code=code) for code in self.served]
        is_own = facts.adds_up_to_regio(whole.indicator) or not self.shown[whole].derived
        return is_own and all(self.shows_parts(cell) or self.shown.get(cell, ABSENT).high == 0 for cell in gemeenten)

    def _counts_regio(self, parts: Iterable[Cell]) -> bool:
        """Return whether any value of a breakdown of the regio says something that the gemeenten do not."""
        return any(self.shown[cell].said != EVERYTHING for cell in parts)

    def of_gemeente(self, cell: Cell) -> Shown:
        """Return what is shown of a count; of a breakdown that is not shown, because its whole is small, that it is no more than that."""
        shown, whole = self.shown[cell], self.shown.get(cell.whole, HIDDEN)
        return Shown(Sign.ABSENT, 0, 0, whole.high) if shown is ABSENT and cell.uitsplitsing and whole.sign is not Sign.HIDDEN else shown

    def sum_of_gemeenten(self, cell: Cell) -> Shown:
        """Return what is shown of a count of the regio where nothing of its own is."""
        parts = [self.of_gemeente(part) for code in self.served if (part := cell._replace(gemeente_code=code)) in self.shown]
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
        value, shown, (low, high) = self.values[cell], self.shown[cell], self.known.get(cell, EVERYTHING)
        if self.is_fixed(cell):
            return Count(cell, value, value, value)
        if cell.uitsplitsing:
            high = min(high, self.shown.get(cell.whole, ABSENT).said[1])
        return Count(cell, value, max(low, shown.said[0]), min(high, shown.said[1]))

    def is_fixed(self, cell: Cell) -> bool:
        """Return whether a count stays as it is in every alternative of its block: its breakdowns are shown, in other blocks."""
        parts = [part for part in self.parts.get(cell, ()) if facts.block_of(part.indicator, part.uitsplitsing)]
        return bool(parts) and self.shows_parts(cell) and (cell.gemeente_code != REGIO or self._counts_regio(parts))

    def demands(self, block: Block) -> Iterator[tuple[int, int]]:
        """Yield the number of each small count of a block, with each value that must stay possible and is not its own."""
        for number, cell in enumerate(block.cells):
            true, most = block.values[number], self.threshold - 1
            if not 0 < true <= most:
                continue
            if cell.uitsplitsing and not self.shows_parts(cell.whole):
                most = min(most, self.values[cell.whole])  # its breakdown is not shown, and its whole, which may be small, stays as it is
            # a regio has at least as many as it has gemeenten that have any
            least = max(1, sum(block.values[part] > 0 for part in block.added.get(number, ())))
            yield from ((number, value) for value in (least, most) if value != true)


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
    view, found = View(values, shown, known, threshold), Protected(values, shown, set(before))
    for name in sorted(view.blocks):
        view.drop_parts()
        hiding = Hiding(view, name, draws)
        hiding.run(found)
        hiding.show_estimates(found)
    return found


class Side:
    """A block as somebody sees it who knows some counts besides.

    Args:
        block: The block, with that.
        known: What is known of counts besides.
    """

    def __init__(self, block: Block, known: Known) -> None:
        self.block, self.search = block, Search(block)
        self.known = [known.get(cell, EVERYTHING) for cell in block.cells]


class Hiding:
    """Hides counts of one block until there is an alternative for each small one.

    Args:
        view: What is shown now; it is changed.
        name: The block.
        draws: The draws of the lake, for the secret part of prices.
    """

    def __init__(self, view: View, name: str, draws: Draws) -> None:
        self._view, self._name, self._draws = view, name, draws
        self._sides = [Side(side.block(name), side.known) for side in (view, view.alone)]
        self._cells = self._sides[0].block.cells
        self._hidden: set[int] = set()
        if false := dict.fromkeys(fact.because for fact in self._sides[0].block.false()):
            raise ContradictionError(f"de cijfers spreken elkaar tegen: onwaar is dat {'; dat '.join(false)}")

    def run(self, found: Protected) -> None:
        """Find an alternative for each demand: one that agrees with all that is public, or else with this release alone."""
        for number, value in self._view.demands(self._sides[0].block):
            for side in self._sides:
                moves = side.search.find(side.block.goal(number, value)) or self._hide(side, number, value)
                if moves is not None:
                    found.alternatives.append({self._cells[cell]: other for cell, other in moves.items()})
                    break
                found.lost[self._cells[number], value] = side is not self._sides[0]

    def _hide(self, side: Side, number: int, value: int) -> dict[int, int] | None:
        """Hide the cheapest counts with which there is an alternative, and return it; None if there is none at all."""
        block, moves = side.block, None
        for cells in (self._near(number), range(len(self._cells))):
            if moves is None:
                prices = {cell: self._price(cell) for cell in cells if (block.low[cell], block.high[cell]) != side.known[cell]}
                moves = program.cheapest(block, cells, block.goal(number, value), prices, side.known)
        for cell, other in (moves or {}).items():
            if not block.low[cell] <= other <= block.high[cell]:
                self._hidden.add(cell)
                for one in self._sides:
                    one.block.widen(cell, *one.known[cell])
        return moves and {cell: other for cell, other in moves.items() if cell not in block.added}

    def _near(self, number: int) -> list[int]:
        """Return the counts that a small one is most easily exchanged with: of its gemeente, or of its value and the largest ones."""
        cell = self._cells[number]
        if not self._name:
            return [place for place, other in enumerate(self._cells) if other.gemeente_code in (cell.gemeente_code, REGIO)]
        values = {cell.uitsplitsing_waarde, *self._largest}
        return [place for place, other in enumerate(self._cells) if other.uitsplitsing_waarde in values]

    @cached_property
    def _largest(self) -> list[str]:
        sizes = Counter[str]()
        for cell, value in zip(self._cells, self._sides[0].block.values, strict=True):
            sizes[cell.uitsplitsing_waarde] += value
        return [value for value, _ in sizes.most_common(NEAR)]

    def _price(self, number: int) -> float:
        cell = self._cells[number]
        if cell.gemeente_code == REGIO:
            price = IN_REGIO
        elif cell.uitsplitsing:
            price = IN_BREAKDOWN
        else:
            price = ROUNDED if self._view.shown[cell].sign is Sign.ROUNDED else EXACT
        if self._view.is_fixed(cell):
            price *= BROKEN_DOWN
        return price * (1 + self._draws.weight(*cell))

    def show_estimates(self, found: Protected) -> None:
        """Show of each count that is hidden what follows from the others."""
        view, to = self._view, base(self._view.threshold)
        found.hidden |= {self._cells[number] for number in self._hidden}
        view.shown.update(dict.fromkeys((self._cells[number] for number in self._hidden), HIDDEN))
        cells = view.blocks[self._name]
        if hidden := [cell for cell in cells if is_exact(cell) and view.shown[cell] is HIDDEN]:
            block = view.alone.block(self._name)
            follows = dict(zip(block.cells, estimate.narrow(block), strict=True))
            view.shown.update({cell: estimate.estimate(*follows[cell][:2], to) for cell in hidden})
        for cell in cells:
            if cell.gemeente_code == REGIO and view.shown[cell] is not ABSENT:
                added = view.sum_of_gemeenten(cell)
                if view.shown[cell] is HIDDEN or added.sign is Sign.SHOWN:
                    view.shown[cell] = added
