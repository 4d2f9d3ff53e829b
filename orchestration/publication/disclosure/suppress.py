"""Chooses which counts are withheld: every small one, and as little as possible beside them.

Small groups are solved to the optimum; large ones by a heuristic that is called one: each small count in turn gets the cheapest other table
in which it has each of its ends, what that table moves is withheld as well, and at the end whatever turns out not to be needed is
published again. Either way every withheld count ends with alternatives that `certificate.py` checks.

The optimum is an implicit hitting set: whenever a choice leaves a small count open, the dual of the linear program names counts of which at
least one must be withheld too; the cheapest choice that satisfies all such demands, and needs no further one, is the cheapest there is.

Put here: choosing. Keep out: what is asked for (`problem.py`), the state of a search (`search.py`), and proof (`certificate.py`).
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from orchestration.publication.disclosure import solver
from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.problem import Pattern, Problem, UnprotectableError
from orchestration.publication.disclosure.search import Search, reach
from orchestration.publication.disclosure.solver import UndecidedError
from orchestration.publication.disclosure.system import Cell, Interval, Relation, components

EXACT_CELLS, EXACT_NEEDED = 120, 25  # up to here the optimum is found in seconds
ROUNDS = 100  # of demands in the search for the optimum, before it is left to the heuristic


def protect(problem: Problem, report: Callable[[str], None] = lambda _sentence: None, known: Sequence[Table] = ()) -> Pattern:
    """Choose what is withheld, group by group.

    Args:
        problem: What must be protected.
        report: Called with a sentence about progress, on long work.
        known: Alternatives to a problem much like this one, as changes: a search that begins with them takes half the time.

    Raises:
        UnprotectableError: A small count follows from what may not be withheld.
        UndecidedError: A search for whole numbers was given up before it was known whether a small count can be protected.
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
        inside = set(cells)
        near = [move for move in known if move.keys() <= inside]
        found = (small and _least(part)) or _greedy(part, near)
        signs |= found.signs
        moves += found.tables
        optimal &= found.optimal
    return _whole(problem, Pattern(signs, moves, optimal))


def _whole(problem: Problem, found: Pattern) -> Pattern:
    """Make whole tables of moves: those of other counts go into one table together, so that few tables prove everything.

    Each move alone keeps every sum, and so do two together; only of a fact that leaves room must be seen that both fit in.

    Args:
        problem: What was protected.
        found: A pattern whose alternatives hold only the counts that they change.

    Returns:
        The same pattern; its alternatives, the true table first, have a value for every withheld count.
    """
    loose: dict[Cell, list[int]] = {}
    for number, relation in enumerate(problem.relations):
        if relation.low != relation.high:
            for cell, _ in relation.terms:
                loose.setdefault(cell, []).append(number)
    true = {cell: problem.values[cell] for cell in found.signs}
    tables: list[dict[Cell, int]] = []
    for move in found.tables:
        facts = [problem.relations[number] for number in {number for cell in move for number in loose.get(cell, ())}]
        place = next((table for table in tables if _fits(problem, move, table, facts)), None)
        if place is None:
            tables.append(true | dict(move))
        else:
            place |= move
    return Pattern(found.signs, [true, *tables], found.optimal, found.tables)


def _fits(problem: Problem, move: Table, table: Table, facts: Sequence[Relation]) -> bool:
    """Whether a table leaves alone what a move changes, and the facts that leave room hold of both together."""
    if any(table[cell] != problem.values[cell] for cell in move):
        return False
    moved = {cell for fact in facts for cell, _ in fact.terms}
    together = {cell: move.get(cell, table.get(cell, problem.values[cell])) for cell in moved}
    return all(fact.holds(together) for fact in facts)


def heuristic(problem: Problem) -> Pattern:
    """Protect a group of any size: greedily, then without what turned out not to be needed.

    Raises:
        UnprotectableError: A small count follows from what may not be withheld.
    """
    return _whole(problem, _greedy(problem))


def _greedy(problem: Problem, known: Sequence[Table] = ()) -> Pattern:
    search = Search(problem)
    for move in filter(search.allows, known):
        search.adopt(move)
    lost: dict[Cell, None] = {}

    def answer_to(cell: Cell, value: int) -> Table:
        answer = search.ask(cell, value)
        if answer.move is None:
            if not answer.settled:
                raise UndecidedError(f"geen uitsluitsel over {cell}")
            lost[cell] = None
            return {}
        search.adopt(answer.move)
        return answer.move

    reach(search, search.open(), answer_to)
    if lost:
        raise UnprotectableError(lost)
    _prune(search)
    _show_what_follows(search)
    return search.pattern(optimal=False)


def _prune(search: Search) -> None:
    """Publish again, the dearest first, every count without which all ends can still be reached; then narrow each sign that can be."""
    problem = search.problem
    signed = problem.needed.keys() | problem.rounded
    extra = [cell for cell in search.signs if cell not in signed]
    for cell in sorted(extra, key=lambda cell: (-problem.prices.get(cell, 0), cell)):
        sign = search.signs[cell]
        search.release(cell)
        _unless_needed(search, cell, sign, [move for move in search.moves if cell not in move])
    for cell in [cell for cell, sign in search.signs.items() if cell in signed and sign != problem.signs.get(cell, sign)]:
        wide, narrow = search.signs[cell], problem.signs[cell]
        search.withhold(cell, narrow)
        _unless_needed(search, cell, wide, [move for move in search.moves if move.get(cell, narrow.low) in narrow])


