"""Alternatives: found by a search or a program, and checked in exact arithmetic."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publication.disclosure import program
from orchestration.publication.disclosure.alternatives import ENDLESS, Block, Cell, Fact, Search, faults

ANY = (0, ENDLESS)


def block(counts: dict[str, tuple[int, int, int]], *facts: Fact, added: dict[int, tuple[int, ...]] | None = None) -> Block:
    """Return a block: of each count its value and what is public of it."""
    values, low, high = (list(column) for column in zip(*counts.values(), strict=True))
    return Block([Cell("2024-2025", "0147", name) for name in counts], values, low, high, list(facts), added or {})


def total(whole: int, *parts: int) -> Fact:
    return Fact(parts, (whole,), 0, 0, "de delen optellen")


def test_an_alternative_moves_what_facts_demand():
    found = block({"t": (7, 7, 7), "a": (3, 1, 4), "b": (4, 1, 4)}, total(0, 1, 2))
    moves = Search(found).find(found.goal(1, 4, 4))
    assert moves == {1: 4, 2: 3}
    assert list(faults(found, moves)) == []
    assert Search(found).find(found.goal(1, 2, 2)) is None, "then b would be 5"


def test_what_is_shown_stays_as_it_is():
    found = block({"t": (107, 107, 107), "a": (2, 1, 4), "b": (105, 105, 105)}, total(0, 1, 2))
    assert Search(found).find(found.goal(1, 3, 3)) is None


@pytest.mark.parametrize(
    ("moves", "fault"),
    [
        ({1: 4}, "onwaar is dan dat de delen optellen"),
        ({1: 5, 2: 2}, "2024-2025/0147/a kan geen 5 zijn"),
        ({1: 0, 2: 7}, "2024-2025/0147/a kan geen 0 zijn"),
        ({1: 4, 2: 3}, ""),
    ],
)
def test_the_check_names_what_is_wrong(moves: dict[int, int], fault: str):
    found = block({"t": (7, 7, 7), "a": (3, 1, 4), "b": (4, 0, 9)}, total(0, 1, 2))
    assert next(iter(faults(found, moves)), "") == fault


def test_a_count_that_is_a_sum_of_others_is_reached_through_them():
    found = block({"r": (3, 0, 4), "a": (1, 0, 4), "b": (2, 0, 4)}, Fact((1, 2), (), 0, 4, "de gemeenten optellen"), added={0: (1, 2)})
    moves = Search(found).find(found.goal(0, 4, 4))
    assert moves is not None
    assert found.with_sums(moves)[0] == 4
    assert Search(found).find(found.goal(0, 5, 5)) is None


def test_a_goal_is_not_undone_by_what_follows_from_it():
    """To make the sum of a and b 1 less, b may not take back what a gives up for the sake of c."""
    facts = (Fact((1, 2), (), 0, 9, "r"), Fact((1, 2, 3), (), 10, 10, "samen tien"))
    found = block({"r": (6, 0, 9), "a": (3, 0, 9), "b": (3, 0, 9), "c": (4, 0, 9)}, *facts, added={0: (1, 2)})
    moves = Search(found).find(found.goal(0, 5, 5))
    assert moves is not None and found.with_sums(moves)[0] == 5


def test_the_program_hides_the_cheapest():
    found = block({"t": (107, 107, 107), "a": (2, 1, 4), "b": (105, 105, 105)}, total(0, 1, 2))
    known = [ANY] * 3
    for prices, hidden in (({0: 1.0, 1: 9.0, 2: 5.0}, {0}), ({0: 5.0, 1: 9.0, 2: 1.0}, {2})):
        moves = program.cheapest(found, range(3), found.goal(1, 4, 4), prices, known)
        assert moves is not None
        assert {cell for cell, value in moves.items() if not found.low[cell] <= value <= found.high[cell]} == hidden


def test_what_is_known_besides_cannot_be_hidden():
    found = block({"t": (107, 107, 107), "a": (2, 1, 4), "b": (105, 105, 105)}, total(0, 1, 2))
    known = [(107, 107), ANY, (105, 105)]
    assert program.cheapest(found, range(3), found.goal(1, 4, 4), {1: 1.0}, known) is None


@st.composite
def tables(draw: st.DrawFn) -> Block:
    """A table of rows and columns with totals, of which some counts are shown, some small, some rounded and some hidden."""
    rows, columns = draw(st.integers(2, 3)), draw(st.integers(2, 4))
    counts = draw(st.lists(st.integers(0, 12), min_size=rows * columns, max_size=rows * columns))
    values = (
        counts
        + [sum(counts[row * columns : (row + 1) * columns]) for row in range(rows)]
        + [sum(counts[c::columns]) for c in range(columns)]
    )
    facts = [total(rows * columns + row, *range(row * columns, (row + 1) * columns)) for row in range(rows)]
    facts += [total(rows * columns + rows + column, *range(column, rows * columns, columns)) for column in range(columns)]
    shown = {}
    for number, value in enumerate(values):
        about = max(0, 5 * (value // 5) - 4), 5 * (value // 5) + 4
        small = (1, 4) if 0 < value < 5 else (value, value)
        shown[str(number)] = (value, *draw(st.sampled_from([(value, value), about, small, ANY])))
    return block(shown, *facts)


def test_a_search_that_is_given_up_is_an_error_and_not_an_answer(monkeypatch: pytest.MonkeyPatch):
    """Without an answer nobody knows whether there is an alternative; `None` would say that there is none."""
    found = block({"t": (107, 107, 107), "a": (2, 1, 4), "b": (105, 105, 105)}, total(0, 1, 2))
    monkeypatch.setattr(program, "milp", lambda *_given, **_more: SimpleNamespace(status=1, x=None))
    with pytest.raises(program.UndecidedError, match="geen uitsluitsel over"):
        program.cheapest(found, range(3), found.goal(1, 4, 4), {0: 1.0}, [ANY] * 3)
    monkeypatch.setattr(program, "LARGEST", 2)
    with pytest.raises(program.UndecidedError, match="dat vraagt 3 aantallen tegelijk"):
        program.cheapest(found, range(3), found.goal(1, 4, 4), {0: 1.0}, [ANY] * 3)


@given(found=tables(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_found_passes_the_check_and_what_the_search_finds_the_program_finds(found: Block, data: st.DataObject):
    number = data.draw(st.integers(0, len(found.cells) - 1))
    value = data.draw(st.integers(0, 12))
    if value == found.values[number]:
        return
    quick = Search(found).find(found.goal(number, value, value))
    shown = list(zip(found.low, found.high, strict=True))
    thorough = program.cheapest(found, range(len(found.cells)), found.goal(number, value, value), {}, shown)
    for moves in (quick, thorough):
        if moves is not None:
            assert moves[number] == value
            assert list(faults(found, moves)) == []
    assert quick is None or thorough is not None


@given(found=tables(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_some_counts_exclude_alone_no_others_make_possible(found: Block, data: st.DataObject):
    everything = range(len(found.cells))
    number, value, prices = data.draw(st.sampled_from(everything)), data.draw(st.integers(0, 12)), dict.fromkeys(everything, 1.0)
    some = sorted({number, *data.draw(st.sets(st.sampled_from(everything)))})
    known = [data.draw(st.sampled_from([ANY, (low, high)])) for low, high in zip(found.low, found.high, strict=True)]
    goal = found.goal(number, value, value)
    alone = program.cheapest(found, some, goal, dict.fromkeys(some, 1.0), known, alone=True)
    assert alone is not None or program.cheapest(found, everything, goal, prices, known) is None


def test_alone_the_facts_with_other_counts_do_not_hold():
    found = block({"t": (7, 7, 7), "a": (3, 1, 4), "b": (4, 4, 4)}, total(0, 1, 2))
    for alone, moves in ((True, {1: 4}), (False, None)):
        assert program.cheapest(found, [1], found.goal(1, 4, 4), {}, [ANY] * 3, alone=alone) == moves
