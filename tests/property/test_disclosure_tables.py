"""For any linked table: withheld counts stay hidden, the proof holds, and nothing is withheld needlessly."""

from dataclasses import replace
from random import Random

import pytest
from attack import solving
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from linked_tables import hidden, knowledge, price, problem, public, random_linked, random_table, with_jongeren

from orchestration.publication.disclosure.certificate import faults
from orchestration.publication.disclosure.problem import Pattern, Problem
from orchestration.publication.disclosure.search import Search
from orchestration.publication.disclosure.suppress import heuristic, optimum, protect
from orchestration.publication.disclosure.system import Cell, Interval, Relation

ROWS = ({"T": ("a", "b")}, {"T": ("a", "b", "c")}, {"T": ("p", "c"), "p": ("a", "b")})
SEEDS = st.integers(0, 2**32 - 1)
NARROW = st.booleans()


def proven(asked: Problem, pattern: Pattern) -> Pattern:
    """Return the pattern after checking its certificate."""
    assert list(faults(public(asked.values, pattern), asked.relations, asked.needed, pattern.tables)) == []
    return pattern


@settings(max_examples=25, deadline=None)
@given(SEEDS, NARROW)
def test_the_proof_of_a_heuristic_holds_and_an_attacker_agrees(seed: int, narrow: bool):
    """An independent solver confirms that each needed end can be reached."""
    asked = problem(*random_linked(Random(seed), 100), narrow=narrow)
    pattern = proven(asked, heuristic(asked))
    found = solving.solve(knowledge(public(asked.values, pattern), asked.relations), thorough=len(pattern.signs) < 25)
    assert not found.contradictions and not found.solved
    if len(pattern.signs) < 25:
        for cell, ends in asked.needed.items():
            least, most = found.ranges[cell]
            assert ends.high is not None and least <= ends.low and ends.high <= most


@settings(max_examples=25, deadline=None)
@given(SEEDS, NARROW)
def test_a_heuristic_is_never_cheaper_than_the_optimum(seed: int, narrow: bool):
    random = Random(seed)
    values, relations = random_linked(random, 20)
    prices = {cell: random.randint(1, 9) for cell, value in values.items() if value}
    asked = problem(values, relations, narrow=narrow, prices=prices)
    best = optimum(asked)
    assume(best is not None)  # the demands sometimes take more than a hundred rounds
    assert best is not None and best.optimal
    assert price(asked, proven(asked, best)) <= price(asked, proven(asked, heuristic(asked)))


@settings(max_examples=8, deadline=None)
@given(SEEDS, NARROW)
def test_a_search_that_begins_with_other_alternatives_is_as_safe(seed: int, narrow: bool):
    """Alternatives from other prices, and from before a count was published that is now public."""
    random = Random(seed)
    values, relations = random_linked(random, 30)
    before = problem(values, relations, narrow=narrow, prices={cell: random.randint(1, 9) for cell in values})
    pattern = heuristic(before)
    unused = [cell for cell in before.prices if cell not in pattern.signs]
    now = replace(before, prices=dict.fromkeys(before.prices.keys() - unused[:1], 1))
    again = proven(now, protect(now, known=pattern.moves))
    assert again.signs.keys() <= now.prices.keys() | now.needed.keys()
    dear = next((cell for cell in pattern.signs if cell in before.prices), None)
    if dear is not None:
        public = Search(replace(before, prices={cell: 1 for cell in before.prices if cell != dear}))
        assert not any(public.allows(move) for move in pattern.moves if dear in move)


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_nothing_is_withheld_for_nothing(seed: int):
    """Publishing any secondary suppression reveals a count that it protects."""
    asked = problem(*random_linked(Random(seed), 30))
    for choose in (heuristic, protect):
        pattern = choose(asked)
        for cell in pattern.signs.keys() - asked.needed.keys():
            fewer = public(asked.values, pattern) | {cell: Interval(asked.values[cell], asked.values[cell])}
            ranges = solving.solve(knowledge(fewer, asked.relations), thorough=True).ranges
            assert any(_narrowed(ranges[small], ends) for small, ends in asked.needed.items())


def _narrowed(found: tuple[int, int], ends: Interval) -> bool:
    return found[0] > ends.low or (ends.high is not None and found[1] < ends.high)


def tiny(seed: int) -> tuple[dict[Cell, int], list[Relation]]:
    """A table of no more than eight counts."""
    random = Random(seed)
    values, relations = random_table(random, [random.choice(ROWS)], zero=0.2, small=0.5, most=9)
    if len(values) <= 4 and random.random() < 0.6:
        return with_jongeren(random, values, relations)
    return values, relations


@pytest.mark.parametrize("choose", [optimum, heuristic])
@settings(max_examples=25, deadline=None)
@given(SEEDS, NARROW)
def test_every_whole_table_was_tried(choose: object, seed: int, narrow: bool):
    """Brute force over all tables confirms the safety of both methods."""
    values, relations = tiny(seed)
    asked = problem(values, relations, narrow=narrow, wide=Interval(1, max(values.values()) + 4))
    pattern = choose(asked)  # type: ignore[operator]
    assert pattern is not None
    assert hidden(asked, public(values, proven(asked, pattern)))


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.data())
def test_a_proof_holds_only_where_trying_every_table_agrees(seed: int, data: st.DataObject):
    """For any pattern from any source: if the check accepts the alternatives, the counts are hidden."""
    values, relations = tiny(seed)
    wide = Interval(1, max(values.values()) + 4)
    asked = problem(values, relations, wide=wide)
    others = sorted(asked.prices.keys() - asked.needed.keys())
    chosen = data.draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    signs = dict.fromkeys((*asked.needed, *chosen), wide)
    moved = data.draw(st.lists(st.fixed_dictionaries({cell: st.integers(1, values[cell] + 4) for cell in signs}), max_size=4))
    tables = [{cell: values[cell] for cell in signs}, *moved]
    known = public(values, Pattern(signs, tables, False))
    if not list(faults(known, relations, asked.needed, tables)):
        assert hidden(asked, known)
