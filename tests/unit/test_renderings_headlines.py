"""What a release says first: which figures, what may be said of their change, and that a trendbreuk is always said."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html
from renderings_rows import figure, indicator, release

from orchestration.publication.renderings import headlines
from orchestration.publication.renderings.headlines import Headline
from orchestration.publication.renderings.portal import front, small_chart
from orchestration.publication.report_tables import Area

THEN, NOW = "2023-2024", "2024-2025"
HENGELO, REGIO = Area("0164", "Hengelo"), Area("regio", "Regio")
REASON = "Vanaf 2024-2025 telt ook een spreekuur."


def two_years(code: str, then: int | None, now: int | None, *, area: str = "0164", **others: Any) -> list[dict[str, Any]]:
    """Return the rows of a count in two schooljaren; rounded if `about`, withheld if None."""
    about, tabel = others.pop("about", False), others.pop("tabel", "incidenten")
    status = ["onderdrukt_primair" if size is None else "afgerond" if about else "gepubliceerd" for size in (then, now)]
    vorige = then if now is not None else None
    return [
        figure(code, then, jaar=THEN, status=status[0], area=area, tabel=tabel),
        figure(code, now, jaar=NOW, status=status[1], area=area, tabel=tabel, vorige=vorige, **others),
    ]


def source(*rows: list[dict[str, Any]], **columns: Any) -> Any:
    figures = [one for some in rows for one in some]
    codes = dict.fromkeys((row["indicator"], row["tabel"], row["eenheid"]) for row in figures)
    dictionary = [indicator(code, tabel, eenheid=unit, **columns) for code, tabel, unit in codes]
    return release(figures, dictionary)


def headline(*rows: list[dict[str, Any]], area: Area = HENGELO) -> Headline:
    [found] = headlines.key_figures(source(*rows, tegel=1), area, NOW)
    return found


def rates(then: str, now: str, punten: str, parts: tuple[Any, Any, Any, Any] = (None,) * 4, **others: Any) -> list[dict[str, Any]]:
    status = "afgerond" if others.pop("about", False) else "gepubliceerd"
    kept = {"tabel": "verzuim_naar_soort", "status": status}
    return [
        figure("verzuimpercentage", percentage=then, jaar=THEN, teller=parts[0], noemer=parts[1], **kept),
        figure("verzuimpercentage", percentage=now, jaar=NOW, punten=punten, teller=parts[2], noemer=parts[3], **kept, **others),
    ]


@pytest.mark.parametrize(
    ("then", "now", "trend", "sentence"),
    [
        (460, 623, "▲ meer", "Dat zijn er 163 meer dan in 2023-2024: toen waren het er 460."),
        (460, 459, "▼ minder", "Dat is er 1 minder dan in 2023-2024: toen waren het er 460."),
        (7, 7, "= evenveel", "Dat zijn er evenveel als in 2023-2024."),
        (0, 6, "▲ meer", "Dat zijn er 6 meer dan in 2023-2024: toen waren er geen."),
        (None, 6, "", "Het cijfer van 2023-2024 noemen we niet."),
        (6, None, "", "Dit aantal is klein. We noemen het niet, om jongeren te beschermen."),
    ],
)
def test_a_count_is_compared_in_a_sign_a_word_and_a_sentence(then: int | None, now: int | None, trend: str, sentence: str):
    found = headline(two_years("incidenten", then, now))
    assert (found.trend, found.sentence) == (trend, sentence)


@pytest.mark.parametrize(
    ("then", "now", "trend", "sentence"),
    [
        (20, 30, "▲ meer", "Dat zijn er ongeveer 10 meer dan in 2023-2024: toen waren het er ongeveer 20."),
        (20, 25, "≈ verschil niet zeker", "In 2023-2024 waren het er ongeveer 20. Het verschil kan door het afronden komen."),
        (20, 20, "≈ ongeveer gelijk", "In 2023-2024 waren het er ongeveer 20."),
        (0, 5, "≈ verschil niet zeker", "In 2023-2024 waren het er 0 tot en met 4. Het verschil kan door het afronden komen."),
    ],
)
def test_a_rounded_count_is_said_to_have_changed_only_if_rounding_cannot_have_made_it(then: int, now: int, trend: str, sentence: str):
    rows = two_years("incidenten", then, now, about=True)
    found = headlines.key_figures(source(rows, two_years("anders", 5, 10, about=True), tegel=1), HENGELO, NOW)
    assert (found[0].trend, found[0].sentence) == (trend, sentence)


@pytest.mark.parametrize(
    ("rows", "trend", "sentence"),
    [
        (rates("4.29", "5.95", "1.66"), "▲ hoger", "Dat is 1,66 procentpunt hoger dan in 2023-2024: toen was het 4,29%."),
        (rates("4.29", "4.29", "0.00"), "= gelijk", "Dat is gelijk aan 2023-2024."),
        (
            rates("4.0", "5.3", "1.30", (570, 14408, 755, 14172), about=True),
            "▲ hoger",
            "Dat is hoger dan in 2023-2024: toen was het ongeveer 4,0%.",
        ),
        (
            rates("4.0", "4.1", "0.10", (570, 14408, 575, 14408), about=True),
            "≈ verschil niet zeker",
            "In 2023-2024 was het ongeveer 4,0%. Het verschil kan door het afronden komen.",
        ),
        (
            rates("18", "19", "1.00", about=True),
            "≈ verschil niet zeker",
            "In 2023-2024 was het ongeveer 18%. Het verschil kan door het afronden komen.",
        ),
    ],
)
def test_a_rate_is_higher_or_lower_in_points_if_that_is_certain(rows: list[dict[str, Any]], trend: str, sentence: str):
    found = headline(rows)
    assert (found.trend, found.sentence) == (trend, sentence)


def broken(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | ({"trendbreuk": True, "trendbreuk_reden": REASON} if row["schooljaar"] == NOW else {}) for row in rows]


@pytest.mark.parametrize("rows", [two_years("incidenten", 10, 30), rates("4.29", "5.95", "1.66")])
def test_over_a_break_the_sentence_says_so_and_not_that_it_is_more(rows: list[dict[str, Any]]):
    found = headline(broken(rows))
    assert found.is_broken
    assert found.sentence.endswith("Trendbreuk: 2023-2024 en 2024-2025 zijn niet goed te vergelijken.")
    assert " dan in " not in found.sentence


def test_what_is_not_compared_is_not_called_broken():
    assert not headline(broken(two_years("incidenten", None, 30))).is_broken


def test_a_schooljaar_that_the_release_lacks_is_not_compared_with_an_earlier_one():
    rows = [figure("incidenten", 5, jaar="2022-2023"), figure("incidenten", 9, jaar=NOW)]
    assert (headline(rows).trend, headline(rows).sentence) == ("", "Over het schooljaar ervoor is er geen cijfer.")


def test_key_figures_stand_in_the_order_of_their_place_and_others_are_left_out():
    rows = [two_years(code, 1, 2) for code in ("a", "b", "c")]
    made = source(*rows)
    places = {"a": 2, "b": 1, "c": None}
    dictionary = [row | {"tegel": places[row["indicator"]]} for row in made.indicators]
    made = replace(made, tables={**made.tables, "indicatoren": dictionary})
    assert [one.indicator["indicator"] for one in headlines.key_figures(made, HENGELO, NOW)] == ["b", "a"]
    assert headlines.key_figures(made, Area("0147", "Borne"), NOW) == []


def test_a_release_of_an_earlier_contract_has_the_words_and_places_of_today():
    old = {
        name: value for name, value in indicator("thuiszitters").items() if name not in ("naam", "definitie_kort", "zoekwoorden", "tegel")
    }
    made = release(two_years("thuiszitters", 10, 20), [old, old | {"indicator": "weg", "label": "Is er niet meer"}])
    [found] = headlines.key_figures(made, HENGELO, NOW)
    assert (found.name, found.indicator["tegel"]) == ("Thuiszitters", 3)
    assert "spijbelen" not in found.indicator["zoekwoorden"] and "thuiszitter" in found.indicator["zoekwoorden"]
    assert (made.indicators[1]["naam"], made.indicators[1]["tegel"]) == ("Is er niet meer", None)


def changed(*rows: list[dict[str, Any]]) -> list[str]:
    return [one.indicator["indicator"] for one in headlines.most_changed(source(*rows), HENGELO, NOW)]


def test_what_changed_most_has_the_largest_difference_first_and_breaks_last():
    some = [two_years("a", 10, 20), two_years("b", 50, 20), broken(two_years("c", 10, 900)), two_years("d", 5, 10)]
    assert changed(*some) == ["b", "a", "d", "c"]


@pytest.mark.parametrize(("now", "there"), [(14, False), (15, True), (6, False), (5, True)])
def test_a_difference_under_five_is_left_out(now: int, there: bool):
    assert changed(two_years("a", 10, now)) == ["a"] * there


@pytest.mark.parametrize(("now", "there"), [(25, False), (30, True)])
def test_a_difference_that_rounding_may_have_made_is_left_out(now: int, there: bool):
    assert changed(two_years("a", 20, now, about=True), two_years("b", 5, 5, about=True)) == ["a"] * there


def test_no_more_than_five_are_told():
    some = [two_years(code, 10, 100 + at) for at, code in enumerate("abcdef")]
    assert changed(*some) == ["f", "e", "d", "c", "b"]


def test_sums_key_figures_rates_withheld_ones_and_other_tables_are_left_out():
    assert changed(two_years("totaal_jongeren", 10, 100)) == []
    assert changed(two_years("relatief_verzuim_jongeren", 10, 100)) == []
    assert changed(two_years("a", 10, 100, tabel="meldingen")) == []
    assert changed(rates("1.00", "90.00", "89.00")) == []
    assert changed(two_years("a", None, 100), two_years("b", 100, None)) == []
    made = source(two_years("a", 10, 100), tegel=1)
    assert headlines.most_changed(made, HENGELO, NOW) == []


def test_a_change_is_told_with_its_percentage_if_the_release_has_one():
    [one] = headlines.most_changed(source(two_years("a", 222, 303)), HENGELO, NOW)
    assert one.change == "▲ 81 meer (36,5%)"
    [one] = headlines.most_changed(source(two_years("a", 0, 6)), HENGELO, NOW)
    assert one.change == "▲ 6 meer"
    [one] = headlines.most_changed(source(two_years("a", 40, 20, about=True), two_years("b", 5, 5, about=True)), HENGELO, NOW)
    assert one.change == "▼ ongeveer 20 minder (ongeveer 50%)"


def test_each_break_is_told_once_with_its_reason_and_the_figures_that_it_is_about():
    both = [*broken(two_years("a", 10, 20)), *broken(two_years("b", 10, 20)), *two_years("c", 10, 20)]
    [found] = headlines.breaks(headlines.key_figures(source(both, tegel=1), HENGELO, NOW))
    assert (found.before, found.year, found.reason, found.names) == (THEN, NOW, REASON, ("Naam van a", "Naam van b"))


def test_a_break_before_the_first_schooljaar_that_is_shown_is_not_told():
    first = [row | {"trendbreuk": True, "trendbreuk_reden": REASON} for row in two_years("a", 10, 20)[:1]]
    assert headlines.breaks(headlines.key_figures(source(first + two_years("a", 10, 20)[1:], tegel=1), HENGELO, NOW)) == []


def test_the_release_is_about_the_regio_or_about_its_only_gemeente():
    one = source(two_years("leerplichtigen", 9, 9), two_years("leerplichtigen", 9, 9, area="regio"))
    two = source(*(two_years("leerplichtigen", 9, 9, area=area) for area in ("0164", "0147", "regio")))
    assert (headlines.front(one), headlines.front(two)) == (HENGELO, REGIO)
    assert [front.file_of(area) for area in front.areas(one)] == ["gemeente-0164.html"]
    assert [front.file_of(area) for area in front.areas(two)] == ["gemeente-0147.html", "gemeente-0164.html", "regio.html"]


@pytest.mark.parametrize(("day", "running"), [((2025, 7, 31, 21, 59), True), ((2025, 7, 31, 22), False)])
def test_a_schooljaar_runs_until_the_last_day_of_july_in_the_netherlands(day: tuple[int, ...], running: bool):
    made = replace(source(two_years("a", 1, 2)), kennisdatum=datetime(*day, tzinfo=UTC))  # type: ignore[arg-type]
    assert headlines.is_running(made, NOW) is running


def test_the_small_chart_has_a_column_for_each_figure_and_the_sign_of_what_is_withheld():
    rows = [figure("a", 10, jaar="2022-2023"), *broken(two_years("a", None, 20))]
    drawn = html.fromstring(small_chart.draw("<b>", rows))
    heights = [float(one.get("height")) for one in drawn.xpath("//rect")]
    assert heights == [small_chart.HIGH / 2, small_chart.HIGH]
    assert [one.text_content() for one in drawn.xpath("//text[@data-cijfer]")] == ["10", "<5", "20"]
    assert len(drawn.xpath("//line[@class='breuk']")) == 1
    assert drawn.get("aria-label") == "<b>: 2022-2023 10, 2023-2024 <5, 2024-2025 20 (trendbreuk)."


@pytest.mark.parametrize("rows", [[figure("a", 10)], two_years("a", None, None), two_years("a", 0, 0)])
def test_where_nothing_can_be_drawn_there_is_no_chart(rows: list[dict[str, Any]]):
    assert small_chart.draw("a", rows) == ""
