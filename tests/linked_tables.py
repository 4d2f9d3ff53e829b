"""Random linked tables to protect: up to three dimensions with totals and subtotals, and jongeren next to their meldingen.

Put here: generating tables, the public part of a pattern, and brute-force enumeration of the integer tables that match it. Keep out: the
assertions (the tests).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from random import Random

from attack import solving

from orchestration.publication.disclosure.problem import Pattern, Problem
from orchestration.publication.disclosure.system import Cell, Interval, Relation, at_most, equal

THRESHOLD = 5
WITHHELD = Interval(1, None)  # the range of `x`: a zero is always shown
TOTAL = "T"
Dimension = Mapping[str, tuple[str, ...]]
DIMENSIONS: tuple[Dimension, ...] = (
    {TOTAL: ("a", "b")},
    {TOTAL: ("a", "b", "c")},
    {TOTAL: ("p", "c"), "p": ("a", "b")},
)


def problem(
    values: Mapping[Cell, int],
    relations: Sequence[Relation],
    *,
    prices: Mapping[Cell, int] | None = None,
    narrow: bool = False,
    wide: Interval = WITHHELD,
    threshold: int = THRESHOLD,
) -> Problem:
    """Return the problem of a table: every small count that can be hidden must be protected; every count except a zero may be withheld.

    Args:
        values: The true value of every count.
        relations: The facts.
        prices: The cost of withholding a count; 1 for each by default.
        narrow: Whether a small count first gets the sign `<5`; otherwise `x`, like every other.
        wide: The range of the sign `x`.
        threshold: Counts below this are small.
    """
    small = [name for name, value in values.items() if 0 < value < threshold]
    prices = {name: prices[name] if prices else 1 for name, value in values.items() if value >= threshold}
    free = {name: wide if name in prices or name in small else Interval(value, value) for name, value in values.items()}
    ranges = solving.solve(knowledge(free, relations), thorough=True).ranges
    needed = {name: _within(ranges[name], threshold) for name in small}
    signs = dict.fromkeys(small, Interval(1, threshold - 1)) if narrow else {}
    return Problem(values, relations, needed, prices, wide, signs)


def _within(found: tuple[int, int], threshold: int) -> Interval:
    """Return the values that must stay possible for a small count: 1 up to the threshold, as far as the table allows; at least two."""
    return Interval(found[0], min(found[1], max(threshold - 1, found[0] + 1)))


def knowledge(public: Mapping[Cell, Interval], relations: Sequence[Relation]) -> solving.Knowledge:
    """Return the same facts in the form of the attacker."""
    known = solving.Knowledge()
    for name, interval in public.items():
        known.interval(name, interval.low, solving.MOST if interval.high is None else interval.high)
    for fact in relations:
        known.weighted(dict(fact.terms), -float("inf") if fact.low is None else fact.low, float("inf") if fact.high is None else fact.high)
    return known


def public(values: Mapping[Cell, int], pattern: Pattern) -> dict[Cell, Interval]:
    """Return the public range of each count: its value, or the range of its sign."""
    return {name: pattern.signs.get(name, Interval(value, value)) for name, value in values.items()}


def price(asked: Problem, pattern: Pattern) -> int:
    """Return the cost of a pattern: the price of each extra withheld count, and 1 for each widened sign."""
    extra = sum(asked.prices[name] for name in pattern.signs if name not in asked.needed)
    return extra + sum(sign != asked.signs.get(name, asked.wide) for name, sign in pattern.signs.items())


def whole_tables(known: Mapping[Cell, Interval], relations: Sequence[Relation]) -> Iterator[dict[Cell, int]]:
    """Return every integer table that matches the known facts, by brute force. Every interval must have an end."""
    names = sorted(known, key=lambda name: (not known[name].exact, name))
    due: dict[int, list[Relation]] = {}
    for fact in relations:
        due.setdefault(max(names.index(name) for name, _ in fact.terms), []).append(fact)

    def further(table: dict[Cell, int]) -> Iterator[dict[Cell, int]]:
        if len(table) == len(names):
            yield dict(table)
            return
        place = len(table)
        name = names[place]
        high = known[name].high
        assert high is not None
        for value in range(known[name].low, high + 1):
            table[name] = value
            if all(fact.holds(table) for fact in due.get(place, ())):
                yield from further(table)
            del table[name]

    yield from further({})


def hidden(asked: Problem, known: Mapping[Cell, Interval]) -> bool:
    """Check by brute force that integer tables reach both ends of every needed count, and that no withheld count has a single value."""
    seen: dict[Cell, set[int]] = {name: set() for name, interval in known.items() if not interval.exact}
    open_ends = {(name, end) for name, ends in asked.needed.items() for end in (ends.low, ends.high)}
    for table in whole_tables(known, asked.relations):
        open_ends -= table.items()
        for name, values in seen.items():
            values.add(table[name])
    return not open_ends and all(len(values) > 1 for values in seen.values())


def random_table(
    random: Random, shape: Sequence[Dimension], *, zero: float = 0.3, small: float = 0.3, most: int = 40
) -> tuple[dict[Cell, int], list[Relation]]:
    """A table with all its totals and subtotals, and the relations between them."""
    leaves = [[name for names in dimension.values() for name in names if name not in dimension] for dimension in shape]
    values = {}
    for place in product(*leaves):
        kind = random.random()
        values[place] = 0 if kind < zero else random.randint(1, 4) if kind < zero + small else random.randint(5, most)
    for axis, dimension in enumerate(shape):
        for whole in sorted(dimension, key=lambda name: name == TOTAL):  # the subtotals first
            for place in [place for place in values if place[axis] == dimension[whole][0]]:
                values[_at(place, axis, whole)] = sum(values[_at(place, axis, part)] for part in dimension[whole])
    relations = [
        equal([_name(place)], [_name(_at(place, axis, part)) for part in dimension[place[axis]]], "het geheel de som is")
        for axis, dimension in enumerate(shape)
        for place in values
        if place[axis] in dimension
    ]
    return {_name(place): value for place, value in values.items()}, relations


def _at(place: tuple[str, ...], axis: int, name: str) -> tuple[str, ...]:
    return (*place[:axis], name, *place[axis + 1 :])


def _name(place: tuple[str, ...], kind: str = "meldingen") -> Cell:
    return Cell(".".join(place), "0000", kind)


def with_jongeren(random: Random, meldingen: Mapping[Cell, int], relations: Sequence[Relation]) -> tuple[dict[Cell, int], list[Relation]]:
    """Add a count of jongeren to each count of meldingen: at most the meldingen; a total is between its largest part and their sum."""
    values, facts = dict(meldingen), list(relations)
    for name in sorted(meldingen, key=lambda name: name.schooljaar.count(TOTAL) + name.schooljaar.count("p")):
        jongeren, several = name._replace(indicator="jongeren"), [fact for fact in relations if fact.terms[0][0] == name]
        parts = [[part._replace(indicator="jongeren") for part, _ in fact.terms[1:]] for fact in several]
        least = max((values[part] for group in parts for part in group), default=min(1, meldingen[name]))
        most = min([meldingen[name], *(sum(values[part] for part in group) for group in parts)])
        values[jongeren] = random.randint(least, most)
        facts.append(at_most([jongeren], [name], "jongeren niet meer zijn dan hun meldingen"))
        for group in parts:
            facts.append(at_most([jongeren], group, "elke jongere ergens telt"))
            facts += [at_most([part], [jongeren], "een deel niet meer is dan het geheel") for part in group]
    return values, facts


def random_linked(random: Random, cells: int = 200) -> tuple[dict[Cell, int], list[Relation]]:
    """Draw a table of one to three dimensions and at most that many cells; one in three has jongeren next to meldingen."""
    inequalities = random.random() < 1 / 3
    while True:
        shape = [random.choice(DIMENSIONS) for _ in range(random.randint(1, 3))]
        size = prod(len({*dimension, *(name for names in dimension.values() for name in names)}) for dimension in shape)
        if size * (1 + inequalities) <= cells:
            break
    values, relations = random_table(random, shape, zero=random.choice((0, 0.2, 0.5)), small=random.choice((0.2, 0.4, 0.7)))
    return with_jongeren(random, values, relations) if inequalities else (values, relations)
