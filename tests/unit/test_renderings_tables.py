"""The layout of figures: areas, schooljaren, tables, and their notes."""

import csv

import pytest
from renderings_rows import broken_down, figure, indicator

from expectations import published
from orchestration.publication import report_tables
from orchestration.publication.renderings import changes, names
from orchestration.publication.renderings.precision import Precision
from orchestration.settings import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds"


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / "kern" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_areas_stand_largest_first_and_the_regio_last():
    rows = [figure("leerplichtigen", size, area=area) for area, size in (("0147", 10), ("0164", 30), ("regio", 40), ("onbekend", 0))]
    assert [area.code for area in report_tables.areas(rows)] == ["0164", "0147", "regio"]
    assert [area.code for area in report_tables.areas(rows, unknown=True)] == ["0164", "0147", "regio", "onbekend"]


def test_a_size_that_is_withheld_does_not_order_the_areas():
    hidden = figure("leerplichtigen", area="0147", status="onderdrukt_secundair") | {"waarde": 99}
    assert [area.code for area in report_tables.areas([hidden, figure("leerplichtigen", 30)])] == ["0164", "0147"]


def test_the_years_are_the_last_two_until_the_one_that_is_asked_for():
    rows = [figure(waarde=1, jaar=year) for year in ("2021-2022", "2023-2024", "2022-2023")]
    assert report_tables.years(rows) == ("2022-2023", "2023-2024")
    assert report_tables.years(rows, until="2022-2023") == ("2021-2022", "2022-2023")
    assert report_tables.years(rows, at_most=None) == ("2021-2022", "2022-2023", "2023-2024")


def test_the_thuiszitterstafel_is_of_the_regio_alone():
    rows = [figure("thuiszitterstafel_aanmeldingen", 7, area=area, tabel="thuiszitterstafel") for area in ("0164", "regio")]
    dictionary = [indicator("thuiszitterstafel_aanmeldingen", "thuiszitterstafel")]
    areas = report_tables.areas(rows)
    [table] = report_tables.tables(rows, dictionary, areas, ("2024-2025",))
    assert [area.code for area in table.areas] == ["regio"]
    assert report_tables.tables(rows, dictionary, areas[:1], ("2024-2025",)) == []


def test_every_table_of_the_dictionary_has_a_title_and_a_new_one_goes_by_its_code():
    dictionary = [indicator(row["indicator"], row["tabel"]) for row in seed("indicator")]
    titles = report_tables.all_titles(dictionary)
    report = report_tables.report_titles()
    assert len(titles) > len(report)
    assert not [tabel for tabel, title in titles.items() if title == tabel]
    assert list(titles)[: len(report)] == list(report)
    assert report_tables.all_titles([*dictionary, indicator("nieuw", "nieuw")])["nieuw"] == "nieuw"


def test_the_legend_holds_the_signs_that_occur_and_no_others():
    assert report_tables.legend([figure(waarde=1)]) == []
    rows = [figure(status=status) for status in ("niet_beschikbaar", "onderdrukt_secundair", "onderdrukt_primair")]
    assert [sign for sign, _ in report_tables.legend(rows)] == ["<5", "x", "."]


def test_all_that_is_rounded_has_one_sign_and_what_is_rounded_to_nothing_another():
    rows = [figure(waarde=waarde, status="afgerond") for waarde in (0, 5, 1010)]
    rows += [figure(percentage="1.1", status="afgerond"), figure(status="onderdrukt_primair")]
    assert [sign for sign, _ in report_tables.legend(reversed(rows))] == ["ca.", "0–4", "<5"]
    assert dict(report_tables.legend(rows))["0–4"] == report_tables.ABOUT_NOTHING


def test_every_status_of_the_contract_has_a_meaning_and_so_have_those_of_older_releases():
    column = next(one for one in published.table("kerncijfers").columns if one.name == "status")
    assert {*column.allowed, "onderdrukt"} == {*report_tables.MEANING, report_tables.PUBLISHED}


def test_a_withheld_figure_of_gemeente_onbekend_is_not_shown():
    shown = figure(waarde=3, area="onbekend")
    hidden = figure(area="onbekend", status="onderdrukt_primair") | {"waarde": 2}
    assert "incidenten 2024-2025: 3" in report_tables.unknown_note([shown], [indicator()], ("2024-2025",))
    assert report_tables.unknown_note([hidden], [indicator()], ("2024-2025",)) is None


def test_a_figure_of_gemeente_onbekend_that_is_in_no_table_of_the_report_is_no_reason_for_a_note():
    row = figure("meldingen_totaal", 10, area="onbekend", status="afgerond", tabel="meldingen")
    assert report_tables.unknown_note([row], [indicator()], ("2024-2025",)) is None


