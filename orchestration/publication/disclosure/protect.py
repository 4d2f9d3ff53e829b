"""Chooses what `openbaar` hides of the counts of one schooljaar, until there is an alternative for every small one.

First the indicators of all gemeenten, then each breakdown by itself: an alternative leaves all counts of other blocks as they are. Where a
search finds none, the cheapest further counts are hidden with which it does. Prices have a secret part, so nobody can replay a choice.

Put here: hiding more. Keep out: what must stay possible (`view.py`), the search (`alternatives.py`), and what is shown of a hidden count
(`estimate.py`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from orchestration.errors import LeerplichtError
from orchestration.publication.disclosure import estimate, program
from orchestration.publication.disclosure.alternatives import Block, Cell, Fact, Search, faults
from orchestration.publication.disclosure.facts import EVERYTHING, REGIO
from orchestration.publication.disclosure.rounding import Draws, base
from orchestration.publication.disclosure.signs import HIDDEN, Shown, Sign, Signs, is_exact
from orchestration.publication.disclosure.view import Drawn, Known, View

# what readers lose: of the regio they have the gemeenten; a headline is what a report quotes
IN_REGIO, IN_BREAKDOWN, ROUNDED, EXACT, BROKEN_DOWN = 1, 4, 8, 30, 300

NEAR = 8  # values of a breakdown that a small count is exchanged with first


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
        lost: Small counts, with what each cannot be even if nothing were shown, because what was public already excludes it; and for how
            many of the beliefs it still can, none if the definitions alone exclude it.
        drawn: The draws.
    """

    values: Mapping[Cell, int]
    shown: dict[Cell, Shown]
    hidden: set[Cell] = field(default_factory=set)
    alternatives: list[dict[Cell, int]] = field(default_factory=list)
    lost: dict[tuple[Cell, str], int] = field(default_factory=dict)
    drawn: Drawn = field(default_factory=dict)


def protect(values: Mapping[Cell, int], beliefs: Sequence[Known], before: frozenset[Cell], draws: Draws, threshold: int) -> Protected:
    """Protect the counts of one schooljaar.

    Args:
        values: Every count, indicators and breakdowns, of all gemeenten and the regio.
        beliefs: What people may take for known besides, from the most to the least: from earlier releases and printed reports.
        before: Counts that an earlier release hid; they stay hidden.
        draws: The draws of the lake.
        threshold: Counts below this, and above 0, are small.
    """
    signs = Signs(draws, threshold)
    shown = {cell: HIDDEN if cell in before else signs.of(cell, value) for cell, value in values.items()}
    drawn = {place: draws.draw(*place) for place in dict.fromkeys(cell.drawn for cell in values)}
    view, found = View(values, shown, beliefs, threshold, drawn), Protected(values, shown, set(before), drawn=drawn)
    for name in sorted(view.blocks):
        view.drop_parts()
        hiding = Hiding(view, name, draws)
        hiding.run(found)
        hiding.show_estimates(found)
    view.drop_parts()
    for name in view.blocks:
        view.show_regio(name)  # only now is it certain which gemeenten show a breakdown
    return found


class Side:
    """A block as somebody sees it who knows some counts besides.

    Args:
        block: The block, with that.
        known: What is known of counts besides.
        threshold: Counts below this, and above 0, are small.
    """

    def __init__(self, block: Block, known: Known, threshold: int) -> None:
        self.block, self.search = block, Search(block)
        self.known = [known.get(cell, EVERYTHING) for cell in block.cells]
        self.as_large = [self._if_large(number, threshold) for number in range(len(block.cells))]

    def _if_large(self, number: int, threshold: int) -> tuple[int, int]:
        """Return what is known of a count that is hidden for others, by who knows that a small one would have been `<5`."""
        block, (low, high) = self.block, self.known[number]
        if not is_exact(block.cells[number]):
            return low, high
        return (max(low, threshold), high) if block.values[number] >= threshold else (block.low[number], block.high[number])


