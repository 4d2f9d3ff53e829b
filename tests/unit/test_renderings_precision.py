"""What rounding leaves to be said: how far a figure may be off, and the sentences that explain it."""

import pytest
from renderings_rows import figure

from orchestration.publication.renderings import precision
from orchestration.publication.renderings.precision import Precision


def rounded(waarde, **others):
    return figure(waarde=waarde, status="afgerond", **others)


def test_the_multiple_is_read_from_the_figures_and_the_regio_is_no_gemeente():
    rows = [rounded(0), rounded(15, area="0147"), rounded(1010, area="regio"), rounded(5, area="onbekend"), figure(waarde=38)]
    assert Precision.of(rows) == Precision(to=5, gemeenten=2)
    assert Precision.of([rounded(20), rounded(30)]) == Precision(to=10, gemeenten=1)


def test_of_a_release_with_nothing_rounded_the_multiple_is_five():
    for rows in ([], [rounded(0)], [figure(waarde=38)], [figure(percentage="1.1", status="afgerond")]):
        assert Precision.of(rows) == Precision(5, 1)


@pytest.mark.parametrize(
    ("row", "off"),
    [
        (figure(waarde=38), 0),
        (rounded(40), 4),
        (rounded(0), 4),
        (rounded(40, area="onbekend"), 4),
        (figure(waarde=38, area="regio"), 0),
        (rounded(40, area="regio"), 3 * 4 + 2),
    ],
)
def test_a_figure_of_the_regio_may_be_the_sum_of_all_gemeenten_rounded_once_more(row, off):
    assert Precision(5, 3).off(row) == off


def test_what_is_shown_of_two_gemeenten_is_never_further_off_than_is_said():
    """Both gemeenten are rounded or small, and what is shown of the regio is the sum, rounded."""
    shown = [(low, low + 8, 2 * (low + 4)) for low in (1, 6, 11)] + [
        (0, 4, 0),
        (1, 4, 5),
        (7, 7, 14),
    ]  # least, most, twice what is added up
    for one in shown:
        for other in shown:
            number = 5 * ((one[2] + other[2] + 5) // 10)
            off = Precision(5, 2).off(rounded(number, area="regio"))
            assert number - off <= one[0] + other[0] <= one[1] + other[1] <= number + off


def test_exact_counts_tell_any_difference_and_none_without_the_year_before():
    assert Precision().tells(figure(waarde=5, vorige=5), figure(waarde=5))
    assert not Precision().tells(rounded(50, vorige=10), None)
    assert not Precision().tells(rounded(50), rounded(10))


def test_the_regio_and_differences_are_explained_where_they_are_rounded():
    exact = figure(waarde=38, area="regio")
    always = precision.explained(Precision(10), [exact])
    assert always == [precision.CLOSED, precision.EXACT, precision.EVERYTHING_ELSE.format(to=10)]
    assert precision.explained(Precision(10), [exact, rounded(10)]) == [*always, precision.DIFFERENCES]
    assert precision.explained(Precision(10), [rounded(10, area="regio")]) == [*always, precision.OF_REGIO, precision.DIFFERENCES]


def test_what_is_absent_of_a_breakdown_is_less_than_the_multiple_and_of_the_regio_in_each_gemeente():
    assert precision.absent_values(Precision(10), "0164") == "Wat er niet bij staat, komt 0 tot en met 9 keer voor."
    assert "in elke gemeente" in precision.absent_values(Precision(), "regio")


def rate(teller, noemer, status="afgerond", **others):
    return figure("verzuimpercentage", percentage="1.0", punten="0.01", status=status, teller=teller, noemer=noemer, **others)


@pytest.mark.parametrize(
    ("then", "now", "direction"),
    [
        ((100, 1000), (109, 1000), 1), ((100, 1000), (108, 1000), None), ((109, 1000), (100, 1000), -1), ((108, 1000), (100, 1000), None),
        ((100, 1000), (None, None), None), ((None, None), (100, 1000), None), ((0, 4), (100, 1000), None), ((0, 5), (1000, 1000), None),
        ((0, 15), (1000, 1000), 1),
    ],
)  # fmt: skip
def test_a_rounded_rate_changed_if_no_parts_within_the_rounding_give_another_answer(then, now, direction):
    """Of 100 in 1.000 the most is 104 / 996 = 10,44 %; the least of 109 is 105 / 1.004 = 10,46 %, and of 108 it is 104 / 1.004."""
    assert Precision(5, 1).direction(rate(*now), rate(*then)) == direction


@pytest.mark.parametrize(("punten", "direction"), [("0.01", 1), ("-0.01", -1), ("0.00", 0), (None, None)])
def test_an_exact_rate_changed_by_its_difference(punten, direction):
    assert Precision(5, 1).direction(figure(percentage="5.00", punten=punten), figure(percentage="4.00")) == direction


def test_a_count_changed_if_its_difference_tells():
    found = [Precision(5, 1).direction(rounded(now, vorige=20), rounded(20)) for now in (29, 28, 20, 12, 11)]
    assert found == [1, None, None, None, -1]
    assert [Precision(5, 1).direction(figure(waarde=now, vorige=20), figure(waarde=20)) for now in (21, 20, 19)] == [1, 0, -1]
    assert Precision(5, 1).direction(rounded(29, vorige=20), None) is None
