"""Chooses which counts are withheld: every small one, and as little as possible beside them.

Small groups are solved to the optimum; large ones by a heuristic that is called one: each small count in turn gets the cheapest other table
in which it has each of its ends, what that table moves is withheld as well, and at the end whatever turns out not to be needed is
published again. Either way every withheld count ends with alternatives that `certificate.py` checks.

The optimum is an implicit hitting set: whenever a choice leaves a small count open, the dual of the linear program names counts of which at
least one must be withheld too; the cheapest choice that satisfies all such demands, and needs no further one, is the cheapest there is.

Put here: choosing. Keep out: which counts and facts there are, the solver's own ways (`program.py`), and proof (`certificate.py`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import highspy

from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.program import Program
from orchestration.publication.disclosure.system import Cell, Interval, Relation, components

EXACT_CELLS, EXACT_NEEDED = 120, 25  # up to here the optimum is found in seconds
ROUNDS = 100  # of demands in the search for the optimum, before it is left to the heuristic
PUSHES = 12

Goal = tuple[Cell, int]


class UnprotectableError(Exception):
    """A small count that follows from what is public already, whatever else is withheld."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = tuple(cells)
        super().__init__(f"niet te beschermen, want het volgt uit wat al openbaar is: {', '.join(map(str, self.cells))}")


@dataclass(frozen=True)
class Problem:
    """What must be protected, and at what price.

    Args:
        values: The true value of every count.
        relations: Every public fact about several of them.
        needed: Of each small count that must be withheld, the interval of which both ends must stay possible.
        signs: What the sign says that a withheld count gets first; `wide` where it is not named. A count with a narrower sign may be given
            the wide one when its own says too much.
        wide: What the sign `x` says.
        widest: Of a count of which more is known than that, from an earlier release, what is known; no sign can take it back.
        prices: What it costs to withhold a count; one without a price is never withheld unless it is needed.
        before: Counts that are withheld already, at no price.
    """

    values: Mapping[Cell, int]
    relations: Sequence[Relation]
    needed: Mapping[Cell, Interval]
    prices: Mapping[Cell, int]
    wide: Interval
    signs: Mapping[Cell, Interval] = field(default_factory=dict)
    widest: Mapping[Cell, Interval] = field(default_factory=dict)
    before: frozenset[Cell] = frozenset()

    def part(self, cells: Sequence[Cell], relations: Sequence[Relation]) -> "Problem":
        """The same of some of the cells, which no relation ties to the others."""
        inside = set(cells)
        return Problem(
            self.values,
            relations,
            {cell: ends for cell, ends in self.needed.items() if cell in inside},
            {cell: price for cell, price in self.prices.items() if cell in inside},
            self.wide,
            self.signs,
            self.widest,
            self.before & inside,
        )

    def widest_of(self, cell: Cell) -> Interval:
        """What the sign that says least still leaves of a count."""
        return self.widest.get(cell, self.wide)

    @property
    def movable(self) -> list[Cell]:
        """The counts that are withheld or may be; all others are constants."""
        return [cell for cell in self.values if cell in self.needed or cell in self.prices or cell in self.before]


@dataclass(frozen=True)
class Pattern:
    """What is withheld, and why that is safe.

    Args:
        signs: Of each withheld count what its sign says.
        tables: The alternatives, the true table first; each has a value for every withheld count.
        optimal: Whether no cheaper choice exists.
    """

    signs: Mapping[Cell, Interval]
    tables: Sequence[Table]
    optimal: bool


def protect(problem: Problem, report: Callable[[str], None] = lambda _sentence: None) -> Pattern:
    """Choose what is withheld, group by group.

    Args:
        problem: What must be protected.
        report: Called with a sentence about progress, on long work.

    Raises:
        UnprotectableError: A small count follows from what may not be withheld.
    """
    patterns = []
    for cells, relations in components(problem.movable, problem.relations):
        part = problem.part(cells, relations)
        if not part.needed and not part.before:
            continue
        report(f"beschermen: {len(cells)} cijfers in samenhang, {len(part.needed)} kleine")
        small = len(cells) <= EXACT_CELLS and len(part.needed) <= EXACT_NEEDED
        patterns.append((small and optimum(part)) or heuristic(part))
    return _together(problem.values, patterns)