class Hiding:
    """Hides counts of one block until there is an alternative for each small one.

    Args:
        view: What is shown now; it is changed.
        name: The block.
        draws: The draws of the lake, for the secret part of prices.
    """

    def __init__(self, view: View, name: str, draws: Draws) -> None:
        self._view, self._name, self._draws = view, name, draws
        self._sides = [Side(one.block(name), one.known, view.threshold) for one in view.all]
        self._knowing = [
            Side(view.with_draws(side.block), one.known, view.threshold) for side, one in zip(self._sides, view.all, strict=True)
        ]
        self._block = self._sides[0].block
        self._cells = self._block.cells
        self._hidden: set[int] = set()
        self._other: set[int] = set()  # counts with another value in an alternative that keeps to the draws
        if false := dict.fromkeys(fact.because for fact in self._block.false()):
            raise ContradictionError(f"de cijfers spreken elkaar tegen: onwaar is dat {'; dat '.join(false)}")

    def run(self, found: Protected) -> None:
        """Find an alternative for each demand: one that agrees with all that anybody takes for known, or else with less of it."""
        for demand in self._view.demands(self._block):
            if demand.with_draws and demand.number in self._other:
                continue
            sides = self._knowing if demand.with_draws else self._sides
            for less, side in enumerate(sides, 1):
                goals = [side.block.goal(demand.number, *ends) for ends in demand.ranges]
                moves = next(filter(None, map(side.search.find, goals)), None) or self._hide(side, demand.number, goals)
                if moves is not None:
                    found.alternatives.append({self._cells[cell]: other for cell, other in moves.items()})
                    if not any(faults(self._knowing[0].block, moves)):
                        values, now = self._block.values, self._block.with_sums(moves)
                        self._other.update(cell for cell, other in now.items() if other != values[cell])
                    break
                found.lost[self._cells[demand.number], demand.name] = len(sides) - less

    def _hide(self, side: Side, number: int, goals: Iterable[Fact]) -> dict[int, int] | None:
        """Hide the cheapest counts with which there is an alternative for a goal, and return it; None if there is none at all.

        What is hidden stays large in an alternative if that is possible. Otherwise the alternative would have other signs, and who knows
        how signs are chosen could rule it out.
        """
        block, goals = side.block, list(goals)
        moves = keeps = self._exchange(block, number, goals, side.as_large)
        if moves is None and not self._name:  # only an indicator is exact; of a breakdown both are the same
            moves = self._exchange(block, number, goals, side.known)
        for cell in block.outside(moves or {}):
            self._hidden.add(cell)
            for one in (*self._sides, *self._knowing):
                one.block.widen(cell, *(one.as_large if keeps else one.known)[cell])
        return moves and {cell: other for cell, other in moves.items() if cell not in block.added}

    def _exchange(self, block: Block, number: int, goals: Sequence[Fact], ends: Sequence[tuple[int, int]]) -> dict[int, int] | None:
        """Return the alternative that hides what is cheapest, among as few counts as have one."""
        near, *wider = self._places(number)
        moves = self._cheapest(block, near, goals, ends)
        code = self._cells[number].gemeente_code
        if moves is None and code != REGIO and self._cheapest(block, self._of_gemeente[code], goals, ends, alone=True) is None:
            return None  # what a gemeente excludes by itself, no count of another one makes possible
        return moves or next(filter(None, (self._cheapest(block, cells, goals, ends) for cells in wider)), None)

    def _cheapest(
        self, block: Block, cells: Sequence[int], goals: Sequence[Fact], ends: Sequence[tuple[int, int]], *, alone: bool = False
    ) -> dict[int, int] | None:
        """Return the alternative for any of the goals that hides what is cheapest."""
        prices = {cell: self._prices[cell] for cell in cells if (block.low[cell], block.high[cell]) != ends[cell]}
        found = (program.cheapest(block, cells, goal, prices, ends, alone=alone) for goal in goals)
        return min(filter(None, found), key=lambda one: sum(prices[cell] for cell in block.outside(one)), default=None)

    def _places(self, number: int) -> list[Sequence[int]]:
        """Return what to exchange a small count with, fewest first: those of its gemeente, of its value and large ones, or all.

        With a gemeente go the counts of the regio of the same values: the others can hardly change with it.
        """
        block, cells, everywhere = self._block, self._cells, range(len(self._cells))
        # one of the regio is exchanged in the gemeenten that it comes from
        parts = [part for part in block.added.get(number, ()) if block.values[part]] or [number]
        gemeenten = {cells[part].gemeente_code for part in parts}
        own = {place for gemeente in gemeenten for place in self._of_gemeente[gemeente]}
        values = {cells[place].uitsplitsing_waarde for place in own}
        own.update(place for place in self._of_gemeente[REGIO] if cells[place].uitsplitsing_waarde in values)
        near: Sequence[int] = everywhere
        if self._name:
            values = {cells[number].uitsplitsing_waarde, *self._largest[cells[number].gemeente_code]}
            near = sorted(place for value in values for place in self._of_value[value])
        places = map(tuple, sorted((sorted(own.intersection(near)), near, sorted(own), everywhere), key=len))
        return list(dict.fromkeys(places))

    @cached_property
    def _of_gemeente(self) -> Mapping[str, list[int]]:
        """Of each gemeente, and the regio, the numbers of its counts."""
        return self._numbers_by(attrgetter("gemeente_code"))

    @cached_property
    def _of_value(self) -> Mapping[str, list[int]]:
        """Of each value of the breakdown the numbers of its counts."""
        return self._numbers_by(attrgetter("uitsplitsing_waarde"))

    def _numbers_by(self, key: Callable[[Cell], str]) -> Mapping[str, list[int]]:
        found = defaultdict[str, list[int]](list)
        for number, cell in enumerate(self._cells):
            found[key(cell)].append(number)
        return found

    @cached_property
    def _largest(self) -> dict[str, list[str]]:
        """Of each gemeente the values of the breakdown with the largest counts."""
        sizes = defaultdict[str, Counter[str]](Counter)
        for cell, value in zip(self._cells, self._block.values, strict=True):
            sizes[cell.gemeente_code][cell.uitsplitsing_waarde] += value
        return {gemeente: [value for value, _ in counted.most_common(NEAR)] for gemeente, counted in sizes.items()}

    @cached_property
    def _prices(self) -> list[float]:
        return [self._price(cell) for cell in self._cells]

    def _price(self, cell: Cell) -> float:
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
            block = view.all[-1].block(self._name)
            follows = dict(zip(block.cells, estimate.narrow(block), strict=True))
            view.shown.update({cell: estimate.estimate(*follows[cell][:2], to) for cell in hidden})
        view.show_regio(self._name)
