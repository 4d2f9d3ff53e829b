"""The message of a schooljaar and the sentence of a key figure: both sides of each boundary of the rules."""

import pytest
from renderings_rows import figure, indicator, release

from orchestration.publication.renderings import message
from orchestration.publication.renderings.precision import Precision
from orchestration.publication.report_tables import Area

HENGELO = Area("0164", "Hengelo")
BEFORE, YEAR = "2023-2024", "2024-2025"
MAIN = indicator("totaal_jongeren", "verzuim_naar_soort", eenheid="jongeren", naam="Jongeren met verzuim", tegel=2)
RATE = indicator("verzuimpercentage", "verzuim_naar_soort", eenheid="procent", naam="Verzuimpercentage", tegel=1)
SOORT = indicator("luxe_verzuim", "verzuim_naar_soort", eenheid="jongeren", naam="Luxe verzuim")
OTHER_SOORT = indicator("overig_verzuim", "verzuim_naar_soort", eenheid="jongeren", naam="Overig verzuim")
THUIS = indicator("thuiszitters", "thuiszitters", naam="Thuiszitters", tegel=3)


def told(now, then=None, of=MAIN, gemeenten=1):
    return message.told(of, now, then, Precision(5, gemeenten))


def now(waarde=None, vorige=None, **others):
    return figure("totaal_jongeren", waarde, vorige=vorige, **others)


def then(waarde=None, **others):
    return figure("totaal_jongeren", waarde, jaar=BEFORE, **others)


@pytest.mark.parametrize(
    ("row", "earlier", "end"),
    [
        (now(623, 460), then(460), "623 jongeren met verzuim: 163 meer dan in 2023-2024."),
        (now(459, 460), then(460), "459 jongeren met verzuim: 1 minder dan in 2023-2024."),
        (now(460, 460), then(460), "460 jongeren met verzuim, evenveel als in 2023-2024."),
        (now(0, 5), then(5), "geen jongeren met verzuim: 5 minder dan in 2023-2024."),
        (now(6, 0), then(0), "6 jongeren met verzuim: 6 meer dan in 2023-2024."),
        (now(623), None, "623 jongeren met verzuim."),
        (now(623), then(status="onderdrukt_primair"), "623 jongeren met verzuim."),
        (now(623), then(status="niet_beschikbaar"), "623 jongeren met verzuim."),
    ],
)
def test_exact_figures_are_compared(row, earlier, end):
    assert told(row, earlier) == f"In 2024-2025 waren er in Hengelo {end}"


def test_one_is_singular():
    assert told(now(1)) == "In 2024-2025 was er in Hengelo 1 jongere met verzuim."


@pytest.mark.parametrize("then_", [460, 623, 0])
def test_over_a_break_both_are_told_with_the_mark_and_never_which_is_more(then_):
    said = told(now(623, then_, trendbreuk=True), then(then_))
    assert said.endswith(", in 2023-2024 waren er geen*." if then_ == 0 else f", in 2023-2024 waren het er {then_}*.")
    assert "meer" not in said and "evenveel" not in said


def rounded(waarde, **others):
    return then(waarde, status="afgerond", **others)


@pytest.mark.parametrize(
    ("row", "earlier", "end"),
    [
        (now(120, 110, status="afgerond"), rounded(110), ": ongeveer 10 meer dan in 2023-2024."),  # 116 to 124 and 106 to 114
        (now(115, 110, status="afgerond"), rounded(110), ", in 2023-2024 waren het er ongeveer 110."),  # 111 to 119 and 106 to 114
        (now(118, 110), rounded(110), ": ongeveer 8 meer dan in 2023-2024."),
        (now(114, 110), rounded(110), ", in 2023-2024 waren het er ongeveer 110."),
        (now(110, 110, status="afgerond"), rounded(110), ", in 2023-2024 waren het er ongeveer 110."),
        (now(15, 0, status="afgerond"), rounded(0), ": ongeveer 15 meer dan in 2023-2024."),
    ],
)
def test_a_difference_that_rounding_may_have_made_is_not_told(row, earlier, end):
    assert told(row, earlier).endswith(end)


def test_a_rounded_figure_of_the_regio_may_be_off_further():
    row, earlier = (now(620, 600, status="afgerond", area="regio"), rounded(600, area="regio"))
    assert "20 meer" not in told(row, earlier, gemeenten=2) and "20 meer" in told(now(620, 600, status="afgerond"), rounded(600))


def rate(percentage, **others):
    return figure("verzuimpercentage", percentage=percentage, **others)


