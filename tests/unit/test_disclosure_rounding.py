"""Breakdowns that would lose too many counts are rounded instead: the multiples, their sums, and the safety."""

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publication.disclosure import rounding
from orchestration.publication.disclosure.breakdowns import RoundedBreakdowns
from orchestration.publication.disclosure.certificate import faults
from orchestration.publication.disclosure.knowledge import Figures, relations
from orchestration.publication.disclosure.loss import Loss
from orchestration.publication.disclosure.mask import NOTHING, small
from orchestration.publication.disclosure.memory import Told
from orchestration.publication.disclosure.protection import Protection, choose, evidence, requirements
from orchestration.publication.disclosure.system import Cell, Interval

SMALL = small(5, hide_zeros=False)
UNITS = {"incidenten": "aantal"}
LOSS = Loss([{"indicator": "incidenten", "tabel": "incidenten", "teller": None, "noemer": None}], {})
BASE = 5


def month(name: str, gemeente: str = "0164") -> Cell:
    return Cell("2024-2025", gemeente, "incidenten", "maand", name)


def whole(gemeente: str = "0164") -> Cell:
    return Cell("2024-2025", gemeente, "incidenten")


def figures(*gemeenten: Mapping[str, int]) -> Figures:
    """Return incidenten by month for one gemeente, or for two and their regio; a month with none has no row."""
    codes = ("0164", "0147")[: len(gemeenten)]
    values = {month(name, code): value for code, months in zip(codes, gemeenten, strict=True) for name, value in months.items() if value}
    if len(gemeenten) > 1:
        names = dict.fromkeys(cell.uitsplitsing_waarde for cell in values)
        values |= {month(name, "regio"): sum(months.get(name, 0) for months in gemeenten) for name in names}
    wholes = dict.fromkeys(cell.gemeente_code for cell in values)
    values |= {
        whole(code): sum(value for cell, value in values.items() if cell.gemeente_code == code and cell.uitsplitsing) for code in wholes
    }
    return Figures(values, relations(values, UNITS, {}))


def proved(now: Figures, earlier: list[Told], chosen: Protection) -> list[str]:
    """Return the faults of a protection, given the facts of all earlier releases."""
    said = {cell: chosen.signs.get(cell, Interval(value, value)) for cell, value in now.values.items()}
    found = evidence(requirements(now, earlier, SMALL, {}), said, chosen.tables, [])
    return list(faults(found.public, found.relations, found.needed, found.tables))


def shown(now: Figures, chosen: Protection) -> dict[Cell, int | None]:
    """Return what readers see: a count, a rounded count, or None."""
    rounded = {cell: rounding.rounded(sign, BASE) if cell.uitsplitsing else None for cell, sign in chosen.signs.items()}
    return {cell: rounded.get(cell, value) for cell, value in now.values.items()}


# --- to what ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "ways"), [(0, (0,)), (1, (0, 5)), (4, (0, 5)), (5, (5,)), (6, (5, 10)), (9, (5, 10)), (10, (10,)), (101, (100, 105))]
)
def test_a_count_goes_up_or_down_to_a_multiple_and_a_multiple_stays(value: int, ways: tuple[int, ...]) -> None:
    assert rounding.ways(value, BASE, NOTHING, None) == ways


@pytest.mark.parametrize(("to", "low", "high"), [(0, 0, 4), (5, 1, 9), (10, 6, 14), (105, 101, 109)])
def test_a_rounded_count_says_that_the_true_one_is_less_than_a_base_away(to: int, low: int, high: int) -> None:
    assert rounding.sign(to, BASE) == Interval(low, high)
    assert rounding.rounded(Interval(low, high), BASE) == to
    assert rounding.rounded(NOTHING, BASE) is None


@pytest.mark.parametrize(("threshold", "base"), [(3, 5), (5, 5), (10, 10)])
def test_the_base_is_five_or_the_threshold_where_that_is_more(threshold: int, base: int) -> None:
    assert rounding.base(small(threshold, hide_zeros=False)) == base


