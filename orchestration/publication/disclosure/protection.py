"""Protects the figures of one release, given everything that was made public before.

Put here: which counts are small, which signs come, what they cost, and what is handed to the proof. Keep out: files (`openbaar.py`,
`proof.py`), and choosing (`suppress.py`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from orchestration.errors import LeerplichtError
from orchestration.publication.disclosure.breakdowns import RoundedBreakdowns
from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.knowledge import Figures
from orchestration.publication.disclosure.loss import Loss
from orchestration.publication.disclosure.mask import NOTHING
from orchestration.publication.disclosure.memory import Known, Told, span
from orchestration.publication.disclosure.problem import Problem, UnprotectableError
from orchestration.publication.disclosure.suppress import protect
from orchestration.publication.disclosure.system import Cell, Interval, Relation


class ContradictionError(LeerplichtError):
    """The figures break a fact that everybody knows of them: an error in the figures, or in the fact."""


@dataclass(frozen=True)
class Protection:
    """How the figures of a release are protected.

    Args:
        signs: Of each of its counts that is withheld what the sign says.
        tables: The alternatives that prove it, over these counts and earlier ones that have changed since.
        optimal: Whether nothing less would do.
        lost: Small counts that follow from what was public already, or from what everybody knows. They are withheld all the same; nothing
            can be proved of them.
    """

    signs: Mapping[Cell, Interval]
    tables: Sequence[Table]
    optimal: bool
    lost: tuple[Cell, ...]


@dataclass(frozen=True)
class Requirements:
    """What must be proved of a release, worked out from what is known alone.

    Args:
        known: The figures of now and before, as one system.
        needed: Of each small count the interval that must stay possible.
        told: What earlier releases leave of each count that they withhold, and that none shows.
    """

    known: Known
    needed: Mapping[Cell, Interval]
    told: Mapping[Cell, Interval]


@dataclass(frozen=True)
class Evidence:
    """Everything public about the counts of a release, beside what must be proved of them.

    Args:
        public: Of each count what this and all earlier releases say of it alone.
        relations: The facts that tie the counts.
        needed: Of each small count the interval that must stay possible.
        tables: The alternatives.
    """

    public: Mapping[Cell, Interval]
    relations: Sequence[Relation]
    needed: Mapping[Cell, Interval]
    tables: Sequence[Table]


def evidence(asked: Requirements, said: Mapping[Cell, Interval], tables: Sequence[Table], lost: Collection[str]) -> Evidence:
    """Lay what a release says beside everything that was known before.

    Args:
        asked: What must be proved.
        said: What the release says of each of its counts.
        tables: The alternatives that should prove it.
        lost: The names of small counts that follow from what was public before.
    """
    moved = {cell for table in tables for cell in table}
    known = {}
    for cell, value in asked.known.values.items():
        known[cell] = said.get(cell, NOTHING).meet(asked.known.public.get(cell, NOTHING))
        # a small count that was given away is known; and who knows the earlier values that no alternative moves learns nothing from them
        if str(cell) in lost or (cell.versie and cell not in moved):
            known[cell] = Interval(value, value)
    needed = {cell: ends for cell, ends in asked.needed.items() if str(cell) not in lost}
    return Evidence(known, asked.known.relations, needed, tables)


def requirements(now: Figures, earlier: Sequence[Told], small: Interval, sums: Mapping[str, Sequence[str]]) -> Requirements:
    """Work out what must be proved.

    Args:
        now: The figures of now.
        earlier: The releases before, the first one first.
        small: The counts that must be withheld.
        sums: Of each total its parts.
    """
    known = span(now, earlier, sums)
    told = {cell: interval for cell, interval in known.public.items() if not interval.exact}
    needed = dict(known.needed)
    for cell, value in now.values.items():
        ends = small.meet(known.public.get(cell, NOTHING))
        if value in small and not ends.exact:
            needed[cell] = ends
    return Requirements(known, needed, told)


def choose(
    now: Figures,
    earlier: Sequence[Told],
    small: Interval,
    sums: Mapping[str, Sequence[str]],
    loss: Loss,
    report: Callable[[str], None] = lambda _sentence: None,
) -> Protection:
    """Choose what the release withholds, and prove it.

    Args:
        now: The figures of now.
        earlier: The releases before, the first one first.
        small: The counts that must be withheld.
        sums: Of each total its parts.
        loss: What it costs to withhold a count.
        report: Called with a sentence about progress.

    Raises:
        ContradictionError: The figures contradict each other.
    """
    asked = requirements(now, earlier, small, sums)
    broken = [fact.because for fact in asked.known.relations if not fact.holds(asked.known.values)]
    if broken:
        raise ContradictionError(f"de cijfers spreken elkaar tegen: onwaar is dat {'; dat '.join(dict.fromkeys(broken))}")
    lost: tuple[Cell, ...] = ()
    breakdowns = RoundedBreakdowns(now, asked.known.public, asked.needed, small)
    known: Sequence[Table] = ()
    while True:
        try:
            pattern = protect(_problem(now, asked, loss, lost, breakdowns.signs(lost)), report, known)
        except UnprotectableError as problem:
            if set(problem.cells) <= set(lost):
                raise
            lost += problem.cells
            report(f"niet te beschermen, want het volgt al uit wat iedereen weet: {', '.join(map(str, problem.cells))}")
            continue
        signs = {cell: NOTHING if cell.uitsplitsing else asked.told.get(cell, small) for cell in lost} | dict(pattern.signs)
        said = breakdowns.settle({cell: signs[cell] for cell in now.values if cell in signs})
        if said is not None:
            return Protection(said, pattern.tables, pattern.optimal, lost)
        known = pattern.moves


def _problem(now: Figures, asked: Requirements, loss: Loss, lost: Sequence[Cell], rounded: Mapping[Cell, Interval]) -> Problem:
    needed = {cell: ends for cell, ends in asked.needed.items() if cell not in lost}
    public = asked.known.public
    free = {*needed, *lost, *rounded, *(cell for cell, known in public.items() if known.exact)}
    return Problem(
        values=asked.known.values,
        relations=asked.known.relations,
        needed=needed,
        prices={cell: loss.of(cell) for cell in now.values if cell not in free},
        wide=NOTHING,
        signs=dict(asked.told) | {cell: ends for cell, ends in needed.items() if not cell.uitsplitsing} | dict(rounded),
        widest=asked.told,
        before=frozenset(cell for cell in asked.told if cell not in free),  # what is lost is known, and cannot move
        rounded=frozenset(rounded),
    )
