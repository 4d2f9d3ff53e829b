"""What a printed report, this one or an earlier, makes public: its contradictions, and the withheld counts that it reveals.

Each printed figure is a statement: of a count that it is a number or lies behind a sign; of a rate that numerator and denominator lie so
that it rounds to what is printed, which is linear in both, whether they are printed or not. Several documents that print the same make one
statement together. Definitions tie the counts: totals are their parts, and of the kinds of relatief verzuim each has no more jongeren than
there are, and all together no fewer. A kind that is not printed is a count of which nothing is known, so a report may leave rows out.

Where statements contradict each other, some must be wrong: those without which the rest agree, as few as can be. Which ones that are may
be open; then each that may be wrong is set aside, and the rest is looked through for leaks.

Put here: statements, contradictions and leaks. Keep out: the words of a fault (`faults.py`), and reading a report (`printed.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from orchestration.publication import extract
from orchestration.publication.disclosure.attack import Attacker, is_
from orchestration.publication.disclosure.audit import Because, above, below, contradiction
from orchestration.publication.disclosure.system import Cell, Interval, Relation, at_most, components, equal

# of statements that are tied: so many wrong ones, behind so many contradictions, are looked for; beyond, all that clash are set aside
CORRECTIONS, CLASHES = 4, 30


@dataclass(frozen=True)
class Statement:
    """One figure, as one or more documents print it alike.

    Args:
        figures: As printed, one a document.
        facts: What it says; none for a rate of which nobody counts a numerator and a denominator.
    """

    figures: tuple[extract.Cell, ...]
    facts: tuple[Relation, ...]

    @property
    def figure(self) -> extract.Cell:
        """The first of its figures, for what all of them have alike."""
        return self.figures[0]

    @property
    def cell(self) -> Cell:
        """The count that it is printed for."""
        return counted(self.figure)


@dataclass(frozen=True)
class Clash:
    """Statements that cannot all be true.

    Args:
        statements: As few as can be found.
        suspects: Those of them that may be the wrong one, when as few as can be are wrong.
        because: The facts themselves.
    """

    statements: tuple[Statement, ...]
    suspects: tuple[Statement, ...]
    because: Because


@dataclass(frozen=True)
class Reason:
    """One way to narrow a withheld count: what is printed, and what ties it."""

    statements: tuple[Statement, ...]
    definitions: tuple[Relation, ...]


@dataclass(frozen=True)
class Leak:
    """A withheld count of which less is left than its sign says.

    Args:
        statement: The sign.
        left: What is left; one number when it is revealed.
        reasons: Ways to find that, none of which needs a statement of another.
    """

    statement: Statement
    left: Interval
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Reading:
    """A report, read by an attacker.

    Args:
        clashes: Statements that contradict each other.
        aside: Those that may be wrong, and from which nothing is concluded.
        leaks: Withheld counts that what is left reveals or narrows.
        facts: What is left.
        definitions: What ties it.
    """

    clashes: tuple[Clash, ...]
    aside: tuple[Statement, ...]
    leaks: tuple[Leak, ...]
    facts: tuple[Relation, ...]
    definitions: tuple[Relation, ...]


def counted(figure: extract.Cell) -> Cell:
    """The count that a figure is printed for; its gemeente by name, as printed."""
    return Cell(figure.schooljaar, figure.gemeente, figure.indicator)


def read(figures: Sequence[extract.Cell], reference: extract.Reference) -> Reading:
    """Look through a report as an attacker does.

    Args:
        figures: Everything that all its documents print.
        reference: What ties indicators to one another.

    Raises:
        UndecidedError: A search for a whole table was given up.
    """
    said = statements(figures, reference)
    ties = [tie for place in dict.fromkeys(counted(figure)._replace(indicator="") for figure in figures) for tie in tied(place, reference)]
    parts = [_Part(list(some), list(inside)) for some, inside in _parts(said, ties)]
    aside = [statement for part in parts for statement in part.aside]
    return Reading(
        tuple(clash for part in parts for clash in part.clashes),
        tuple(aside),
        tuple(leak for part in parts for leak in part.leaks()),
        tuple(fact for statement in said if statement not in aside for fact in statement.facts),
        tuple(ties),
    )


def statements(figures: Iterable[extract.Cell], reference: extract.Reference) -> list[Statement]:
    """Make a statement of each figure; of those that documents print alike one together."""
    alike: dict[tuple[Cell, str], list[extract.Cell]] = {}
    for figure in figures:
        alike.setdefault((counted(figure), figure.printed.text), []).append(figure)
    rates = {rate.indicator: rate for rate in reference.rates}
    return [Statement(tuple(same), tuple(_says(same[0], sources(same), rates.get(cell.indicator)))) for (cell, _), same in alike.items()]


def sources(figures: Sequence[extract.Cell]) -> str:
    """Say who prints what: `factsheet en hoofdrapport drukken 105`."""
    documents = sorted(figure.document for figure in figures)
    verb = "drukken" if len(documents) > 1 else "drukt"
    return f"{' en '.join(documents)} {verb} {figures[0].printed.text}"


def _says(figure: extract.Cell, because: str, rate: extract.Rate | None) -> Iterator[Relation]:
    cell, printed = counted(figure), figure.printed
    named = f"{because} ({cell})"
    if not printed.rate:
        yield is_(cell, Interval(int(printed.low), int(printed.high)), named)
    elif rate is not None:
        teller, noemer = (cell._replace(indicator=name) for name in (rate.teller, rate.noemer))
        yield from rounds_to(teller, noemer, rate.factor, str(printed.low), named)


def rounds_to(teller: Cell, noemer: Cell, factor: int, printed: str, because: str) -> tuple[Relation, Relation]:
    """Make the facts that a rate rounds to what is printed, half away from zero.

    That is `printed - half ≤ factor × teller / noemer < printed + half`, with half a unit of the last decimal; times the denominator, and
    times two units so that all is whole.

    Args:
        teller: The numerator.
        noemer: The denominator.
        factor: What their quotient is multiplied by: 100 for a percentage.
        printed: The rate with all its decimals, with a point.
        because: Who prints it.
    """
    decimals = len(printed.partition(".")[2])
    scale, middle = 2 * 10**decimals, 2 * int(printed.replace(".", ""))
    return (
        Relation(((teller, factor * scale), (noemer, -(middle - 1))), 0, None, because),
        Relation(((teller, factor * scale), (noemer, -(middle + 1))), None, -1, because),
    )


def tied(place: Cell, reference: extract.Reference) -> Iterator[Relation]:
    """What ties the counts of one place and schooljaar, printed or not.

    Args:
        place: A count of that place; its indicator does not matter.
        reference: What ties indicators to one another.
    """

    def here(name: str) -> Cell:
        return place._replace(indicator=name)

    for total, parts in reference.sums.items():
        yield equal([here(total)], map(here, parts), f"{total} de som is van {' + '.join(parts)}")
    for whole, kinds in reference.covers.items():
        for kind in sorted(kinds):
            yield at_most([here(kind)], [here(whole)], f"elke jongere in {kind} ook in {whole} telt")
        yield at_most([here(whole)], map(here, sorted(kinds)), f"elke jongere in {whole} in minstens één soort telt")


def _parts(said: Sequence[Statement], ties: Sequence[Relation]) -> Iterator[tuple[list[Statement], list[Relation]]]:
    """Part the statements into groups that nothing ties, each with what ties it."""
    by_fact = {fact: statement for statement in said for fact in statement.facts}
    cells = dict.fromkeys(cell for fact in (*by_fact, *ties) for cell, _ in fact.terms)
    for _, facts in components(cells, [*by_fact, *ties]):
        some = dict.fromkeys(by_fact[fact] for fact in facts if fact in by_fact)
        if some:
            yield list(some), [fact for fact in facts if fact not in by_fact]
    silent: dict[Cell, list[Statement]] = {}
    for statement in said:
        if not statement.facts:
            silent.setdefault(statement.cell, []).append(statement)
    yield from ((some, []) for some in silent.values())


class _Part:
    """Statements that are tied to one another, and to no other."""

    def __init__(self, said: list[Statement], ties: list[Relation]) -> None:
        self.said, self.ties = said, ties
        self.by_fact = {fact: statement for statement in said for fact in statement.facts}

    @cached_property
    def _corrected(self) -> tuple[list[Because], set[Statement]]:
        """All contradictions that it takes to see which statements may be wrong, and those statements."""
        found: list[Because] = []
        while True:
            options = _corrections([self._named(because) for because in found])
            for option in options:
                clash = contradiction([fact for fact, statement in self.by_fact.items() if statement not in option], self.ties)
                if clash:
                    found.append(clash)
                    break
            else:
                return found, {statement for option in options for statement in option}

    def _named(self, because: Because) -> list[Statement]:
        return list(dict.fromkeys(self.by_fact[fact] for fact in because.stated if fact in self.by_fact))

    @property
    def aside(self) -> list[Statement]:
        """The statements that may be wrong."""
        return [statement for statement in self.said if statement in self._corrected[1]]

    @property
    def clashes(self) -> Iterator[Clash]:
        """The statements that contradict each other."""
        for because in self._corrected[0]:
            named = self._named(because)
            yield Clash(tuple(named), tuple(statement for statement in named if statement in self._corrected[1]), because)

    def leaks(self) -> Iterator[Leak]:
        """The signs that were not set aside, and say more than is left."""
        kept = [fact for fact, statement in self.by_fact.items() if statement not in self._corrected[1]]
        for sign in self.said:
            if not sign.figure.printed.withheld or sign in self._corrected[1]:
                continue
            said = Interval(int(sign.figure.printed.low), int(sign.figure.printed.high))
            others = [fact for fact in kept if fact not in sign.facts]
            ties = [*self.ties, *sign.facts]
            left = Attacker([*others, *ties]).range(sign.cell)
            if left != said:
                yield Leak(sign, left, tuple(self._reasons(sign, said, left, others, ties)))

    def _reasons(self, sign: Statement, said: Interval, left: Interval, facts: list[Relation], ties: list[Relation]) -> Iterator[Reason]:
        """Find one way after another: each time without the statements of the ways already found."""
        while Attacker([*facts, *ties]).range(sign.cell) == left:
            ends = [below(facts, ties, sign.cell, left) if left.low > said.low else None]
            ends += [above(facts, ties, sign.cell, left) if said.high is None or (left.high or 0) < said.high else None]
            used = [because for because in ends if because]
            named = list(dict.fromkeys(statement for because in used for statement in self._named(because)))
            definitions = dict.fromkeys(fact for because in used for fact in because.definitions if fact not in sign.facts)
            yield Reason(tuple(named), tuple(definitions))
            if not named:
                return  # definitions alone say it, and they are not to be left out
            facts = [fact for fact in facts if self.by_fact[fact] not in named]


def _corrections(clashes: Sequence[Sequence[Statement]]) -> list[frozenset[Statement]]:
    """All smallest choices of statements that have one of every contradiction; everything in them when no small choice has."""
    named = list(dict.fromkeys(statement for clash in clashes for statement in clash))
    place = {statement: number for number, statement in enumerate(named)}
    numbered = [{place[statement] for statement in clash} for clash in clashes]
    for size in range(CORRECTIONS + 1 if len(clashes) <= CLASHES else 0):
        some = [chosen for chosen in combinations(range(len(named)), size) if not any(clash.isdisjoint(chosen) for clash in numbered)]
        if some:
            return [frozenset(named[number] for number in chosen) for chosen in some]
    return [frozenset(named)]
