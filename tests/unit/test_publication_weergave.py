"""Formatting of figures, and exact parsing of formatted figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.publication.printed import parse
from orchestration.publication.weergave import count, decimal, round_half_away, signed, weergave


@pytest.mark.parametrize(
    ("status", "waarde", "percentage", "eenheid", "text"),
    [
        ("gepubliceerd", 0, None, "jongeren", "0"),
        ("gepubliceerd", 999, None, "jongeren", "999"),
        ("gepubliceerd", 10478, None, "jongeren", "10.478"),
        ("gepubliceerd", 1234567, None, "meldingen", "1.234.567"),
        ("gepubliceerd", None, Decimal("5.95"), "procent", "5,95%"),
        ("gepubliceerd", None, Decimal("3.7"), "procent", "3,70%"),
        ("gepubliceerd", None, Decimal("1234.5"), "per_1000", "1.234,50"),
        ("gepubliceerd", None, Decimal("12.5"), "dagen", "12,50"),
        ("onderdrukt_primair", None, None, "jongeren", "<5"),
        ("onderdrukt_secundair", None, None, "jongeren", "x"),
        ("afgerond", 0, None, "meldingen", "0–4"),
        ("afgerond", 1235, None, "meldingen", "ca. 1.235"),
        ("afgerond", None, Decimal("1.1"), "procent", "ca. 1,1%"),
        ("afgerond", None, Decimal(4), "procent", "ca. 4%"),
        ("afgerond", None, Decimal(0), "per_1000", "ca. 0"),
        ("afgerond", None, Decimal(11), "dagen", "ca. 11"),
        ("onderdrukt", None, None, "jongeren", "x"),
        ("niet_beschikbaar", None, None, "jongeren", "."),
        ("niet_van_toepassing", None, None, "procent", "-"),
    ],
)
def test_a_figure_as_a_report_prints_it(status, waarde, percentage, eenheid, text):
    assert weergave(status, waarde, percentage, eenheid, 5) == text


def test_the_threshold_is_the_one_of_the_setting():
    assert weergave("onderdrukt_primair", 3, None, "jongeren", 10) == "<10"


@pytest.mark.parametrize(("base", "text"), [(5, "0–4"), (10, "0–9")])
def test_a_count_that_is_rounded_to_nothing_is_a_range(base, text):
    assert weergave("afgerond", 0, None, "meldingen", 5, base) == text


@pytest.mark.parametrize(
    ("status", "waarde", "percentage"),
    [
        ("gepubliceerd", None, None),
        ("gepubliceerd", 1, Decimal(1)),
        ("achtergehouden", None, None),
        ("", 1, None),
        ("afgerond", None, None),
    ],
)
def test_what_is_no_figure_is_an_error(status, waarde, percentage):
    with pytest.raises(ValueError, match=r"status|aantal"):
        weergave(status, waarde, percentage, "jongeren", 5)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("4.2949", 2, "4.29"), ("2.5", 0, "3"), ("-2.5", 0, "-3")],
)
def test_half_is_rounded_away_from_zero(value, decimals, rounded):
    assert round_half_away(Decimal(value), decimals) == Decimal(rounded)


@pytest.mark.parametrize(("value", "text"), [("273", "+273"), ("-1273.00", "-1.273"), ("-0.01", "-0,01"), ("0.00", "0")])
def test_a_difference_carries_its_sign(value, text):
    assert signed(Decimal(value)) == text


@given(st.integers(0, 10**8 - 1))
def test_a_written_count_reads_back(value):
    printed = parse(count(value))
    assert (printed.low, printed.high, printed.rate, printed.withheld) == (value, value, False, False)


@given(st.decimals(0, 9_999_999, places=2))
def test_a_written_percentage_reads_back(value):
    printed = parse(weergave("gepubliceerd", None, value, "procent", 5))
    assert (printed.low, printed.high, printed.rate) == (value, value, True)


@given(st.decimals(0, 9_999_999, places=2))
def test_a_written_rate_without_a_sign_reads_back(value):
    assert parse(decimal(value, 2)).low == value


@given(st.integers(2, 100))
def test_a_withheld_count_allows_what_it_hides(threshold):
    printed = parse(weergave("onderdrukt_primair", None, None, "jongeren", threshold))
    assert printed.withheld
    assert [value for value in range(-1, threshold + 2) if printed.allows(Decimal(value))] == list(range(1, threshold))


@pytest.mark.parametrize("text", ["", "x", ".", "-", "1,2,3", "10.47", "1.0478", "<1", "<x", "n.v.t.", "4,30 procent", "١٢", "-3"])
def test_what_is_no_printed_figure(text):
    with pytest.raises(ValueError, match="is geen"):
        parse(text)