@pytest.mark.parametrize("to", [0, 5])
def test_a_small_count_keeps_all_that_its_sign_must_leave(to: int) -> None:
    assert rounding.sign(to, BASE).covers(SMALL)


def test_where_zeros_are_hidden_a_small_count_goes_down_as_five_would_say_that_it_is_no_zero() -> None:
    hidden = small(5, hide_zeros=True)
    assert [rounding.ways(value, BASE, NOTHING, hidden) for value in range(5)] == [(0,)] * 5


def test_a_count_that_was_rounded_before_keeps_its_rounding() -> None:
    assert rounding.ways(4, BASE, rounding.sign(5, BASE), SMALL) == (5,)
    assert rounding.ways(4, BASE, rounding.sign(0, BASE), SMALL) == (0,)
    assert rounding.ways(7, BASE, rounding.sign(10, BASE), None) == (10,)


def test_a_count_of_which_each_rounding_would_say_too_much_has_none() -> None:
    """It is known to be 3 or more; `0` means at most 4, but all of 3 to 9 must stay possible."""
    assert rounding.ways(4, BASE, Interval(3, None), Interval(3, 9)) == (5,)
    assert rounding.ways(4, BASE, Interval(0, None), Interval(0, 9)) == ()


# --- which --------------------------------------------------------------------------------------------------------------------------------


def sparse(values: Mapping[str, int], *withheld: str) -> list[Cell]:
    return list(rounding.sparse({month(name): value for name, value in values.items()}, {month(name) for name in withheld}))


def test_two_in_five_may_go_and_not_three() -> None:
    values = dict.fromkeys("abcde", 9)
    assert sparse(values, "a", "b") == []
    assert sparse(values, "a", "b", "c") == [month("")]


def test_a_zero_fills_nothing() -> None:
    assert sparse({"a": 9, "b": 9, "c": 0, "d": 0}, "a") == [month("")]
    assert sparse({"a": 9, "b": 9, "c": 9, "d": 0}, "a", "d") == []


def test_what_is_no_breakdown_is_never_rounded() -> None:
    assert list(rounding.sparse({whole(): 3}, {whole()})) == []


# --- together -----------------------------------------------------------------------------------------------------------------------------

COUNTS = st.integers(0, 30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=6))
def test_rounded_counts_of_two_gemeenten_add_up_to_the_regio_and_are_never_a_base_away(pairs: list[tuple[int, int]]) -> None:
    now = figures(*({str(number): pair[side] for number, pair in enumerate(pairs)} for side in (0, 1)))
    cells = [cell for cell in now.values if cell.uitsplitsing]
    found = rounding.round_off(
        now.values, {cell: rounding.ways(now.values[cell], BASE, NOTHING, None) for cell in cells}, now.relations, (), BASE
    )
    assert found.counts.keys() == set(cells)
    assert all(to % BASE == 0 and abs(to - now.values[cell]) < BASE for cell, to in found.counts.items())
    for name in map(str, range(len(pairs))):
        parts = [found.counts.get(month(name, code), 0) for code in ("0164", "0147", "regio")]
        assert parts[0] + parts[1] == parts[2]
    for code in ("0164", "0147", "regio"):
        made = sum(to for cell, to in found.counts.items() if cell.gemeente_code == code)
        assert abs(made - now.values.get(whole(code), 0)) < BASE


def test_what_is_hidden_is_not_added_up_to() -> None:
    """40 months with 1: additive roundings would reveal a hidden total to within 4; independent draws do not use it."""
    now = figures({f"{number:02}": 1 for number in range(40)})
    ways = {cell: (0, 5) for cell in now.values if cell.uitsplitsing}
    kept = rounding.round_off(now.values, ways, now.relations, (), BASE)
    apart = rounding.round_off(now.values, ways, now.relations, {whole()}, BASE)
    assert [len(kept.kept), len(apart.kept)] == [1, 0]
    assert 36 <= sum(kept.counts.values()) <= 44
    assert kept.counts != apart.counts


