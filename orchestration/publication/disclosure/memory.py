"""What earlier releases made public, tied to what the figures say now.

A count that has not changed from one release to the next is the same unknown in both: what one withholds must not follow from what the
other shows. When it changes it becomes another unknown, also when it later happens to get an old value again. Attackers are given more than
they have: they know which counts changed, though not from what to what.

Nothing that was public is taken back: such a count stays public. What was withheld stays withheld, unless everything together allows it.

Put here: remembering, and tying. Keep out: choosing (`suppress.py`), and where the memory lies (`orchestration/lake.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestration.publication.disclosure.knowledge import Figures, relations
from orchestration.publication.disclosure.system import Cell, Interval, Relation


@dataclass(frozen=True)
class Told:
    """One release, and the truth behind it.

    Args:
        release: Its name.
        values: The true value of every count in it.
        signs: Of each withheld count what its sign says.
        small: What `<5` said in it: the counts that had to be withheld.
        units: Of each indicator what it counts.
        partial: Whether it holds some counts only, as what others print does: then that one is not in it says nothing.
    """

    release: str
    values: Mapping[Cell, int]
    signs: Mapping[Cell, Interval]
    small: Interval
    units: Mapping[str, str]
    partial: bool = False

    def said(self, cell: Cell) -> Interval:
        """What it says of one of its counts."""
        return self.signs.get(cell, Interval(self.values[cell], self.values[cell]))


@dataclass(frozen=True)
class Known:
    """The figures of now and of all releases before, as one system.

    Args:
        values: The true value of every unknown: the counts of now, and earlier values that have changed since.
        relations: Every fact that ties them.
        public: What earlier releases say of each that they say anything of.
        needed: Earlier small counts that are still to be protected: each with the interval that must stay possible.
    """

    values: Mapping[Cell, int]
    relations: Sequence[Relation]
    public: Mapping[Cell, Interval] = field(default_factory=dict)
    needed: Mapping[Cell, Interval] = field(default_factory=dict)


def span(now: Figures, earlier: Iterable[Told], sums: Mapping[str, Sequence[str]]) -> Known:
    """Tie what the figures say now to everything that was made public before.

    Args:
        now: The figures of now.
        earlier: The releases before, the first one first.
        sums: Of each total its parts.
    """
    values = dict(now.values)
    facts = {(fact.terms, fact.low, fact.high): fact for fact in now.relations}
    public: dict[Cell, Interval] = {}
    small: dict[Cell, Interval] = {}
    later = {cell: cell for cell in now.values}  # of each count the unknown that it was in the release after
    for told in reversed(list(earlier)):
        own = {
            cell: later[cell] if cell in later and values[later[cell]] == value else cell._replace(versie=told.release)
            for cell, value in told.values.items()
        }
        later |= own
        for cell, unknown in own.items():
            values[unknown] = told.values[cell]
            public[unknown] = told.said(cell).meet(public.get(unknown, Interval(0, None)))
            if told.values[cell] in told.small:
                small[unknown] = told.small
        for fact in () if told.partial else relations(told.values, told.units, sums, complete=told.small.low == 0):
            renamed = Relation(tuple((own[cell], coefficient) for cell, coefficient in fact.terms), fact.low, fact.high, fact.because)
            facts.setdefault((renamed.terms, renamed.low, renamed.high), renamed)
    needed = {cell: ends for cell, ends in small.items() if not public[cell].exact}
    return Known(values, list(facts.values()), public, needed)


def rows(told: Told) -> list[dict[str, Any]]:
    """Write down what a release told: a row for each count, with `laag` and `hoog` where it is withheld."""
    return [
        {
            **{name: value for name, value in cell._asdict().items() if name != "versie"},
            "eenheid": told.units[cell.indicator],
            "waarde": value,
            "achtergehouden": cell in told.signs,
            "laag": told.said(cell).low,
            "hoog": told.said(cell).high,
        }
        for cell, value in told.values.items()
    ]


def read(release: str, small: Interval, found: Iterable[Mapping[str, Any]], *, partial: bool = False) -> Told:
    """Read what `rows` wrote."""
    values: dict[Cell, int] = {}
    signs: dict[Cell, Interval] = {}
    units: dict[str, str] = {}
    for row in found:
        cell = Cell(row["schooljaar"], row["gemeente_code"], row["indicator"], row["uitsplitsing"], row["uitsplitsing_waarde"])
        values[cell], units[cell.indicator] = row["waarde"], row["eenheid"]
        if row["achtergehouden"]:
            signs[cell] = Interval(row["laag"], row["hoog"])
    return Told(release, values, signs, small, units, partial)