def _unless_needed(search: Search, cell: Cell, sign: Interval, kept: list[Table]) -> None:
    """Go on with the alternatives that are kept and what they lack; where that cannot be had, give a cell its sign back."""
    found = _without(search, kept)
    if found is None:
        search.withhold(cell, sign)
    else:
        search.moves = found


def _show_what_follows(search: Search) -> None:
    """Look near by for a table with another value of each rounded count; one that has none follows, or nearly, and is shown as it is."""
    moved = {cell for move in search.moves for cell in move}
    for cell in [cell for cell in search.signs if cell in search.problem.rounded and cell not in search.problem.needed]:
        if cell in moved:
            continue
        value = search.problem.values[cell]
        answers = (search.ask_within(cell, near, far=False) for near in (value + 1, value - 1) if near in search.signs[cell])
        move = next((answer.move for answer in answers if answer.move is not None), None)
        if move is None:
            search.release(cell)
        else:
            search.moves.append(move)
            moved |= move.keys()


def _without(search: Search, kept: list[Table]) -> list[Table] | None:
    """Reach every end that the kept alternatives do not, with no further count withheld; None as soon as one cannot be."""
    moves = list(kept)

    def answer_to(cell: Cell, value: int) -> Table | None:
        answer = search.ask_within(cell, value)
        if answer.move is None:
            return None
        moves.append(answer.move)
        return answer.move

    return moves if reach(search, search.open(moves), answer_to) else None


def optimum(problem: Problem) -> Pattern | None:
    """Protect a small group at the lowest price there is; None when that takes too many rounds.

    Raises:
        UnprotectableError: A small count follows from what may not be withheld.
    """
    found = _least(problem)
    return found and _whole(problem, found)


def _least(problem: Problem) -> Pattern | None:
    demands: dict[frozenset[Cell], None] = {}
    signed = {cell: 1 for cell in problem.movable if cell in problem.needed or cell in problem.rounded}  # a wider sign is the cheapest
    prices = signed | dict(problem.prices)
    good = _greedy(problem)
    for _ in range(ROUNDS):
        chosen = cheapest(prices, list(demands))
        if sum(prices[cell] for cell in chosen) >= price(problem, good):  # nothing is cheaper than the demands so far
            return Pattern(good.signs, good.tables, optimal=True)
        search = Search(problem)
        for cell in chosen:
            search.withhold(cell, problem.widest_of(cell))
        try:
            new = _demands(search)
        except UndecidedError:  # then nothing can be said of the optimum
            return None
        if not new:
            if problem.before:  # came at no price, and may not be needed
                _prune(search)
            _show_what_follows(search)
            return search.pattern(optimal=True)
        demands |= dict.fromkeys(new)
    return None


def price(problem: Problem, pattern: Pattern) -> int:
    """What a pattern costs: its counts beside the small ones, and one for each sign that had to be wider than it might have been."""
    beside = sum(problem.prices.get(cell, 0) for cell in pattern.signs if cell not in problem.needed and cell not in problem.before)
    signed = [(cell, sign) for cell, sign in pattern.signs.items() if cell in problem.needed or cell in problem.rounded]
    return beside + sum(sign != problem.signs.get(cell, sign) for cell, sign in signed)


def _demands(search: Search) -> list[frozenset[Cell]]:
    """Of every end that is out of reach: the counts of which one more must be withheld, or get the wide sign.

    What one answer demands is withheld for the next, until the end is within reach: so one end gives several demands without a count in
    common, and few rounds do.
    """
    found: dict[frozenset[Cell], None] = {}

    def answer_to(cell: Cell, value: int) -> Table:
        chosen, answer = dict(search.signs), search.program.ask(cell, value)
        if answer.move is not None and answer.price < 0.5:  # prices are whole numbers
            search.moves.append(answer.move)
            return answer.move
        while answer.settled and answer.move is not None and answer.price > 0.5:
            movers = answer.movers or _anything(search)
            found[movers] = None
            for mover in movers:
                search.withhold(mover, search.problem.widest_of(mover))
            answer = search.program.ask(cell, value)
        if not answer.settled and answer.price > 0.5:
            raise UndecidedError(f"geen uitsluitsel over {cell}")
        if answer.move is None:
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
    if not cells:
        return []
    place = {cell: number for number, cell in enumerate(cells)}
    rows: list[solver.Row] = [([(place[cell], 1) for cell in sorted(demand)], 1.0, None) for demand in demands]
    asked = solver.new(mip_rel_gap=0.0, mip_abs_gap=0.5)  # prices are whole numbers
    solver.load(asked, np.array([prices[cell] for cell in cells], dtype=float), np.zeros(len(cells)), np.ones(len(cells)), rows)
    with solver.whole_numbers(asked):
        asked.run()
        chosen = asked.getSolution().col_value
    return [cell for cell, value in zip(cells, chosen, strict=True) if value > 0.5]