def test_draws_follow_the_size_and_the_same_figures_give_the_same() -> None:
    """Not to the nearest: then `0` would mean 1 or 2. A fifth of the counts of 1 goes up, and four fifths of the counts of 4."""
    for value, share in ((1, 0.2), (4, 0.8)):
        values = {month(f"{number:03}"): value for number in range(500)}
        first, again, other = (
            rounding.round_off(truth, dict.fromkeys(values, (0, 5)), [], (), BASE).counts
            for truth in (values, values, {**values, whole(): 1})
        )
        assert first == again != other
        assert abs(sum(to == 5 for to in first.values()) / 500 - share) < 0.06


def test_where_a_sum_cannot_be_kept_one_count_is_left_out_and_the_others_stay() -> None:
    """All of them were rounded up before: 20 is no rounding of 11."""
    now = figures({"a": 1, "b": 2, "c": 3, "d": 5})
    found = rounding.round_off(now.values, {cell: (5,) for cell in now.values if cell.uitsplitsing}, now.relations, (), BASE)
    assert len(found.counts) == 3 and set(found.counts.values()) == {5}
    assert found.kept == [], "a sum with a count that is left out says nothing"


# --- in a release -------------------------------------------------------------------------------------------------------------------------


def test_a_breakdown_that_would_be_empty_is_rounded_and_adds_up() -> None:
    now = figures({"a": 1, "b": 2, "c": 3, "d": 21})
    chosen = choose(now, [], SMALL, {}, LOSS)
    seen = shown(now, chosen)
    parts = [value for cell, value in seen.items() if cell.uitsplitsing and value is not None]
    assert len(parts) == 4 and all(part % BASE == 0 for part in parts)
    assert abs(sum(parts) - 27) < BASE
    assert seen[whole()] == 27
    assert not proved(now, [], chosen)


def test_where_zeros_are_hidden_nothing_is_rounded() -> None:
    """0 to 4 would all become 0, so `ca. 5` would show that a count is not small: of 6, 1 and 5 would be known as 0 or 1, and 5 or 6."""
    now = figures({"a": 1, "b": 5, "c": 3, "d": 21})
    chosen = choose(now, [], small(5, hide_zeros=True), {}, LOSS)
    assert {sign for cell, sign in chosen.signs.items() if cell.uitsplitsing} == {NOTHING}


def test_a_breakdown_of_which_enough_is_left_is_not_rounded() -> None:
    now = figures({"a": 1, "b": 12, "c": 13, "d": 14, "e": 15})
    chosen = choose(now, [], SMALL, {}, LOSS)
    assert set(chosen.signs.values()) == {NOTHING} and len(chosen.signs) == 2
    assert not proved(now, [], chosen)


def test_a_count_that_everybody_has_read_is_shown_as_it_was() -> None:
    first = figures({"a": 7, "b": 8, "c": 9, "d": 21})
    before = Told("eerste", first.values, {}, SMALL, UNITS)
    now = figures({"a": 1, "b": 2, "c": 3, "d": 21})
    chosen = choose(now, [before], SMALL, {}, LOSS)
    assert shown(now, chosen)[month("d")] == 21
    assert not proved(now, [before], chosen)


