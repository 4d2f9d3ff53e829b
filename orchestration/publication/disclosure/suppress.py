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
from orchestration.publication.disclosure.program import Answer, Program
from orchestration.publication.disclosure.system import Cell, Interval, Relation, components

EXACT_CELLS, EXACT_NEEDED = 120, 25  # up to here the optimum is found in seconds
ROUNDS = 100  # of demands in the search for the optimum, before it is left to the heuristic
PUSHES = 12
NEIGHBOURHOODS = (150, 900)  # cells that a question is asked of, before all of a large group
NO_ANSWER = Answer(None, float("inf"), frozenset())

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
        tables: The alternatives: from `protect` the true table first, each with a value for every withheld count.
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
    signs: dict[Cell, Interval] = {}
    moves: list[Table] = []
    optimal = True
    for cells, relations in components(problem.movable, problem.relations):
        part = problem.part(cells, relations)
        if not part.needed and not part.before:
            continue
        report(f"beschermen: {len(cells)} cijfers in samenhang, {len(part.needed)} kleine")
        small = len(cells) <= EXACT_CELLS and len(part.needed) <= EXACT_NEEDED
        found = (small and _least(part)) or _greedy(part)
        signs |= found.signs
        moves += found.tables
        optimal &= found.optimal
    return _whole(problem, Pattern(signs, moves, optimal))


def _whole(problem: Problem, found: Pattern) -> Pattern:
    """Make whole tables of moves: those that no relation ties go into one table, so that few tables prove everything.

    Args:
        problem: What was protected.
        found: A pattern whose alternatives hold only the counts that they change.

    Returns:
        The same pattern; its alternatives, the true table first, have a value for every withheld count.
    """
    ties: dict[Cell, list[int]] = {}
    for number, relation in enumerate(problem.relations):
        for cell, _ in relation.terms:
            ties.setdefault(cell, []).append(number)
    true = {cell: problem.values[cell] for cell in found.signs}
    tables, touched = [true], [set(range(len(problem.relations)))]
    for move in found.tables:
        own = {number for cell in move for number in ties.get(cell, ())}
        place = next((place for place, taken in enumerate(touched) if own.isdisjoint(taken) and tables[place].keys() >= move.keys()), None)
        if place is None or any(tables[place][cell] != true[cell] for cell in move):
            tables.append(true | dict(move))
            touched.append(own)
        else:
            tables[place] |= move
            touched[place] |= own
    return Pattern(found.signs, tables, found.optimal)


