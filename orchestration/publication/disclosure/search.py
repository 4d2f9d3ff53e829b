"""One group of counts while it is being protected: what is withheld so far, and which alternatives show what.

Put here: the state of a search and the questions that it can be asked. Keep out: in which order it is asked what (`suppress.py`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from orchestration.publication.disclosure.certificate import Table
from orchestration.publication.disclosure.problem import Pattern, Problem
from orchestration.publication.disclosure.program import Answer, Program
from orchestration.publication.disclosure.system import Cell, Interval

NEIGHBOURHOODS = (40, 150)  # cells that a question is asked of, before all of a large group
EXTRA = 5  # to move a count that may yet be published counts as so many steps: the fewer need it, the sooner it is

Goal = tuple[Cell, int]


class Search:
    """One group while it is being protected: what is withheld so far, and which alternatives show what.

    An alternative holds only the counts that it changes. Most change few, and those near by: so a question is asked of the neighbourhood of
    a count first, and of all of a large group only when that gives no answer.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.signs: dict[Cell, Interval] = {}
        self.moves: list[Table] = []
        self._cells = problem.movable
        self._ties: dict[Cell, list[int]] = {cell: [] for cell in self._cells}
        self._inside = [[cell for cell, _ in relation.terms if cell in self._ties] for relation in problem.relations]
        for number, cells in enumerate(self._inside):
            for cell in cells:
                self._ties[cell].append(number)
        for cell in self._cells:
            if cell in problem.needed or cell in problem.before or cell in problem.rounded:
                self.signs[cell] = problem.signs.get(cell, problem.widest_of(cell))
        self.program = Program(problem.values, problem.relations, self._cells)
        for cell in self._cells:
            self._tell(cell)

    def _tell(self, cell: Cell) -> None:
        if cell in self.signs:
            step = 1 if cell in self.problem.needed else EXTRA
            self.program.withhold(cell, self.signs[cell], self.problem.widest_of(cell), price=1, step=step)
        elif cell in self.problem.prices:
            self.program.offer(cell, self.problem.widest_of(cell), self.problem.prices[cell])
        else:
            self.program.publish(cell)

    def withhold(self, cell: Cell, sign: Interval) -> None:
        """Withhold a cell; one whose sign says more than the wide one may get that later, for the price of one."""
        self.signs[cell] = sign
        self._tell(cell)

    def release(self, cell: Cell) -> None:
        """Withhold a cell no longer."""
        del self.signs[cell]
        self._tell(cell)

    def restore(self, signs: Mapping[Cell, Interval]) -> None:
        """Go back to what was withheld before."""
        for cell in [cell for cell, sign in self.signs.items() if signs.get(cell) != sign]:
            if cell in signs:
                self.withhold(cell, signs[cell])
            else:
                self.release(cell)

    def ask(self, cell: Cell, value: int) -> Answer:
        """Look for a table in which a withheld cell has a value: with what is withheld already, else at the lowest price."""
        answer = self.ask_within(cell, value)
        return self.program.ask(cell, value, few=True) if answer.move is None else answer

    def ask_within(self, cell: Cell, value: int, *, far: bool = True) -> Answer:
        """Look for one that moves only what is withheld already, near by first; and far away, unless that is not worth the time."""
        for size in NEIGHBOURHOODS:
            near = self._around(cell, size)
            answer = self.program.ask_free(cell, value, near)
            if answer.move is not None or len(near) < size:  # nothing else is tied to these
                return answer
        return self.program.ask_free(cell, value, self.signs) if far else answer

    def _around(self, cell: Cell, size: int) -> list[Cell]:
        """The withheld cells nearest to one, by ties; about as many as asked for, or all that are tied to it."""
        found, seen = dict.fromkeys([cell]), set[int]()
        for reached in (front := [cell]):
            for number in self._ties[reached]:
                if len(found) >= size:
                    return list(found)
                if number not in seen:
                    seen.add(number)
                    front += (new := [other for other in self._inside[number] if other in self.signs and other not in found])
                    found |= dict.fromkeys(new)
        return list(found)

    def allows(self, move: Table) -> bool:
        """Whether an alternative fits in with what is asked: it moves nothing public for good, and nothing rounded further than it is."""
        return all(
            (cell in self.signs or cell in self.problem.prices)
            and value in (self.signs[cell] if cell in self.problem.rounded else self.problem.widest_of(cell))
            for cell, value in move.items()
        )

    def adopt(self, move: Table) -> None:
        """Keep an alternative, and withhold what it moves, or give it the wide sign."""
        for cell, value in move.items():
            if cell not in self.signs or value not in self.signs[cell]:
                self.withhold(cell, self.problem.widest_of(cell))
        self.moves.append(move)

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