@pytest.mark.parametrize("seed", range(4))
def test_rounded_counts_keep_their_rounding_while_others_change(seed: int) -> None:
    """New draws every night would reveal a count from the two multiples around it. At the end most counts are still rounded."""
    random = Random(seed)
    counts = [{name: random.randint(1, 7) for name in "abcdef"} for _ in range(2)]
    earlier: list[Told] = []
    first: dict[Cell, int | None] = {}
    for night in range(6):
        now = figures(*counts)
        chosen = choose(now, earlier, SMALL, {}, LOSS)
        assert not chosen.lost and not proved(now, earlier, chosen), night
        seen = {cell: value for cell, value in shown(now, chosen).items() if cell.uitsplitsing}
        first = first or seen
        again = [cell for cell in seen if now.values[cell] == (earlier or [now])[0].values[cell] and None not in (seen[cell], first[cell])]
        assert all(seen[cell] in (first[cell], now.values[cell]) for cell in again), "as it was, or not rounded any more"
        earlier.append(Told(f"nacht{night}", now.values, chosen.signs, SMALL, UNITS))
        counts[night % 2]["abcdef"[night]] += 1
    rounded = [[value for value in told.values() if value is not None] for told in (first, seen)]
    assert len(rounded[0]) >= 9 and len(rounded[1]) >= len(rounded[0]) / 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=5))
def test_of_any_two_gemeenten_and_their_regio_the_proof_holds(pairs: list[tuple[int, int]]) -> None:
    now = figures(*({str(number): pair[side] for number, pair in enumerate(pairs)} for side in (0, 1)))
    chosen = choose(now, [], SMALL, {}, LOSS)
    assert not proved(now, [], chosen)
    rounded = [(to, now.values[cell]) for cell, to in shown(now, chosen).items() if cell in chosen.signs and to is not None]
    assert all(to % BASE == 0 and abs(to - value) < BASE for to, value in rounded)


# --- to and fro ---------------------------------------------------------------------------------------------------------------------------

FULL = figures({"a": 1, "b": 2, "c": 3, "d": 21})
HALF = FULL.values.keys() - {month("d"), whole()}


def rounds(known: Mapping[Cell, Interval]) -> RoundedBreakdowns:
    return RoundedBreakdowns(FULL, known, dict.fromkeys(HALF, SMALL), SMALL)


def test_what_is_withheld_after_all_is_hidden_in_the_next_round() -> None:
    """If `a` is withheld after rounding, the roundings of the others and the total would reveal how `a` was rounded."""
    breakdowns = rounds({})
    first = breakdowns.signs(())
    assert first.keys() == {*HALF, month("d")}
    assert breakdowns.settle({**first, month("a"): NOTHING}) is None
    second = breakdowns.signs(())
    assert second.keys() == {month("b"), month("c"), month("d")}
    said = breakdowns.settle({**second, month("a"): NOTHING})
    assert said == {**second, month("a"): NOTHING}


def test_a_whole_that_is_withheld_after_all_is_not_added_up_to() -> None:
    breakdowns = rounds({})
    first = breakdowns.signs(())
    assert breakdowns.settle({**first, whole(): NOTHING}) is None
    second = breakdowns.signs(())
    assert second.keys() == first.keys()
    assert breakdowns.settle({**second, whole(): NOTHING}) is not None


def test_a_whole_that_is_shown_after_all_is_added_up_to() -> None:
    """It was withheld before, so it was ignored; now that it is shown, roundings that do not add up to it are redone."""
    now = figures({f"{number:02}": 1 for number in range(40)})
    needed = {cell: SMALL for cell in now.values if cell.uitsplitsing}
    breakdowns = RoundedBreakdowns(now, {whole(): NOTHING}, needed, SMALL)
    signs = breakdowns.signs(())
    made = sum(rounding.rounded(sign, BASE) or 0 for sign in signs.values())
    assert abs(made - 40) >= BASE, "the draws happen to make the whole: take another number of months"
    assert breakdowns.settle(signs) is None
    assert breakdowns.signs(()) == {}


def test_of_a_breakdown_that_is_withheld_again_it_is_not_said_what_it_was_rounded_to() -> None:
    """The earlier rounding stays known; but the sign is now `x`, and the public files contain nothing else."""
    known = {month("a"): rounding.sign(5, BASE)}
    breakdowns = RoundedBreakdowns(FULL, known, {month("a"): SMALL}, SMALL)
    breakdowns.signs([month("a")])
    assert breakdowns.settle({month("a"): known[month("a")]}) == {month("a"): NOTHING}
