"""Which breakdowns of a release are rounded: worked out together with what is withheld, round after round, until both stay as they are.

What is withheld decides which breakdowns are rounded, and what is rounded decides what is withheld. A breakdown of which too much went is
rounded in the next round; so is, from the first round on, one of which too much is small, and one that was rounded before and of which a
count has not changed since. What is withheld after all, beside rounded counts, is thought hidden in the next round, so that they are not
rounded by it.

Put here: that to and fro. Keep out: rounding (`rounding.py`), and choosing what is withheld (`suppress.py`).
"""

from collections.abc import Collection, Mapping

from orchestration.publication.disclosure import rounding
from orchestration.publication.disclosure.knowledge import Figures
from orchestration.publication.disclosure.mask import NOTHING
from orchestration.publication.disclosure.system import Cell, Interval


class RoundedBreakdowns:
    """The breakdowns that are rounded so far.

    Args:
        now: The figures of now.
        public: What earlier releases say of each count.
        needed: Of each small count what must stay possible.
        small: The counts that must be withheld.
    """

    def __init__(self, now: Figures, public: Mapping[Cell, Interval], needed: Mapping[Cell, Interval], small: Interval) -> None:
        self._now, self._public, self._needed, self._small = now, public, needed, small
        self._base = rounding.base(small)
        self._withheld = {cell for cell in now.values if cell in needed or not public.get(cell, Interval(0, 0)).exact}
        self._hidden: set[Cell] = set()
        self._fallen: set[Cell] = set()
        before = (cell for cell in now.values if cell.uitsplitsing and not self._known(cell).exact and self._known(cell).high is not None)
        # where zeros are withheld nothing is rounded: no small count could become the base, so that would say that a count is none
        self._rounds = small.low > 0
        self._breakdowns = {*rounding.sparse(now.values, needed), *map(rounding.breakdown, before)} if self._rounds else set()
        self._rounding = rounding.Rounding({}, ())

    def _known(self, cell: Cell) -> Interval:
        return self._public.get(cell, NOTHING)

    def signs(self, lost: Collection[Cell]) -> dict[Cell, Interval]:
        """Round, for one round; of each rounded count what is then known of it.

        Args:
            lost: Small counts that are known already: they are withheld all the same, not rounded.
        """
        cells = [cell for cell in self._now.values if rounding.breakdown(cell) in self._breakdowns and not self._known(cell).exact]
        ways = {
            cell: rounding.ways(self._now.values[cell], self._base, self._known(cell), self._needed.get(cell))
            for cell in cells
            if cell not in self._fallen and cell not in lost
        }
        ways = {cell: found for cell, found in ways.items() if found}
        hidden = (self._hidden | self._withheld) - ways.keys()
        self._rounding = rounding.round_off(self._now.values, ways, self._now.relations, hidden, self._base)
        return {cell: self.said(cell).meet(self._known(cell)) for cell in self._rounding.counts}

    def said(self, cell: Cell) -> Interval:
        """What a count says of itself that is rounded, or else withheld from a breakdown."""
        to = self._rounding.counts.get(cell)
        return NOTHING if to is None else rounding.sign(to, self._base)

    def settle(self, signs: Mapping[Cell, Interval]) -> dict[Cell, Interval] | None:
        """What the release says of what is withheld from it; None when another round is needed.

        Args:
            signs: Of each withheld or rounded count what was left of it in this round.
        """
        rounded = {cell for cell, sign in signs.items() if cell in self._rounding.counts and self.said(cell).covers(sign)}
        telling = self._telling(signs.keys() - rounded) | self._straying(signs.keys() - rounded, rounded)
        more = set(rounding.sparse(self._now.values, signs)) - self._breakdowns if self._rounds else set()
        self._hidden |= telling
        self._fallen |= telling & self._rounding.counts.keys()
        self._breakdowns |= more
        if telling or more:
            return None
        return {cell: self.said(cell) if cell in rounded else self._printed(cell, sign) for cell, sign in signs.items()}

    def _printed(self, cell: Cell, sign: Interval) -> Interval:
        """What the sign that is printed says: `<5` of an indicator, if no other count need stay possible, and `x` of all else."""
        return self._small if not cell.uitsplitsing and self._small.covers(sign) else NOTHING

    def _telling(self, hidden: Collection[Cell]) -> set[Cell]:
        """The hidden counts that others were rounded with, and which those would tell of."""
        return {cell for fact in self._rounding.kept for cell, _ in fact.terms if cell in hidden}

    def _straying(self, hidden: Collection[Cell], rounded: Collection[Cell]) -> set[Cell]:
        """The rounded counts of sums that were not kept, as something in them seemed hidden, and that turn out to be seen and not right."""
        shown = {**self._now.values, **{cell: self._rounding.counts[cell] for cell in rounded}}
        found: set[Cell] = set()
        for fact in self._now.relations:
            inside = [cell for cell, _ in fact.terms if cell in rounded]
            if inside and rounding.is_open_sum(fact, hidden):
                found |= set(inside) if rounding.strays(fact, shown, self._base) else set()
        return found
