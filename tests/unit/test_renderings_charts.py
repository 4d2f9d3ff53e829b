"""Charts: their marks, order and text, and no withheld figures."""

import re

import pytest
from lxml import etree
from renderings_rows import SENDER, broken_down, figure, indicator, release

from orchestration.publication.renderings import charts, series
from orchestration.publication.report_tables import Area

HENGELO = Area("0164", "Hengelo")
YEARS = ("2023-2024", "2024-2025")
COLOURS = SENDER.colours
SVG = {"svg": "http://www.w3.org/2000/svg"}


def aanleidingen(*values):
    """Return a chart of breakdowns by aanleiding: for each code this year's count, or its status instead."""
    rows = [
        broken_down("aanleiding", code, value) if isinstance(value, int) else broken_down("aanleiding", code, status=value)
        for code, value in values
    ]
    rows += [broken_down("aanleiding", code, 10, jaar="2023-2024") for code, _ in values]
    return named("aanleiding", [], rows, [])


def named(name, figures, breakdowns, indicators):
    return next(one for one in series.of(figures, breakdowns, indicators, HENGELO, YEARS) if one.name == name)


def draw(chart) -> str:
    return charts.draw(chart, COLOURS)


def bars(svg: str) -> list[str]:
    """Return the marks whose length is the figure."""
    colours = (COLOURS.link, COLOURS.muted)
    return [path.get("d") for path in etree.fromstring(svg).iterfind(".//svg:path", SVG) if path.get("fill") in colours]


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in etree.fromstring(svg).iterfind(".//svg:text", SVG)]


def test_every_bar_carries_its_year_and_its_figure():
    drawn = draw(aanleidingen(("ziekte", 30), ("spijbelen", 1200)))
    assert len(bars(drawn)) == 4
    assert {"Naam van ziekte", "Naam van spijbelen", "2023-2024", "2024-2025", "10", "30"} <= set(texts(drawn))
    assert texts(drawn).count("10") == 2


def test_a_withheld_figure_has_no_bar_and_only_its_sign():
    shown = draw(aanleidingen(("ziekte", 30), ("spijbelen", "onderdrukt_secundair")))
    assert len(bars(shown)) == 3
    assert texts(shown).count("x") == 1


def test_a_rounded_figure_has_a_bar_of_what_it_is_rounded_to_and_one_that_is_rounded_to_nothing_has_none():
    rows = [
        figure(name, waarde, status="afgerond", jaar=year)
        for name, waarde in (("absoluut_verzuim", 15), ("luxe_verzuim", 0))
        for year in YEARS
    ]
    chart = named(
        "soort", rows, [], [indicator(name, "verzuim_naar_soort", eenheid="jongeren") for name in ("absoluut_verzuim", "luxe_verzuim")]
    )
    shown = draw(chart)
    assert texts(shown).count("ca. 15") == texts(shown).count("0–4") == 2
    assert sorted(re.search(r"h([\d.]+)", bar)[1] == "0" for bar in bars(shown)) == [False, False, True, True]
    assert "absoluut_verzuim: ca. 15 in 2023-2024, ca. 15 in 2024-2025" in charts.alternative(chart)
    assert charts.alternative(chart).endswith(" Cijfers met ca. zijn afgerond.")


def test_what_a_withheld_row_holds_changes_nothing():
    safe = aanleidingen(("combinatie", "onderdrukt_secundair"), ("ziekte", 30), ("spijbelen", "onderdrukt_secundair"))
    told = [
        broken_down("aanleiding", "combinatie", status="onderdrukt_secundair") | {"waarde": 1},
        broken_down("aanleiding", "ziekte", 30),
        broken_down("aanleiding", "spijbelen", status="onderdrukt_secundair") | {"waarde": 4000},
        *(broken_down("aanleiding", code, 10, jaar="2023-2024") for code in ("combinatie", "ziekte", "spijbelen")),
    ]
    assert draw(named("aanleiding", [], told, [])) == draw(safe)


def test_the_largest_comes_first_then_what_is_withheld_and_onbekend_last():
    chart = aanleidingen(("onbekend", 99), ("combinatie", "onderdrukt_secundair"), ("ziekte", 0), ("spijbelen", 12))
    assert [line.label for line in chart.lines] == [f"Naam van {code}" for code in ("spijbelen", "ziekte", "combinatie", "onbekend")]


def test_months_stand_from_august_to_july_and_those_of_both_years_together():
    codes = ("2024-09", "2025-01", "2023-09", "2024-08")
    rows = [broken_down("maand", code, 7, jaar="2023-2024" if code == "2023-09" else "2024-2025") for code in codes]
    chart = named("maand", [], rows, [])
    assert [line.label for line in chart.lines] == ["augustus", "september", "januari"]
    assert [sorted(line.cells) for line in chart.lines] == [["2024-2025"], ["2023-2024", "2024-2025"], ["2024-2025"]]
    assert len(bars(draw(chart))) == 4


