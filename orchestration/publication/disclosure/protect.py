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
from itertools import product
from typing import NamedTuple

from orchestration.errors import LeerplichtError
from orchestration.publication.disclosure import estimate, facts, program
from orchestration.publication.disclosure.alternatives import Block, Cell, Fact, Search, faults
from orchestration.publication.disclosure.facts import EVERYTHING, REGIO, Count
from orchestration.publication.disclosure.rounding import Draws, base, interval
from orchestration.publication.disclosure.signs import ABSENT, HIDDEN, Shown, Sign, Signs, is_exact, is_published

# what readers lose: of the regio they have the gemeenten; a headline is what a report quotes
IN_REGIO, IN_BREAKDOWN, ROUNDED, EXACT, BROKEN_DOWN = 1, 4, 8, 30, 300

ANY = "een ander"
NEAR = 8  # values of a breakdown that a small count is exchanged with first

Known = Mapping[Cell, tuple[int, int]]
Drawn = Mapping[tuple[str, str, str], int]  # by schooljaar, breakdown and value


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
        lost: Small counts, with what each cannot be even if nothing were shown, because what was public already excludes it; and whether
            the definitions alone exclude it.
        drawn: The draws.
    """

    values: Mapping[Cell, int]
    shown: dict[Cell, Shown]
    hidden: set[Cell] = field(default_factory=set)
    alternatives: list[dict[Cell, int]] = field(default_factory=list)
    lost: dict[tuple[Cell, str], bool] = field(default_factory=dict)
    drawn: Drawn = field(default_factory=dict)


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
        known: What is public of some counts besides.
        threshold: Counts below this, and above 0, are small.
        drawn: The draws.
    """

    def __init__(self, values: Mapping[Cell, int], shown: dict[Cell, Shown], known: Known, threshold: int, drawn: Drawn) -> None:
        self.values, self.shown, self.known, self.threshold, self._drawn = values, shown, known, threshold, drawn
        self.blocks: dict[str, list[Cell]] = {"": []}
        for cell in values:
            self.blocks.setdefault(facts.block_of(cell.indicator, cell.uitsplitsing), []).append(cell)
        self.parts: dict[Cell, list[Cell]] = {}
        for cell in values:
            if cell.uitsplitsing:
                self.parts.setdefault(cell.whole, []).append(cell)
        self.served = sorted({cell.gemeente_code for cell in values} - {REGIO, facts.ONBEKEND})

    @classmethod
    def of_public(cls, values: Mapping[Cell, int], said: Mapping[Cell, Shown], known: Known, threshold: int, drawn: Drawn) -> "View":
        """Make the view of somebody who reads the public files: what follows from other figures says nothing itself.

        Args:
            values: Every count.
            said: What the rows of the public files show.
            known: What is public of some counts besides.
            threshold: Counts below this, and above 0, are small.
            drawn: The draws.
        """
        view = cls(values, {cell: said.get(cell, ABSENT) for cell in values}, known, threshold, drawn)
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
        """This view, and if anything is known besides that of somebody who does not know it; they share what is shown."""
        return [self, View(self.values, self.shown, {}, self.threshold, self._drawn)] if self.known else [self]

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
        shown, whole = self._as_read(self.shown[cell]), self._as_read(self.shown.get(cell.whole, HIDDEN))
        return Shown(Sign.ABSENT, 0, 0, whole.high) if shown is ABSENT and cell.uitsplitsing and whole.sign is not Sign.HIDDEN else shown

    def _as_read(self, shown: Shown) -> Shown:
        """Return what a row says by itself: an estimate is a rounded number for who reads it, whatever it follows from."""
        if shown.sign is not Sign.ROUNDED:
            return shown
        low, high = interval(shown.number or 0, base(self.threshold))
        return replace(shown, low=low, high=high)

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
    drawn = {place: draws.draw(*place) for place in dict.fromkeys(cell.drawn for cell in values)}
    view, found = View(values, shown, known, threshold, drawn), Protected(values, shown, set(before), drawn=drawn)
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
        """Find an alternative for each demand: one that agrees with all that is public, or else with this release alone."""
        for demand in self._view.demands(self._block):
            if demand.with_draws and demand.number in self._other:
                continue
            sides = self._knowing if demand.with_draws else self._sides
            for side in sides:
                goals = [side.block.goal(demand.number, *ends) for ends in demand.ranges]
                moves = next(filter(None, map(side.search.find, goals)), None) or self._hide(side, demand.number, goals)
                if moves is not None:
                    found.alternatives.append({self._cells[cell]: other for cell, other in moves.items()})
                    if not any(faults(self._knowing[0].block, moves)):
                        values, now = self._block.values, self._block.with_sums(moves)
                        self._other.update(cell for cell, other in now.items() if other != values[cell])
                    break
                found.lost[self._cells[demand.number], demand.name] = side is sides[-1]

    def _hide(self, side: Side, number: int, goals: Iterable[Fact]) -> dict[int, int] | None:
        """Hide the cheapest counts with which there is an alternative for a goal, and return it; None if there is none at all.

        What is hidden stays large in an alternative if that is possible. Otherwise the alternative would have other signs, and who knows
        how signs are chosen could rule it out.
        """
        block, moves, keeps, goals = side.block, None, False, list(goals)
        near, everywhere = self._near(number), range(len(self._cells))
        places = (near, everywhere) if len(near) < len(everywhere) else (everywhere,)
        for cells, ends in product(places, (side.as_large, side.known)):
            if moves is None:
                prices = {cell: self._prices[cell] for cell in cells if (block.low[cell], block.high[cell]) != ends[cell]}
                found = (program.cheapest(block, cells, goal, prices, ends) for goal in goals)
                moves = min(filter(None, found), key=lambda one: sum(prices[cell] for cell in block.outside(one)), default=None)
                keeps = ends is side.as_large
        for cell in block.outside(moves or {}):
            self._hidden.add(cell)
            for one in (*self._sides, *self._knowing):
                one.block.widen(cell, *(one.as_large if keeps else one.known)[cell])
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
        for cell, value in zip(self._cells, self._block.values, strict=True):
            sizes[cell.uitsplitsing_waarde] += value
        return [value for value, _ in sizes.most_common(NEAR)]

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
        for cell in cells:
            if cell.gemeente_code == REGIO and view.shown[cell] is not ABSENT:
                added = view.sum_of_gemeenten(cell)
                if view.shown[cell] is HIDDEN or added.sign is Sign.SHOWN:
                    view.shown[cell] = added