@pytest.mark.parametrize(
    ("row", "difference", "percentage"),
    [
        (figure(waarde=1163, vorige=1000), "+163", "+16,3%"),
        (figure(waarde=10, vorige=2010), "-2.000", "-99,5%"),
        (figure(waarde=5, vorige=5), "0", "0,0%"),
        (figure(waarde=5, vorige=0), "+5", ""),
        (figure(percentage="4.29", punten="-0.30"), "-0,30 procentpunt", ""),
        (figure(percentage="4.29", punten="-0.30", eenheid="per_1000"), "-0,30", ""),
        (figure(waarde=1163, vorige=1000, trendbreuk=True), "+163*", "+16,3%*"),
        (figure(percentage="4.29", punten="-0.30", trendbreuk=True), "-0,30 procentpunt*", ""),
        (figure(waarde=5, trendbreuk=True), "", ""),
        (figure(waarde=5), "", ""),
        (figure(status="onderdrukt_primair") | {"verschil": 2, "verschil_percentage": 50}, "", ""),
        (None, "", ""),
    ],
)
def test_a_difference_is_the_published_one_or_nothing(row, difference, percentage):
    assert (changes.difference(row, None), changes.percentage(row, None, Precision())) == (difference, percentage)


def rounded(waarde, **others):
    return figure(waarde=waarde, status="afgerond", **others)


@pytest.mark.parametrize(
    ("row", "earlier", "difference", "percentage"),
    [
        pytest.param(rounded(140, vorige=110), rounded(110), "ca. +30", "ca. +27%", id="both are rounded"),
        pytest.param(rounded(1110, vorige=2300), figure(waarde=2300), "ca. -1.190", "ca. -52%", id="only this year is"),
        pytest.param(figure(waarde=36, vorige=20), rounded(20), "ca. +16", "ca. +80%", id="only the year before is"),
        pytest.param(rounded(140, vorige=110, trendbreuk=True), rounded(110), "ca. +30*", "ca. +27%*", id="over a break"),
        pytest.param(rounded(10, vorige=5), rounded(5), "ca. +5", "", id="rounding may have made it"),
        pytest.param(rounded(15, vorige=5), rounded(5), "ca. +10", "ca. +200%", id="rounding cannot have made it"),
        pytest.param(rounded(10, vorige=10), rounded(10), "ca. 0", "", id="equal"),
        pytest.param(rounded(0, vorige=15), rounded(15), "ca. -15", "", id="to nothing, which may be four"),
        pytest.param(figure(waarde=9, vorige=0), rounded(0), "ca. +9", "", id="from nothing"),
        pytest.param(figure(status="onderdrukt_primair") | {"verschil": 2}, rounded(10), "", "", id="withheld"),
    ],
)
def test_a_difference_of_what_is_rounded_is_rounded_too(row, earlier, difference, percentage):
    assert (changes.difference(row, earlier), changes.percentage(row, earlier, Precision())) == (difference, percentage)


@pytest.mark.parametrize(
    ("now", "then", "points", "difference"),
    [
        ("5.3", "3.9", "1.40", "ca. +1,4 procentpunt"),
        ("4", "3.9", "0.10", "ca. 0 procentpunt"),
        ("2.03", "1.8", "0.23", "ca. +0,2 procentpunt"),
        ("49", "50", "-1.00", "ca. -1 procentpunt"),
    ],
)
def test_rates_differ_with_the_decimals_of_the_one_that_is_shown_with_the_fewest(now, then, points, difference):
    status = "gepubliceerd" if now == "2.03" else "afgerond"
    row = figure(percentage=now, punten=points, status=status)
    assert changes.difference(row, figure(percentage=then, status="afgerond")) == difference


def test_a_value_has_the_name_that_its_release_gives_it_and_else_its_code():
    row = broken_down("onderwijssoort", "VSO", 3, uitsplitsing_label="niet dit")
    assert names.value(row) == "Naam van VSO"
    del row["uitsplitsing_label"]
    assert names.value(row) == "VSO"


def test_words_for_dates_and_sources():
    assert names.sources("duo+monitor") == ["DUO", "Twentse Onderwijs-Jeugdhulp monitor"]
    assert (names.month("03"), names.short_month("maart"), names.short_month("mei")) == ("maart", "mrt", "mei")
    assert names.listed(["Hengelo", "Borne", "Regio"]) == "Hengelo, Borne en Regio"
    assert names.listed(["Hengelo"]) == "Hengelo"