def test_the_words_say_what_the_drawing_shows():
    chart = aanleidingen(("ziekte", 30), ("spijbelen", "onderdrukt_secundair"))
    assert charts.alternative(chart) == (
        "Staafdiagram. Meldingen van verzuim, naar aanleiding, Hengelo, 2023-2024 en 2024-2025. Naam van ziekte: 10 in 2023-2024, 30 in "
        "2024-2025; Naam van spijbelen: 10 in 2023-2024, x in 2024-2025. Waar een teken staat, is geen staaf. Teken x: niet genoemd, omdat "
        "anders een klein aantal te berekenen is, of omdat het over te weinig meldingen gaat."
    )
    root = etree.fromstring(draw(chart))
    assert (root.get("role"), root.get("aria-label")) == ("img", charts.alternative(chart))
    assert not [name for element in root.iterdescendants() for name in element.attrib if name == "role" or name.startswith("aria-")]


def test_a_rate_stands_in_the_table_and_not_in_the_drawing():
    names = ("meldingen_totaal", "meldingen_opgevolgd", "opgevolgd_percentage")
    rows = [figure(names[0], 40), figure(names[1], 20), figure(names[2], percentage="50.00")]
    chart = named("opvolging", rows, [], [indicator(name, "meldingen") for name in names])
    assert [line.drawn for line in chart.lines] == [True, True, False]
    assert "50,00%" not in texts(draw(chart))


def test_totals_are_not_drawn_beside_their_parts():
    names = ("absoluut_verzuim", "relatief_verzuim_jongeren", "totaal_jongeren")
    rows = [figure(name, 5) for name in names]
    chart = named("soort", rows, [], [indicator(name, "verzuim_naar_soort", eenheid="jongeren") for name in names])
    assert [line.label for line in chart.lines] == ["absoluut_verzuim"]


def test_a_chart_of_nothing_but_withheld_figures_cannot_be_drawn():
    rows = [broken_down("aanleiding", code, status="onderdrukt_secundair") for code in ("ziekte", "spijbelen")]
    assert not named("aanleiding", [], rows, []).can_be_drawn
    assert aanleidingen(("ziekte", "onderdrukt_secundair")).can_be_drawn


def soorten(*values):
    """Return the rows and the dictionary of soorten verzuim: for each its counts of two schooljaren, or a status instead."""
    rows = []
    for name, counts in values:
        for year, value in zip(YEARS, counts, strict=True):
            shown = {"status": value} if isinstance(value, str) else {"waarde": value}
            rows.append(figure(name, jaar=year, tabel="verzuim_naar_soort", **shown))
    return rows, [indicator(name, "verzuim_naar_soort", eenheid="jongeren") for name, _ in values]


def test_the_chart_of_the_message_is_by_size_without_what_has_nothing_to_draw():
    rows, known = soorten(
        ("luxe_verzuim", (9, 20)),
        ("overig_verzuim", (30, 40)),
        ("absoluut_verzuim", (5, "onderdrukt_primair")),
        ("historisch_verzuim", (0, 0)),
    )
    chart = series.by_size(release(rows, known).of_area(HENGELO), known, HENGELO, YEARS)
    assert [line.label for line in chart.lines] == [f"Naam van {code}" for code in ("overig_verzuim", "luxe_verzuim", "absoluut_verzuim")]
    assert len(bars(draw(chart))) == 5
    assert texts(draw(chart)).count("<5") == 1


def test_one_figure_over_the_years_has_a_column_each_and_a_line_where_the_series_breaks():
    rows = [figure("verzuimpercentage", percentage="4.29", jaar=YEARS[0], trendbreuk=True), figure("verzuimpercentage", percentage="5.95")]
    told = indicator("verzuimpercentage")
    whole, broken = (
        series.over_years(told, release(made, [told]).of_area(HENGELO), HENGELO, YEARS)
        for made in (rows, [rows[0], rows[1] | {"trendbreuk": True}])
    )
    assert len(bars(draw(whole))) == 2
    assert {"4,29%", "5,95%", *YEARS} <= set(texts(draw(whole)))
    # what breaks before the first schooljaar that is shown, breaks nothing that is shown
    assert ("trendbreuk*" in texts(draw(whole)), "trendbreuk*" in texts(draw(broken))) == (False, True)
    assert charts.alternative(broken) == "Staafdiagram: 4,29% in 2023-2024, 5,95% in 2024-2025."


def test_a_release_without_breakdowns_has_no_charts():
    assert series.of([], [], [], HENGELO, YEARS) == []


@pytest.mark.parametrize("colour", [COLOURS.link, COLOURS.muted, charts.INK])
def test_colours_can_be_told_from_white(colour):
    def luminance(text: str) -> float:
        parts = [int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", text)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    contrast = 1.05 / (luminance(colour) + 0.05)
    assert contrast >= (4.5 if colour == charts.INK else 3)
