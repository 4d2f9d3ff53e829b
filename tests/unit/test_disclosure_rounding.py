"""Counts are rounded by secret draws: near the truth, right on average, in the order of the counts, and always alike."""

from hypothesis import given
from hypothesis import strategies as st

from orchestration.publication.disclosure.rounding import BASE, Draws, base, interval

KEY = b"sleutel"
PLACES = [("2024-2025", "school", f"{number:02d}AB00") for number in range(500)]


@given(count=st.integers(0, 10_000), draw=st.integers(0, BASE - 1))
def test_a_rounded_count_is_a_multiple_less_than_five_away_and_its_interval_holds_the_count(count: int, draw: int):
    shown = Draws(KEY).rounded(count, draw)
    low, high = interval(shown)
    assert shown % BASE == 0 and abs(shown - count) < BASE
    assert low <= count <= high
    assert (low, high) == ((0, 4) if shown == 0 else (shown - 4, shown + 4))


@given(count=st.integers(0, 10_000), more=st.integers(0, 100), draw=st.integers(0, BASE - 1))
def test_a_count_is_never_shown_below_one_that_it_includes(count: int, more: int, draw: int):
    draws = Draws(KEY)
    assert draws.rounded(count, draw) <= draws.rounded(count + more, draw)


@given(count=st.integers(0, 1_000))
def test_over_all_draws_a_count_is_right_on_average(count: int):
    assert sum(Draws(KEY).rounded(count, draw) for draw in range(BASE)) == BASE * count


def test_draws_are_made_by_place_and_by_key_and_every_one_occurs():
    ours, theirs = Draws(KEY), Draws(b"een andere sleutel")
    drawn = [ours.draw(*place) for place in PLACES]
    assert drawn == [ours.draw(*place) for place in PLACES]
    assert drawn != [theirs.draw(*place) for place in PLACES]
    assert all(60 < drawn.count(number) < 140 for number in range(BASE))
    assert ours.draw("2023-2024", "school", "00AB00") in range(BASE)


def test_a_place_is_more_than_its_letters_in_a_row():
    """A value may not get the draw of another by where its parts are cut."""
    draws = Draws(KEY, 10**6)
    assert draws.draw("2024-2025", "ab", "c") != draws.draw("2024-2025", "a", "bc")


def test_weights_lie_between_nothing_and_one_and_depend_on_the_key():
    weights = [Draws(KEY).weight(*place) for place in PLACES]
    assert all(0 <= weight < 1 for weight in weights) and len(set(weights)) == len(PLACES)
    assert weights != [Draws(b"een andere sleutel").weight(*place) for place in PLACES]


def test_a_higher_threshold_rounds_to_more():
    assert [base(threshold) for threshold in (1, 5, 6, 10)] == [5, 5, 6, 10]
    assert interval(10, 10) == (1, 19) and interval(0, 10) == (0, 9)
    assert {Draws(KEY, 10).rounded(count, 9) for count in range(10)} == {0}, "a small count may look like none"