@pytest.mark.parametrize(
    ("row", "earlier", "end"),
    [
        (rate("5.95", punten="1.66"), rate("4.29", jaar=BEFORE), "5,95%: 1,66 procentpunt hoger dan in 2023-2024."),
        (rate("4.28", punten="-0.01"), rate("4.29", jaar=BEFORE), "4,28%: 0,01 procentpunt lager dan in 2023-2024."),
        (rate("4.29", punten="0.00"), rate("4.29", jaar=BEFORE), "4,29%, evenveel als in 2023-2024."),
        (rate("5.95", punten="1.66", trendbreuk=True), rate("4.29", jaar=BEFORE), "5,95%, in 2023-2024 was het 4,29%*."),
        (rate("5.9", punten="1.61", status="afgerond"), rate("4.29", jaar=BEFORE), "ongeveer 5,9%, in 2023-2024 was het 4,29%."),
    ],
)
def test_a_rate_differs_in_procentpunten_unless_it_is_rounded_or_broken(row, earlier, end):
    assert told(row, earlier, RATE) == f"In 2024-2025 was het verzuimpercentage in Hengelo {end}"


def test_another_figure_is_told_by_its_name():
    row = figure("thuiszitters", 20, status="afgerond", vorige=15)
    assert told(row, figure("thuiszitters", 15, status="afgerond", jaar=BEFORE), THUIS) == (
        "Thuiszitters – ongeveer 20 in Hengelo in 2024-2025, in 2023-2024 ongeveer 15."
    )


def of_the_year(*rows, known=(RATE, MAIN, THUIS, SOORT, OTHER_SOORT)):
    return message.of_the_year(release(rows, known), HENGELO, (BEFORE, YEAR), Precision())


def soort(waarde=None, vorige=None, code="luxe_verzuim", **others):
    before = {"status": "onderdrukt_primair"} if vorige is None else {"waarde": vorige}
    return figure(code, waarde, vorige=vorige, **others), figure(code, jaar=BEFORE, **before)


def test_the_message_is_the_jongeren_with_verzuim_and_the_soort_that_changed_and_can_be_compared():
    main = now(623, 460, trendbreuk=True), then(460)
    assert of_the_year(*main, *soort(14, 21), *soort(302, 176, "overig_verzuim", trendbreuk=True)) == (
        "In 2024-2025 waren er in Hengelo 623 jongeren met verzuim, in 2023-2024 waren het er 460*.",
        "Wel te vergelijken is ‘Luxe verzuim’. Dat daalde van 21 naar 14 jongeren.",
    )


def test_of_several_soorten_the_largest_change_is_told():
    main = now(40, 30), then(30)
    assert of_the_year(*main, *soort(14, 21), *soort(29, 21, "overig_verzuim"))[1] == (
        "Een van de soorten verzuim is ‘Overig verzuim’. Dat steeg van 21 naar 29 jongeren."
    )
    assert "‘Luxe verzuim’" in of_the_year(*main, *soort(14, 22), *soort(28, 21, "overig_verzuim"))[1]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(soort(21, 21), id="equal"),
        pytest.param(soort(21), id="withheld the year before"),
        pytest.param((figure("luxe_verzuim", status="onderdrukt_primair"), soort(1, 21)[1]), id="withheld this year"),
        pytest.param(soort(14, 21, trendbreuk=True), id="over a break"),
        pytest.param((soort(25, 21)[0] | {"status": "afgerond", "weergave": "ca. 25"}, soort(1, 21)[1]), id="by rounding"),
        pytest.param((soort(0, 21)[0] | {"status": "afgerond", "weergave": "0–4"}, soort(1, 21)[1]), id="rounded to nothing"),
    ],
)
def test_a_soort_that_cannot_be_compared_or_did_not_certainly_change_is_not_told(rows):
    assert len(of_the_year(now(40, 30), then(30), *rows)) == 1


def test_one_jongere_is_singular():
    assert of_the_year(now(40, 30), then(30), *soort(1, 6))[1].endswith("daalde van 6 naar 1 jongere.")
    assert of_the_year(now(40, 30), then(30), *soort(0, 6))[1].endswith("daalde van 6 naar 0 jongeren.")


def test_a_withheld_figure_is_not_told_and_the_next_key_figure_is():
    hidden = now(status="onderdrukt_secundair") | {"waarde": 3}
    assert of_the_year(hidden, rate("5.95")) == ("In 2024-2025 was het verzuimpercentage in Hengelo 5,95%.",)
    assert of_the_year(hidden, figure("verzuimpercentage", status="onderdrukt_secundair")) == (
        "Van Hengelo noemen we over 2024-2025 geen kerncijfers: zij zijn er niet, of zij zijn te klein.",
    )


def test_a_release_of_one_year_is_compared_with_nothing():
    assert message.of_the_year(release([now(623)], [MAIN]), HENGELO, (YEAR,), Precision()) == (
        "In 2024-2025 waren er in Hengelo 623 jongeren met verzuim.",
    )


def test_key_figures_stand_in_their_order_and_there_are_none_in_a_release_from_before():
    assert [row["naam"] for row in message.key_figures([MAIN, SOORT, RATE])] == ["Verzuimpercentage", "Jongeren met verzuim"]
    assert message.key_figures([SOORT]) == []
