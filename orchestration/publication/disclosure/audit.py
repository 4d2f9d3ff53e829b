"""What an attacker learns of withheld counts, and by which facts; what an insider learns; and where facts contradict each other.

Put here: the questions that are asked of what is public. Keep out: answering them with a solver (`attack.py`), and what is public
(`knowledge.py`, `memory.py`; of a printed report `printed_report.py`).

Two kinds of fact: what somebody stated, which may be wrong and is what a reader wants named; and definitions, which always hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from orchestration.publication.disclosure.attack import Attacker, Sight, is_
from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.system import Cell, Interval, Relation, components

EXACT, NARROWED, SAFE = "exact", "vernauwd", "veilig"
TRIES = 500  # sets of facts that are tried for a smaller contradiction than the one found


@dataclass(frozen=True)
class Verdict:
    """What is left of one withheld count.

    Args:
        said: What its sign says.
        left: What everything public together says, both ends included; of a safe count whose sign has no end, at least so much.
        oordeel: `exact`, `vernauwd` or `veilig`.
    """

    cell: Cell
    said: Interval
    left: Interval
    oordeel: str


@dataclass(frozen=True)
class Because:
    """Facts without any of which something would not follow.

    Args:
        stated: What somebody stated.
        definitions: What ties it together.
        proved: Whether exact arithmetic has shown it; otherwise the solver's search for whole numbers did.
    """

    stated: tuple[Relation, ...]
    definitions: tuple[Relation, ...]
    proved: bool


@dataclass(frozen=True)
class Explanation:
    """Why a count is no less and no more than it can be; None where that end is only that of every count: 0 and up."""

    cell: Cell
    left: Interval
    low: Because | None
    high: Because | None


@dataclass(frozen=True)
class Insider:
    """What somebody learns who knows one withheld count: which others then have one value."""

    knows: Cell
    learns: tuple[Cell, ...]


def stated(public: Mapping[Cell, Interval]) -> list[Relation]:
    """Make a fact of what is public about each count alone."""
    return [is_(cell, known, f"{cell} is {_words(known)}") for cell, known in public.items() if known != Interval(0, None)]


def _words(known: Interval) -> str:
    if known.exact:
        return str(known.low)
    return f"{known.low} of meer" if known.high is None else f"{known.low} tot en met {known.high}"


def judge(
    public: Mapping[Cell, Interval],
    relations: Sequence[Relation],
    needed: Mapping[Cell, Interval] | None = None,
    tables: Sequence[Table] = (),
) -> list[Verdict]:
    """Say of every withheld count what is left of it.

    Args:
        public: Of every count what is public about it alone.
        relations: Every public fact about several counts.
        needed: Of each small count what must stay possible, of which the others only need a second value. Where it is not known which are
            small, that is what a sign says that has an end.
        tables: Alternatives that are known already, which save work; one that does not agree with what is public is passed over.

    Raises:
        ContradictionError: The facts contradict each other; `contradiction` says which.
        UndecidedError: A search was given up.
    """
    ends = {cell: said for cell, said in public.items() if said.high is not None} if needed is None else needed
    verdicts = {}
    for cells, facts, ties in groups(public, relations):
        inside = set(cells)
        known = [{cell: value for cell, value in table.items() if cell in inside} for table in tables]
        sight = Sight(Attacker([*facts, *ties], cells), cells, ends, known)
        for cell in cells:
            left = sight.of(cell)
            safe = cell not in ends or left.covers(ends[cell])
            verdicts[cell] = Verdict(cell, public[cell], left, EXACT if left.exact else SAFE if safe else NARROWED)
    return [verdicts[cell] for cell in public if cell in verdicts]


def groups(public: Mapping[Cell, Interval], relations: Sequence[Relation]) -> Iterator[tuple[list[Cell], list[Relation], list[Relation]]]:
    """Part the withheld counts into groups that tell nothing of one another.

    Yields:
        The counts; what is public about each of them, and about the published ones beside them; and what ties them.
    """
    for cells, ties in components([cell for cell, known in public.items() if not known.exact], relations):
        inside = dict.fromkeys([*cells, *(cell for tie in ties for cell, _ in tie.terms)])
        yield cells, stated({cell: public[cell] for cell in inside if cell in public}), ties


def explain(public: Mapping[Cell, Interval], relations: Sequence[Relation], cell: Cell) -> Explanation:
    """Say which public facts bound a count: of each end a set without any of which that end would not be known.

    Args:
        public: Of every count what is public about it alone.
        relations: Every public fact about several counts.
        cell: The count, published or withheld.

    Raises:
        KeyError: Nothing is known of such a count.
        ContradictionError: The facts contradict each other.
        UndecidedError: A search was given up.
    """
    facts, ties = _about(public, relations, cell)
    left = Attacker([*facts, *ties], [cell]).range(cell)
    return Explanation(cell, left, below(facts, ties, cell, left), above(facts, ties, cell, left))


def left(public: Mapping[Cell, Interval], relations: Sequence[Relation], cell: Cell) -> Interval:
    """Give what everything public together leaves of a count.

    Args:
        public: Of every count what is public about it alone.
        relations: Every public fact about several counts.
        cell: The count.

    Raises:
        ContradictionError: The facts contradict each other.
        UndecidedError: A search was given up.
    """
    facts, ties = _about(public, relations, cell)
    return Attacker([*facts, *ties], [cell]).range(cell)


def _about(public: Mapping[Cell, Interval], relations: Sequence[Relation], cell: Cell) -> tuple[list[Relation], list[Relation]]:
    """What is public about a count and those beside it, and what ties them."""
    tied = ((facts, ties) for cells, facts, ties in groups(public, relations) if cell in cells)
    return next(tied, (stated({cell: public[cell]}), []))


def below(facts: Sequence[Relation], definitions: Sequence[Relation], cell: Cell, left: Interval) -> Because | None:
    """Say why a count is no less than the low end of what is left of it; None when that is 0."""
    return _why_not(facts, definitions, is_(cell, Interval(0, left.low - 1), "")) if left.low else None


def above(facts: Sequence[Relation], definitions: Sequence[Relation], cell: Cell, left: Interval) -> Because | None:
    """Say why a count is no more than the high end of what is left of it; None when there is none."""
    return None if left.high is None else _why_not(facts, definitions, is_(cell, Interval(left.high + 1, None), ""))


def _why_not(facts: Sequence[Relation], definitions: Sequence[Relation], beyond: Relation) -> Because | None:
    found = contradiction(facts, [*definitions, beyond])
    return found and Because(found.stated, tuple(fact for fact in found.definitions if fact != beyond), found.proved)


def contradiction(facts: Sequence[Relation], definitions: Sequence[Relation]) -> Because | None:
    """Find facts that cannot all be true, though any of them may be when one other is not; None when all can be.

    Args:
        facts: What was stated; as few of these as can be found.
        definitions: What always holds.

    Raises:
        UndecidedError: A search was given up.
    """
    attacker = Attacker([*facts, *definitions])
    if attacker.table() is not None:
        return None
    used = attacker.refutation()
    guilty = _without_idle([fact for fact in facts if not used or fact in used], definitions)
    guilty = _smaller(facts, definitions, len(guilty)) or guilty
    ties = _without_idle(definitions, guilty)
    return Because(tuple(guilty), tuple(ties), bool(Attacker([*guilty, *ties]).refutation()))


def _without_idle(facts: Sequence[Relation], others: Sequence[Relation]) -> list[Relation]:
    """Leave out every fact without which the rest still contradict each other."""
    kept = list(facts)
    for fact in reversed(facts):
        rest = [other for other in kept if other != fact]
        if Attacker([*rest, *others]).table() is None:
            kept = rest
    return kept


def _smaller(facts: Sequence[Relation], definitions: Sequence[Relation], size: int) -> list[Relation] | None:
    """Try all sets of facts that are smaller than one already found, from the smallest on, as long as they are few."""
    tried = 0
    for fewer in range(1, size):
        tried += comb(len(facts), fewer)
        if tried > TRIES:
            return None
        for some in combinations(facts, fewer):
            if Attacker([*some, *definitions]).table() is None:
                return list(some)
    return None


def insiders(public: Mapping[Cell, Interval], relations: Sequence[Relation], values: Mapping[Cell, int]) -> list[Insider]:
    """Say of every withheld count what whoever knows it learns of the others, the worst first.

    Args:
        public: Of every count what is public about it alone.
        relations: Every public fact about several counts.
        values: The true counts.

    Raises:
        UndecidedError: A search was given up.
    """
    found = []
    for cells, facts, ties in groups(public, relations):
        attacker = Attacker([*facts, *ties], cells)
        sight = Sight(attacker, cells, {})
        hidden = [cell for cell in cells if not sight.of(cell).exact]
        for knows in hidden:
            with attacker.knowing(knows, values[knows]):
                told = Sight(attacker, hidden, {})
            found.append(Insider(knows, tuple(cell for cell in hidden if cell != knows and told.of(cell).exact)))
    return sorted(found, key=lambda insider: -len(insider.learns))