class Search:
    """One group while it is being protected: what is withheld so far, and which alternatives show what.

    An alternative holds only the counts that it changes. Most change few, and those near by: so a question is asked of the neighbourhood of
    a count first, and of all of a large group only when that gives no answer.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.signs: dict[Cell, Interval] = {}
        self.moves: list[Table] = []
        self._closed = False
        self._cells = problem.movable
        self._ties: dict[Cell, list[int]] = {cell: [] for cell in self._cells}
        self._inside = [[cell for cell, _ in relation.terms if cell in self._ties] for relation in problem.relations]
        for number, cells in enumerate(self._inside):
            for cell in cells:
                self._ties[cell].append(number)
        for cell in self._cells:
            if cell in problem.needed or cell in problem.before:
                self.signs[cell] = problem.signs.get(cell, problem.widest_of(cell))
        self.program = self._program(self._cells, problem.relations)

    def _program(self, cells: Sequence[Cell], relations: Sequence[Relation]) -> Program:
        program = Program(self.problem.values, relations, cells)
        for cell in cells:
            self._tell(program, cell)
        return program

    def _tell(self, program: Program, cell: Cell) -> None:
        if cell in self.signs:
            program.withhold(cell, self.signs[cell], self.problem.widest_of(cell), 1.0)
        elif self._closed:
            program.publish(cell)
        else:
            program.offer(cell, self.problem.widest_of(cell), self.problem.prices[cell])

    def withhold(self, cell: Cell, sign: Interval) -> None:
        """Withhold a cell; one whose sign says more than the wide one may get that later, for the price of one."""
        self.signs[cell] = sign
        self._tell(self.program, cell)

    def release(self, cell: Cell) -> None:
        """Withhold a cell no longer."""
        del self.signs[cell]
        self._tell(self.program, cell)

    def close(self) -> None:
        """Withhold nothing more from now on."""
        self._closed = True
        for cell in self._cells:
            if cell not in self.signs:
                self._tell(self.program, cell)

    def restore(self, signs: Mapping[Cell, Interval]) -> None:
        """Go back to what was withheld before."""
        for cell in [cell for cell, sign in self.signs.items() if signs.get(cell) != sign]:
            if cell in signs:
                self.withhold(cell, signs[cell])
            else:
                self.release(cell)

    def ask(self, cell: Cell, value: int) -> Answer:
        """Look for a cheap table in which a withheld cell has a value: near by first, for free if that can be."""
        answer = NO_ANSWER
        for size in NEIGHBOURHOODS:
            near = self._around(cell, size)
            if len(near) >= len(self._cells):
                break
            numbers = dict.fromkeys(number for other in near for number in self._ties[other])
            answer = self._program(near, [self.problem.relations[number] for number in numbers]).ask(cell, value)
            if answer.table is not None and answer.price < 0.5:
                return answer
        else:
            if answer.table is not None or self._closed:
                return answer
        return self.program.ask(cell, value)

    def _around(self, cell: Cell, size: int) -> list[Cell]:
        """The cells nearest to one, by ties, that may move; about as many as asked for."""
        found = dict.fromkeys([cell])
        for reached in (front := [cell]):
            if len(found) >= size:
                break
            for number in self._ties[reached]:
                for other in self._inside[number]:
                    if other not in found and (other in self.signs or not self._closed):
                        found[other] = None
                        front.append(other)
        return list(found)

    def adopt(self, table: Table) -> None:
        """Keep an alternative, and withhold what it moves, or give it the wide sign."""
        move = self.move(table)
        for cell, value in move.items():
            if cell not in self.signs or value not in self.signs[cell]:
                self.withhold(cell, self.problem.widest_of(cell))
        self.moves.append(move)

    def move(self, table: Table) -> Table:
        """What an alternative changes."""
        return {cell: value for cell, value in table.items() if value != self.problem.values[cell]}

    def open(self, moves: Sequence[Table] | None = None) -> list[Goal]:
        """The ends of small counts that no alternative reaches yet."""
        return list(unreached(self.problem, self.moves if moves is None else moves))

    def pattern(self, optimal: bool) -> Pattern:
        """What is withheld now; its alternatives hold what they change."""
        return Pattern(self.signs, self.moves, optimal)


def unreached(problem: Problem, moves: Sequence[Table]) -> dict[Goal, None]:
    """The ends of small counts that the true table and none of the alternatives reaches."""
    low = {cell: problem.values[cell] for cell in problem.needed}
    high = dict(low)
    for move in moves:
        for cell, value in move.items():
            if cell in low:
                low[cell], high[cell] = min(low[cell], value), max(high[cell], value)
    goals: dict[Goal, None] = {}
    for cell in problem.needed:
        for end in _ends(problem, cell):
            if end < low[cell] or high[cell] < end:
                goals[cell, end] = None
    return goals


def _ends(problem: Problem, cell: Cell) -> tuple[int, ...]:
    """What must stay possible of a small count: the lowest and the highest."""
    ends = problem.needed.get(cell)
    return () if ends is None else (ends.low, ends.low if ends.high is None else ends.high)


def reach(search: Search, goals: Iterable[Goal], answer_to: Callable[[Cell, int], Table | None]) -> bool:
    """Go through ends that are out of reach, passing by those that an earlier answer reached; False as soon as there is no answer."""
    ahead = dict.fromkeys(goals)
    while ahead:
        cell, value = next(iter(ahead))
        move = answer_to(cell, value)
        if move is None:
            return False
        del ahead[cell, value]
        for other, now in move.items():
            for end in _ends(search.problem, other):
                true = search.problem.values[other]
                if now <= end < true or true < end <= now:  # what is lower still reaches a low end, what is higher a high one
                    ahead.pop((other, end), None)
    return True


def heuristic(problem: Problem) -> Pattern:
    """Protect a group of any size: greedily, then without what turned out not to be needed.

    Raises:
        UnprotectableError: A small count follows from what may not be withheld.
    """
    return _whole(problem, _greedy(problem))


def _greedy(problem: Problem) -> Pattern:
    search = Search(problem)
    _push(search)
    lost: dict[Cell, None] = {}

    def answer_to(cell: Cell, value: int) -> Table:
        answer = search.ask(cell, value)
        if answer.table is None:
            lost[cell] = None
            return {}
        search.adopt(answer.table)
        return search.moves[-1]

    reach(search, search.open(), answer_to)
    if lost:
        raise UnprotectableError(lost)
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
        if table is not None and len(search.open([*search.moves, search.move(table)])) <= len(goals) - 2:
            search.moves.append(search.move(table))


def _prune(search: Search) -> None:
    """Publish again, the dearest first, every count without which all ends can still be reached."""
    problem = search.problem
    search.close()
    extra = [cell for cell in search.signs if cell not in problem.needed]
    for cell in sorted(extra, key=lambda cell: (-problem.prices.get(cell, 0), cell)):
        kept = [move for move in search.moves if cell not in move]
        sign = search.signs[cell]
        search.release(cell)
        found = _without(search, kept)
        if found is None:
            search.withhold(cell, sign)
        else:
            search.moves = found


def _without(search: Search, kept: list[Table]) -> list[Table] | None:
    """Reach every end that the kept alternatives do not, with no further count withheld; None as soon as one cannot be."""
    moves = list(kept)

    def answer_to(cell: Cell, value: int) -> Table | None:
        answer = search.ask(cell, value)
        if answer.table is None or answer.price > 0.5:
            return None
        moves.append(search.move(answer.table))
        return moves[-1]

    return moves if reach(search, search.open(kept), answer_to) else None


def optimum(problem: Problem) -> Pattern | None:
    """Protect a small group at the lowest price there is; None when that takes too many rounds.

    Raises:
        UnprotectableError: A small count follows from what may not be withheld.
    """
    found = _least(problem)
    return found and _whole(problem, found)


def _least(problem: Problem) -> Pattern | None:
    demands: dict[frozenset[Cell], None] = {}
    prices = {cell: 1 if cell in problem.needed else problem.prices[cell] for cell in problem.movable if cell not in problem.before}
    good = _greedy(problem)
    for _ in range(ROUNDS):
        chosen = cheapest(prices, list(demands))
        if sum(prices[cell] for cell in chosen) >= price(problem, good):  # nothing is cheaper than the demands so far
            return Pattern(good.signs, good.tables, optimal=True)
        search = Search(problem)
        for cell in chosen:
            search.withhold(cell, problem.widest_of(cell))
        new = _demands(search)
        if not new:
            if problem.before:  # came at no price, and may not be needed
                _prune(search)
            return search.pattern(optimal=True)
        demands |= dict.fromkeys(new)
    return None


def price(problem: Problem, pattern: Pattern) -> int:
    """What a pattern costs: its counts beside the small ones, and one for each sign that had to be wider than it might have been."""
    beside = sum(problem.prices.get(cell, 0) for cell in pattern.signs if cell not in problem.needed and cell not in problem.before)
    return beside + sum(sign != problem.signs.get(cell, sign) for cell, sign in pattern.signs.items() if cell in problem.needed)


def _demands(search: Search) -> list[frozenset[Cell]]:
    """Of every end that is out of reach: the counts of which one more must be withheld, or get the wide sign.

    What one answer demands is withheld for the next, until the end is within reach: so one end gives several demands without a count in
    common, and few rounds do.
    """
    found: dict[frozenset[Cell], None] = {}

    def answer_to(cell: Cell, value: int) -> Table:
        chosen, answer = dict(search.signs), search.program.ask(cell, value)
        if answer.table is not None and answer.price < 0.5:  # prices are whole numbers
            search.moves.append(search.move(answer.table))
            return search.moves[-1]
        while answer.table is not None and answer.price > 0.5:
            movers = answer.movers or _anything(search)
            found[movers] = None
            for mover in movers:
                search.withhold(mover, search.problem.widest_of(mover))
            answer = search.program.ask(cell, value)
        if answer.table is None:
            raise UnprotectableError([cell])
        search.restore(chosen)
        return {}

    reach(search, search.open(), answer_to)
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