def _together(values: Mapping[Cell, int], patterns: Sequence[Pattern]) -> Pattern:
    """Lay the alternatives of independent groups over one another: the first of each, the second of each."""
    signs = {cell: sign for pattern in patterns for cell, sign in pattern.signs.items()}
    depth = max((len(pattern.tables) for pattern in patterns), default=0)
    true = {cell: values[cell] for cell in signs}
    tables = [
        true | {cell: value for pattern in patterns if number < len(pattern.tables) for cell, value in pattern.tables[number].items()}
        for number in range(depth)
    ]
    return Pattern(signs, tables, all(pattern.optimal for pattern in patterns))


class Search:
    """One group while it is being protected: what is withheld so far, and which alternatives show what."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.program = Program(problem.values, problem.relations, problem.movable)
        self.signs: dict[Cell, Interval] = {}
        self.tables: list[dict[Cell, int]] = []
        for cell in problem.movable:
            if cell in problem.needed or cell in problem.before:
                self.withhold(cell, problem.signs.get(cell, problem.widest_of(cell)))
            else:
                self.program.offer(cell, problem.wide, problem.prices[cell])
        self.tables.append({cell: problem.values[cell] for cell in problem.movable})

    def withhold(self, cell: Cell, sign: Interval) -> None:
        """Withhold a cell; one whose sign says more than the wide one may get that later, for the price of one."""
        self.signs[cell] = sign
        self.program.withhold(cell, sign, self.problem.widest_of(cell), 1.0)

    def restore(self, signs: Mapping[Cell, Interval]) -> None:
        """Go back to what was withheld before."""
        for cell in [cell for cell, sign in self.signs.items() if signs.get(cell) != sign]:
            if cell in signs:
                self.withhold(cell, signs[cell])
            else:
                del self.signs[cell]
                self.program.offer(cell, self.problem.wide, self.problem.prices[cell])

    def adopt(self, table: dict[Cell, int]) -> None:
        """Keep an alternative, and withhold what it moves, or give it the wide sign."""
        for cell, value in table.items():
            changed = value != self.problem.values[cell]
            if changed and (cell not in self.signs or value not in self.signs[cell]):
                self.withhold(cell, self.problem.widest_of(cell))
        self.tables.append(table)

    def open(self, tables: Sequence[Table] | None = None) -> list[Goal]:
        """The ends of small counts that no alternative reaches yet."""
        return unreached(self.problem.needed, self.tables if tables is None else tables)

    def pattern(self, optimal: bool) -> Pattern:
        """What is withheld now; a cell that no alternative moves is not worth withholding, and that was seen to before."""
        return Pattern(self.signs, [{cell: table[cell] for cell in self.signs} for table in self.tables], optimal)


def unreached(needed: Mapping[Cell, Interval], tables: Sequence[Table]) -> list[Goal]:
    """The ends of small counts that none of the tables reaches."""
    goals = []
    for cell, ends in needed.items():
        seen = {table[cell] for table in tables}
        high = ends.low if ends.high is None else ends.high
        goals += [(cell, ends.low)] if min(seen) > ends.low else []
        goals += [(cell, high)] if max(seen) < high else []
    return goals


def heuristic(problem: Problem) -> Pattern:
    """Protect a group of any size: greedily, then without what turned out not to be needed."""
    search = Search(problem)
    _push(search)
    lost = []
    for cell, value in search.open():
        if not unreached({cell: Interval(value, value)}, search.tables):
            continue
        answer = search.program.ask(cell, value)
        if answer.table is None:
            lost.append(cell)
        else:
            search.adopt(answer.table)
    if lost:
        raise UnprotectableError(dict.fromkeys(lost))
    _prune(search)
    return search.pattern(optimal=False)


def _push(search: Search) -> None:
    """Reach many ends at once, as far as what is withheld now allows: all of a kind together, while that still brings something."""
    for number in range(PUSHES):
        goals = search.open()
        if not goals:
            return
        chosen = goals if number % 3 == 0 else goals[number % 2 :: 2]
        table = search.program.push(dict(chosen))
        if table is None or len(unreached(search.problem.needed, [*search.tables, table])) > len(goals) - 2:
            continue
        search.tables.append(table)


def _prune(search: Search) -> None:
    """Publish again, the dearest first, every count without which all ends can still be reached."""
    problem = search.problem
    for cell in problem.movable:
        if cell not in search.signs:
            search.program.publish(cell)
    extra = [cell for cell in search.signs if cell not in problem.needed]
    for cell in sorted(extra, key=lambda cell: (-problem.prices.get(cell, 0), cell)):
        kept = [table for table in search.tables if table[cell] == problem.values[cell]]
        search.program.publish(cell)
        found = _reach(search, kept)
        if found is None:
            search.withhold(cell, search.signs[cell])
        else:
            search.tables = found
            del search.signs[cell]


def _reach(search: Search, kept: list[dict[Cell, int]]) -> list[dict[Cell, int]] | None:
    """Reach every end that the kept alternatives do not, with no further count withheld; None as soon as one cannot be."""
    tables = list(kept)
    for cell, value in search.open(tables):
        if unreached({cell: Interval(value, value)}, tables):
            table = search.program.ask(cell, value).table
            if table is None or any(value not in search.signs.get(other, Interval(value, value)) for other, value in table.items()):
                return None
            tables.append(table)
    return tables


def optimum(problem: Problem) -> Pattern | None:
    """Protect a small group at the lowest price there is; None when that takes too many rounds.

    Raises:
        UnprotectableError: A small count follows from what may not be withheld.
    """
    demands: list[frozenset[Cell]] = []
    prices = {cell: problem.prices.get(cell, 1) for cell in problem.movable if cell not in problem.before}
    for _ in range(ROUNDS):
        search = Search(problem)
        for cell in cheapest(prices, demands):
            search.withhold(cell, problem.widest_of(cell))
        new = _demands(search)
        if not new:
            if problem.before:  # came at no price, and may not be needed
                _prune(search)
            return search.pattern(optimal=True)
        demands += new
    return None


def _demands(search: Search) -> list[frozenset[Cell]]:
    """Of every end that is out of reach: the counts of which one more must be withheld, or get the wide sign.

    What one answer demands is withheld for the next, until the end is within reach: so one end gives several demands without a count in
    common, and few rounds do.
    """
    found: dict[frozenset[Cell], None] = {}
    for cell, value in search.open():
        if not unreached({cell: Interval(value, value)}, search.tables):
            continue
        chosen, answer = dict(search.signs), search.program.ask(cell, value)
        within_reach = answer.price < 0.5  # prices are whole numbers
        while answer.table is not None and answer.price > 0.5:
            movers = answer.movers or _anything(search)
            found[movers] = None
            for mover in movers:
                search.withhold(mover, search.problem.widest_of(mover))
            answer = search.program.ask(cell, value)
        if answer.table is None:
            raise UnprotectableError([cell])
        if within_reach:
            search.tables.append(answer.table)
        search.restore(chosen)
    return list(found)


def _anything(search: Search) -> frozenset[Cell]:
    """Every choice that is left: all that can be said when only the whole numbers, and not the linear program, ask for more."""
    narrow = {cell for cell, sign in search.signs.items() if sign != search.problem.widest_of(cell)}
    return frozenset(narrow | (search.problem.prices.keys() - search.signs.keys()))


def cheapest(prices: Mapping[Cell, int], demands: Sequence[frozenset[Cell]]) -> list[Cell]:
    """Find the cheapest cells of which every demand holds at least one."""
    cells = list(dict.fromkeys(cell for demand in demands for cell in sorted(demand)))
    place = {cell: number for number, cell in enumerate(cells)}
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        solver.setOptionValue(option, value)
    for cell in cells:
        solver.addVar(0.0, 1.0)
        solver.changeColCost(place[cell], prices[cell])
        solver.changeColIntegrality(place[cell], highspy.HighsVarType.kInteger)
    for demand in demands:
        inside = [place[cell] for cell in demand]
        solver.addRow(1.0, highspy.kHighsInf, len(inside), inside, [1.0] * len(inside))
    solver.run()
    return [cell for cell, chosen in zip(cells, solver.getSolution().col_value, strict=False) if chosen > 0.5]
