"""What an attacker learns, compared with brute-force enumeration of integer tables."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from orchestration.publication.console_protection import print_insiders
from orchestration.publication.disclosure import audit
from orchestration.publication.disclosure.attack import Attacker, ContradictionError, is_, refutes
from orchestration.publication.disclosure.audit import Insider, Verdict, contradiction, explain, insiders, judge, stated
from orchestration.publication.disclosure.system import Cell, Interval, Relation, at_most, equal

SIGN, ZERO_OR_MORE = Interval(1, 4), Interval(0, None)


def cell(name: str) -> Cell:
    return Cell("2024-2025", "0164", name)


T, A, B, C, D, U = (cell(name) for name in "tabcdu")
NAMES = [T, A, B, C, D, U, cell("e"), cell("f")]


def exact(value: int) -> Interval:
    return Interval(value, value)


def tables(public: dict[Cell, Interval], relations: list[Relation]) -> list[dict[Cell, int]]:
    """Return every integer table that matches the public facts, by brute force."""
    ranges = [range(known.low, known.high + 1) for known in public.values()]
    return [
        table
        for values in product(*ranges)
        if (table := dict(zip(public, values, strict=True))) and all(fact.holds(table) for fact in relations)
    ]


def left(found: list[dict[Cell, int]], cell: Cell) -> Interval:
    seen = [table[cell] for table in found]
    return Interval(min(seen), max(seen))


def verdicts(public: dict[Cell, Interval], relations: list[Relation], **more) -> dict[Cell, tuple[Interval, str]]:
    return {verdict.cell: (verdict.left, verdict.oordeel) for verdict in judge(public, relations, **more)}


def test_one_withheld_part_is_the_total_minus_the_rest():
    public = {T: exact(20), A: exact(11), B: exact(0), C: SIGN, D: exact(5)}
    assert judge(public, [equal([T], [A, B, C, D], "optelt")]) == [Verdict(C, SIGN, exact(4), "exact")]


def test_two_withheld_parts_that_keep_their_whole_sign_are_safe():
    public = {T: exact(5), A: SIGN, B: SIGN}
    assert verdicts(public, [equal([T], [A, B], "optelt")]) == {A: (SIGN, "veilig"), B: (SIGN, "veilig")}


def test_a_part_under_a_small_total_is_narrowed():
    public = {T: SIGN, A: SIGN, B: SIGN}
    found = verdicts(public, [equal([T], [A, B], "optelt")])
    assert found == {T: (Interval(2, 4), "vernauwd"), A: (Interval(1, 3), "vernauwd"), B: (Interval(1, 3), "vernauwd")}


def test_a_sign_without_an_end_is_narrowed_by_nothing_but_one_value():
    seen, oordeel = verdicts({T: exact(9), A: ZERO_OR_MORE, B: ZERO_OR_MORE}, [equal([T], [A, B], "optelt")])[A]
    assert (oordeel, Interval(0, 9).covers(seen), seen.exact) == ("veilig", True, False)
    assert verdicts({T: exact(9), A: ZERO_OR_MORE}, [equal([T], [A], "optelt")])[A] == (exact(9), "exact")


def test_of_a_small_count_behind_a_wide_sign_only_what_is_needed_must_stay():
    public, relations = {T: exact(4), A: ZERO_OR_MORE, B: ZERO_OR_MORE}, [equal([T], [A, B], "optelt")]
    assert verdicts(public, relations, needed={A: SIGN})[A][1] == "veilig"
    assert verdicts(public | {T: exact(3)}, relations, needed={A: SIGN})[A] == (Interval(0, 3), "vernauwd")


def test_a_count_of_which_nothing_else_is_known_is_what_its_sign_says():
    found = verdicts({A: ZERO_OR_MORE, B: SIGN}, [])
    assert (found[A][1], found[B]) == ("veilig", (SIGN, "veilig"))
    assert Attacker([], [A]).range(A) == ZERO_OR_MORE


def test_alternatives_that_are_known_save_work_and_a_false_one_teaches_nothing():
    public, relations = {T: exact(5), A: SIGN, B: SIGN}, [equal([T], [A, B], "optelt")]
    known = [{A: 1, B: 4}, {A: 4, B: 1}]
    assert verdicts(public, relations, tables=known) == {A: (SIGN, "veilig"), B: (SIGN, "veilig")}
    assert verdicts(public | {T: exact(3)}, relations, tables=known)[A] == (Interval(1, 2), "vernauwd")


def test_halves_are_no_counts():
    """2a = 2b + 1 and a ≤ 4 have fractional solutions, but no integer ones."""
    odd = Relation(((A, 2), (B, -2)), 1, 1, "half")
    assert Attacker([odd]).table() is None
    assert Attacker([odd]).refutation() == {}
    found = contradiction(stated({A: SIGN}), [odd])
    assert found is not None
    assert (found.stated, found.definitions, found.proved) == ((), (odd,), False)


def test_whole_numbers_narrow_further_than_fractions_do():
    assert judge({A: Interval(0, 3), B: Interval(0, 1)}, [Relation(((A, 2), (B, -4)), 1, 3, "half")])[0].left == Interval(1, 3)


def test_facts_that_contradict_each_other_are_no_system_to_judge():
    with pytest.raises(ContradictionError):
        judge({T: exact(1), A: exact(3), B: SIGN}, [equal([T], [A, B], "optelt")])


def test_an_explanation_names_what_bounds_each_end_and_nothing_else():
    public = {T: exact(20), A: exact(11), B: exact(0), C: SIGN, D: exact(5), U: exact(7)}
    total = equal([T], [A, B, C, D], "optelt")
    found = explain(public, [total, at_most([U], [T], "niet meer is")], C)
    assert found.left == exact(4)
    assert [fact.because for fact in found.low.stated] == [f"{T} is 20", f"{A} is 11", f"{B} is 0", f"{D} is 5"]
    assert [fact.because for fact in found.high.stated] == [f"{C} is 1 tot en met 4"]
    assert (found.low.definitions, found.low.proved, found.high.definitions) == ((total,), True, ())


def test_an_end_that_every_count_has_needs_no_explanation():
    found = explain({T: exact(9), A: ZERO_OR_MORE, B: ZERO_OR_MORE}, [equal([T], [A, B], "optelt")], A)
    assert (found.left, found.low) == (Interval(0, 9), None)
    assert [fact.because for fact in found.high.stated] == [f"{T} is 9"]
    nothing = explain({A: ZERO_OR_MORE}, [], A)
    assert (nothing.left, nothing.low, nothing.high) == (ZERO_OR_MORE, None, None)


def test_a_published_count_is_explained_by_itself():
    found = explain({A: exact(7)}, [], A)
    assert [fact.because for fact in found.low.stated] == [f"{A} is 7"] == [fact.because for fact in found.high.stated]


def test_the_smallest_contradiction_is_named():
    """Two facts contradict each other directly; a longer chain through the total does as well."""
    facts = [is_(T, exact(9), "t is 9"), is_(A, exact(4), "a is 4"), is_(B, exact(4), "b is 4"), is_(B, exact(6), "b is 6")]
    found = contradiction(facts, [equal([T], [A, B], "optelt")])
    assert ([fact.because for fact in found.stated], found.definitions, found.proved) == (["b is 4", "b is 6"], (), True)


def test_a_smaller_contradiction_is_found_where_leaving_out_stops_at_a_larger_one():
    """Removing one fact after another, the last first, would end with the total and its two parts."""
    facts = [is_(B, exact(6), "b is 6"), is_(T, exact(5), "t is 5"), is_(A, exact(1), "a is 1"), is_(B, exact(5), "b is 5")]
    assert audit._without_idle(facts, [equal([T], [A, B], "optelt")]) == [facts[0], facts[1]]
    facts = [is_(U, exact(9), "u is 9"), is_(A, exact(1), "a is 1"), is_(B, exact(1), "b is 1"), is_(T, exact(8), "t is 8")]
    ties = [equal([T], [A, B], "optelt"), at_most([U], [T], "niet meer is")]
    assert len(audit._without_idle(facts, ties)) == 3
    found = contradiction(facts, ties)
    assert [fact.because for fact in found.stated] == ["u is 9", "t is 8"]


def test_what_is_known_for_a_while_is_forgotten_after():
    attacker = Attacker([equal([T], [A, B], "optelt"), *stated({T: exact(5), A: SIGN, B: SIGN})])
    with attacker.knowing(A, 2):
        assert attacker.range(B) == exact(3)
    assert (attacker.range(A), attacker.range(B)) == (SIGN, SIGN)


def test_a_count_without_an_end_may_be_anything_that_must_stay_possible():
    assert verdicts({A: ZERO_OR_MORE, B: ZERO_OR_MORE}, [at_most([A], [B], "niet meer is")], needed={B: SIGN})[B][1] == "veilig"


def test_facts_without_contradiction_give_none():
    assert contradiction(stated({T: exact(9), A: exact(4)}), [equal([T], [A, B], "optelt")]) is None


def test_an_insider_learns_the_other_of_two():
    public, values = {T: exact(5), A: SIGN, B: SIGN, C: SIGN}, {T: 5, A: 2, B: 3, C: 1}
    found = insiders(public, [equal([T], [A, B], "optelt")], values)
    assert [(insider.knows, insider.learns) for insider in found] == [(A, (B,)), (B, (A,)), (C, ())]


def test_what_insiders_learn_is_told_the_worst_first(capsys: pytest.CaptureFixture[str]):
    found = [Insider(A, (B, C)), Insider(B, ()), Insider(C, (A,))]
    print_insiders(Console(width=200), "nu", found)
    assert capsys.readouterr().out.splitlines() == [
        "openbaar nu: wie één van 3 achtergehouden cijfers kent, leert in 2 gevallen een ander",
        "• wie 2024-2025/0164/a kent, weet ook: 2024-2025/0164/b, 2024-2025/0164/c",
        "• wie 2024-2025/0164/c kent, weet ook: 2024-2025/0164/a",
    ]


def test_weights_refute_only_what_they_add_up_to():
    low, high = is_(A, Interval(3, None), "minstens 3"), is_(A, Interval(0, 2), "hoogstens 2")
    weighed = Attacker([low, high]).refutation()
    assert refutes(weighed)
    assert not refutes(weighed | {low: weighed[low] / 2})
    assert not refutes({})
    assert not refutes({low: weighed[high]}), "3 or more has no upper end"


INTERVALS = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda pair: Interval(pair[0], pair[0] + pair[1]))


@st.composite
def systems(draw) -> tuple[dict[Cell, Interval], list[Relation]]:
    """Up to 8 counts and 4 facts about some of them: totals, parts of a whole, and facts with weights."""
    names = NAMES[: draw(st.integers(2, 8))]
    public = {name: draw(INTERVALS if place < 5 else INTERVALS.map(lambda known: exact(known.low))) for place, name in enumerate(names)}
    relations = []
    for number in range(draw(st.integers(0, 4))):
        terms = draw(st.lists(st.sampled_from(names), min_size=2, max_size=4, unique=True))
        kind = draw(st.sampled_from(["optelling", "deel", "gewogen"]))
        because = f"{kind} {number}"
        if kind == "gewogen":
            weights = draw(st.lists(st.sampled_from([-3, -2, 2, 3]), min_size=len(terms), max_size=len(terms)))
            low = draw(st.integers(-6, 6))
            relations.append(Relation(tuple(zip(terms, weights, strict=True)), low, low + draw(st.integers(0, 4)), because))
        else:
            relations.append((equal if kind == "optelling" else at_most)(terms[:1], terms[1:], because))
    return public, relations


@settings(max_examples=60, deadline=None)
@given(systems())
def test_it_agrees_with_enumeration(system):
    public, relations = system
    everything = tables(public, relations)
    if not everything:
        assert contradiction(stated(public), relations) is not None
        return
    for verdict in judge(public, relations):
        assert verdict.left == left(everything, verdict.cell)
        whole = verdict.left == public[verdict.cell]
        assert verdict.oordeel == ("exact" if verdict.left.exact else "veilig" if whole else "vernauwd")


@settings(max_examples=30, deadline=None)
@given(systems(), st.data())
def test_an_explanation_is_enough_and_has_nothing_to_spare(system, data):
    public, relations = system
    if not tables(public, relations):
        return
    cell = data.draw(st.sampled_from(list(public)))
    found = explain(public, relations, cell)
    for because, beyond in ((found.low, Interval(0, found.left.low - 1)), (found.high, Interval(found.left.high + 1, None))):
        if because is None:
            continue
        facts = [*because.stated, *because.definitions, is_(cell, beyond, "voorbij")]
        assert Attacker(facts).table() is None
        assert all(Attacker([other for other in facts if other != fact]).table() is not None for fact in facts[:-1])


@settings(max_examples=30, deadline=None)
@given(systems())
def test_of_contradictions_one_of_the_smallest_is_named(system):
    public, relations = system
    found = contradiction(stated(public), relations)
    if found is None:
        return
    some = {fact.terms[0][0]: public[fact.terms[0][0]] for fact in found.stated}
    free = [cell for cell in public if cell not in some]
    if len(free) <= 2:
        assert not tables(some | dict.fromkeys(free, Interval(0, 20)), relations)
    for fewer in combinations(stated(public), len(found.stated) - 1 if found.stated else 0):
        assert not found.stated or Attacker([*fewer, *relations]).table() is not None


@settings(max_examples=25, deadline=None)
@given(systems(), st.data())
def test_what_an_insider_learns_is_what_enumeration_leaves(system, data):
    public, relations = system
    everything = tables(public, relations)
    if not everything:
        return
    values = data.draw(st.sampled_from(everything))
    hidden = [cell for cell in public if not left(everything, cell).exact]
    expected = {
        knows: {
            cell for cell in hidden if cell != knows and left([table for table in everything if table[knows] == values[knows]], cell).exact
        }
        for knows in hidden
    }
    assert {insider.knows: set(insider.learns) for insider in insiders(public, relations, values)} == expected
