"""The portal shows exactly the figures of the release, however they are selected, sorted, searched or drawn."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import opened
import pytest
from conftest import Night
from playwright.sync_api import Browser

from orchestration.publication.renderings.source import Source
from orchestration.publication.weergave import count, decimal, round_half_away

Row = dict[str, Any]
TITLES = ["Cijfer over", "Gemeente", "Schooljaar", "Cijfer", "Vorig schooljaar", "Verschil", "Verschil in %", "Eenheid", "Let op"]


@pytest.fixture(scope="module")
def sources(night: Night) -> dict[str, Source]:
    return {zone: opened.released(night.lake.published(zone)) for zone in ("openbaar", "intern")}


@pytest.fixture(scope="module")
def visits(browser: Browser, sources: dict[str, Source], tmp_path_factory: pytest.TempPathFactory) -> dict[str, opened.Visit]:
    folder = tmp_path_factory.mktemp("portaal")
    return {zone: opened.visit(browser, opened.rendered(folder / zone, source)) for zone, source in sources.items()}


@pytest.fixture
def openbaar(visits: dict[str, opened.Visit]) -> opened.Visit:
    visits["openbaar"].go()
    return visits["openbaar"]


def signed(value: int | Decimal | None, digits: int) -> str:
    """Return a difference as it is expected to be written; a rounded one that comes to 0 has no sign."""
    if value is None:
        return ""
    number = round_half_away(Decimal(value), digits) + 0
    return ("+" if number > 0 else "") + decimal(number, digits)


def places(source: Source) -> dict[tuple[str, ...], Row]:
    """Return every row by what it is of, in the schooljaar after: where the row of the schooljaar before is looked up."""
    return {place(row, 1): row for row in (*source.figures, *source.breakdowns)}


def place(row: Row, later: int = 0) -> tuple[str, ...]:
    first = int(row["schooljaar"][:4]) + later
    names = ("gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde")
    return f"{first}-{first + 1}", *(row.get(name) or "" for name in names)


def off(row: Row) -> int:
    """Return how far a count may be from the true one: one of the regio may be the sum of two, rounded once more."""
    return 0 if row["status"] != "afgerond" else 4 + 4 + 2 if row["gemeente_code"] == "regio" else 4


def changes(row: Row, earlier: Row | None) -> list[str]:
    """Return the expected cells about the schooljaar before: its figure, the difference, and that in percent; each with its unit."""
    unit, points = ("%", " procentpunt") if row["eenheid"] == "procent" else ("", "")
    rounded = [one for one in (row, earlier) if one and one["status"] == "afgerond"]
    before = count(row["vorige_waarde"]) if row["vorige_waarde"] is not None else ""
    if row["vorig_percentage"] is not None:
        before = decimal(row["vorig_percentage"], 2) + unit
    if earlier and earlier["status"] == "afgerond":
        before = earlier["weergave"]
    digits = min(len(one["weergave"].rstrip("%").partition(",")[2]) for one in (row, earlier) if one) if rounded else 2
    change = signed(row["verschil"], 0) or signed(row["verschil_punten"], digits)
    share = signed(row["verschil_percentage"], 0 if rounded else 1)
    by_rounding = earlier and row["verschil"] is not None and abs(row["verschil"]) <= off(row) + off(earlier)
    if rounded and (by_rounding or row["weergave"] == "0–4"):
        share = ""
    about, broken = "ca. " if rounded else "", " trendbreuk" if row["trendbreuk"] else ""
    return [before, change and f"{about}{change}{points}{broken}", share and f"{about}{share}%{broken}"]


def shown(row: Row, before: dict[tuple[str, ...], Row], names: dict[str, str]) -> list[str]:
    """Return the expected cells of a row, formatted by the module that formats all figures."""
    unit = {"per_1000": "per 1.000 jongeren"}.get(row["eenheid"], row["eenheid"])
    keys = [names[row["indicator"]], row["gemeente"], row["schooljaar"]]
    return [*keys, row["weergave"], *changes(row, before.get(place(row))), unit, "trendbreuk" if row["trendbreuk"] else ""]


def names_of(source: Source) -> dict[str, str]:
    """Return what each indicator is called."""
    return {row["indicator"]: row["naam"] for row in source.indicators}


def is_shown(row: Row) -> bool:
    """Return whether a row is in the table: not if the figure would make no sense, which is told beneath it."""
    return bool(row["status"] != "niet_van_toepassing")


@pytest.mark.parametrize("zone", ["openbaar", "intern"])
def test_every_figure_of_the_release_is_shown_as_it_stands(zone: str, visits: dict[str, opened.Visit], sources: dict[str, Source]) -> None:
    visits[zone].go(indicator="alle")
    assert visits[zone].headings() == TITLES
    before, names = places(sources[zone]), names_of(sources[zone])
    expected = sorted(shown(row, before, names) for row in sources[zone].figures if is_shown(row))
    assert len(expected) > 400
    assert sorted(visits[zone].rows()) == expected
    senseless = sum(not is_shown(row) for row in sources[zone].figures)
    told = visits[zone].page.locator("#opmerkingen").text_content() or ""
    assert senseless > 5
    assert f"Niet van toepassing, en daarom niet getoond: Onbekend ({senseless} cijfers)." in told


@pytest.mark.parametrize("zone", ["openbaar", "intern"])
def test_every_breakdown_of_the_release_is_shown_as_it_stands(
    zone: str, visits: dict[str, opened.Visit], sources: dict[str, Source]
) -> None:
    visit, rows, before, names = visits[zone], sources[zone].breakdowns, places(sources[zone]), names_of(sources[zone])
    visit.go(indicator="alle")
    kinds = {row["uitsplitsing"] for row in rows}
    assert {"geen", *kinds} == set(visit.page.locator("#uitsplitsing option").evaluate_all("all => all.map((one) => one.value)"))
    seen = 0
    for kind in sorted(kinds):
        visit.choose("uitsplitsing", kind)
        own = [shown(row, before, names) for row in rows if row["uitsplitsing"] == kind]
        on_page = [row[:1] + row[2:] for row in visit.rows()]  # another test checks the label of the value
        assert sorted(on_page) == sorted(own), kind
        seen += len(own)
    assert seen == len(rows)


def test_a_choice_shows_its_own_rows_in_the_order_of_the_report(openbaar: opened.Visit, sources: dict[str, Source]) -> None:
    openbaar.choose("indicator", "relatief_verzuim_jongeren")
    openbaar.choose("gemeente", "0147")
    openbaar.choose("schooljaar", "2024-2025")
    openbaar.choose("uitsplitsing", "leeftijd")
    chosen = {"schooljaar": "2024-2025", "gemeente_code": "0147", "indicator": "relatief_verzuim_jongeren", "uitsplitsing": "leeftijd"}
    rows = [row for row in sources["openbaar"].breakdowns if chosen.items() <= row.items()]
    rows.sort(key=lambda row: int(row["uitsplitsing_waarde"]))
    assert rows
    assert openbaar.column("Leeftijd") == [row["uitsplitsing_waarde"] for row in rows]
    assert openbaar.column("Cijfer") == [row["weergave"] for row in rows]
    assert openbaar.page.locator("#tabel caption").text_content() == (
        "Jongeren met relatief verzuim naar leeftijd, Borne, schooljaar 2024-2025"
    )
    assert (openbaar.page.locator("#melding").text_content() or "").endswith(f" {len(rows)} rijen.")
    [absent] = openbaar.page.locator("[data-afwezig]:visible").all_text_contents()
    assert absent.startswith("Wat er niet bij staat, komt 0 tot en met 4 keer voor.")
    visible = [cell.is_visible() for cell in openbaar.page.locator("#tabel thead th").all()[:5]]
    assert visible == [True, False, False, False, True]  # columns with one value are in the caption


@pytest.mark.parametrize("direction", ["ascending", "descending"])
def test_a_withheld_figure_sorts_after_every_number(direction: str, openbaar: opened.Visit, sources: dict[str, Source]) -> None:
    openbaar.go(indicator="alle", gemeente="0147", schooljaar="2024-2025")
    openbaar.sort("cijfer")
    if direction == "descending":
        openbaar.sort("cijfer")
    assert openbaar.page.locator("#tabel th[aria-sort]").get_attribute("aria-sort") == direction
    figures = filter(is_shown, sources["openbaar"].figures)
    rows = [row for row in figures if (row["gemeente_code"], row["schooljaar"]) == ("0147", "2024-2025")]
    numbers = [(Decimal(row["waarde"]) if row["waarde"] is not None else row["percentage"], row["weergave"]) for row in rows]
    filled = [pair for pair in numbers if pair[0] is not None]
    filled.sort(key=lambda pair: pair[0], reverse=direction == "descending")
    withheld = [text for number, text in numbers if number is None]
    assert len(withheld) > 3
    told = openbaar.column("Cijfer")
    # equal numbers of two units may be formatted differently (5 and 5,00), in either order
    written = {text: number for number, text in filled}
    assert [written[text] for text in told[: len(filled)]] == [number for number, _ in filled]
    assert told[len(filled) :] == withheld


def test_the_address_holds_the_choice_and_the_way_back_works(openbaar: opened.Visit) -> None:
    openbaar.choose("indicator", "incidenten")
    openbaar.choose("gemeente", "0164")
    openbaar.sort("cijfer")
    shared = openbaar.page.url
    before = openbaar.rows()
    openbaar.choose("gemeente", "0147")
    assert openbaar.rows() != before
    openbaar.back()
    assert openbaar.rows() == before
    assert openbaar.page.input_value("#gemeente") == "0164"
    openbaar.page.goto("about:blank")
    openbaar.page.goto(shared)
    assert openbaar.rows() == before
    assert openbaar.page.input_value("#indicator") == "incidenten"


def test_an_address_of_another_release_falls_back_and_says_so(openbaar: opened.Visit) -> None:
    openbaar.go(indicator="verdwenen", gemeente="0164")
    assert "Dit staat niet in deze versie van de cijfers: indicator ‘verdwenen’" in (openbaar.page.locator("#melding").text_content() or "")
    assert openbaar.page.input_value("#gemeente") == "0164"
    assert openbaar.rows()


def test_a_breakdown_that_the_next_indicator_lacks_is_let_go(openbaar: opened.Visit) -> None:
    openbaar.choose("indicator", "incidenten")
    openbaar.choose("uitsplitsing", "wijk")
    openbaar.choose("indicator", "leerplichtigen")
    assert openbaar.page.input_value("#uitsplitsing") == "geen"
    assert len(openbaar.rows()) == 6  # of gemeente onbekend it makes no sense
    assert "Niet van toepassing, en daarom niet getoond: Onbekend." in (openbaar.page.locator("#opmerkingen").text_content() or "")


@pytest.mark.parametrize(
    ("words", "first", "kind"),
    [
        ("thuiszitterstafel", "indicator=thuiszitterstafel_aanmeldingen", "Cijfer over thuiszitterstafel"),
        ("thuiszitter", "indicator=thuiszitters", "Cijfer over thuiszitters"),
        ("PV_LUXE", "indicator=pv_luxe_verzuim", "Cijfer over juridisch kader"),
        ("niet ingetrokken signaal", "indicator=absoluut_verzuim", "Cijfer over verzuim naar soort"),  # in the exact definition
        ("bekeuring", "indicator=pv_relatief_verzuim", "Cijfer over juridisch kader"),  # a synonym; an afloop `boete` may be rounded away
        ("spijbelen", "indicator=relatief_verzuim_jongeren&uitsplitsing=aanleiding&waarde=spijbelen", "Aanleiding"),
        ("ziek", "indicator=relatief_verzuim_jongeren&uitsplitsing=aanleiding&waarde=ziekte", "Aanleiding"),
        ("thuizsitters", "indicator=thuiszitters", "Cijfer over thuiszitters"),  # letters swapped
        ("vrijsteling 5a", "indicator=vrijstelling_5a", "Cijfer over vrijstellingen"),  # a letter left out
        ("hoeveel thuiszitters in Borne", "indicator=thuiszitters&gemeente=0147", "Cijfer over thuiszitters"),
        ("meldingen per maand hengelo", "indicator=meldingen_totaal&gemeente=0164&uitsplitsing=maand", "Cijfer over meldingen"),
        ("Hengelo", "indicator=verzuimpercentage&gemeente=0164", "Gemeente"),
        ("de bron", "indicator=relatief_verzuim_jongeren&uitsplitsing=school&waarde=09TB00", "School"),
        ("Voorbeeldcolege Borne", "indicator=relatief_verzuim_jongeren&uitsplitsing=school&waarde=90AG00", "School"),
        ("hasseler", "indicator=relatief_verzuim_jongeren&uitsplitsing=wijk&waarde=016403", "Wijk"),
    ],
)
def test_it_is_found_by_name_synonym_and_place_also_with_a_typing_error(words: str, first: str, kind: str, openbaar: opened.Visit) -> None:
    openbaar.page.fill("#zoek", words)
    found = openbaar.page.locator("#gevonden li")
    assert found.locator("a").first.get_attribute("href") == f"#{first}"
    assert found.locator(".soort").first.text_content() == kind
    assert int((openbaar.page.locator("#aantal-gevonden").text_content() or "").split()[0]) >= found.count() > 0
    openbaar.press("Enter")
    assert openbaar.page.evaluate("location.hash") == f"#{first}"
    assert openbaar.rows()
    assert not openbaar.page.locator("#gevonden").is_visible()
    assert openbaar.page.evaluate("document.activeElement.id") == "boodschap"


def test_a_search_that_finds_nothing_says_what_to_try(openbaar: opened.Visit) -> None:
    openbaar.page.fill("#zoek", "regenboog")
    told = openbaar.page.locator("#aantal-gevonden").text_content() or ""
    assert told.startswith("Niets gevonden voor ‘regenboog’. Probeer een ander of korter woord")
    assert openbaar.page.locator("#gevonden li").count() == 0


def test_a_release_without_synonyms_can_be_searched_too(browser: Browser, sources: dict[str, Source], tmp_path: Any) -> None:
    added = {"naam", "definitie_kort", "zoekwoorden", "tegel"}  # since contract version 3.2
    indicators = [{key: value for key, value in row.items() if key not in added} for row in sources["openbaar"].tables["indicatoren"]]
    source = replace(sources["openbaar"], tables={**sources["openbaar"].tables, "indicatoren": indicators})
    visit = opened.visit(browser, opened.rendered(tmp_path / "eerder", source))
    visit.go()
    visit.page.fill("#zoek", "thuiszitters borne")
    assert visit.page.locator("#gevonden a").first.get_attribute("href") == "#indicator=thuiszitters&gemeente=0147"
    assert visit.complaints == []


def test_the_definition_source_and_peildatum_stand_beside_the_figure(openbaar: opened.Visit, sources: dict[str, Source]) -> None:
    openbaar.choose("indicator", "leerplichtigen")
    told = openbaar.page.locator("#uitleg").text_content() or ""
    definition = next(row["definitie"] for row in sources["openbaar"].indicators if row["indicator"] == "leerplichtigen")
    assert definition in told
    assert "Twentse Onderwijs-Jeugdhulp monitor" in told
    assert "1 oktober 2023, 1 oktober 2024" in told


def test_a_trendbreuk_is_marked_where_there_is_one(openbaar: opened.Visit) -> None:
    openbaar.choose("indicator", "incidenten")
    assert openbaar.page.locator("#trendbreuk").is_visible()
    assert "trendbreuk" in (openbaar.page.locator("#grafiek").text_content() or "")
    openbaar.choose("indicator", "leerplichtigen")
    assert not openbaar.page.locator("#trendbreuk").is_visible()
    assert "trendbreuk" not in (openbaar.page.locator("#grafiek").text_content() or "")


# of the first some are withheld; the second is rounded, of onbekend to nothing, and may be hidden beside others
@pytest.mark.parametrize("indicator", ["absoluut_verzuim", "thuiszitters"])
def test_a_bar_is_as_long_as_its_figure_and_a_withheld_figure_has_none(
    indicator: str, openbaar: opened.Visit, sources: dict[str, Source]
) -> None:
    openbaar.go(indicator=indicator)
    rows = [row for row in sources["openbaar"].figures if row["indicator"] == indicator]
    values = sorted(row["waarde"] for row in rows if row["waarde"] is not None)
    withheld = [row for row in rows if row["waarde"] is None]
    assert max(values) > min(values) == 0
    assert withheld or indicator != "absoluut_verzuim"
    widths = openbaar.page.locator("#grafiek rect:has(title)").evaluate_all("all => all.map((one) => one.getBBox().width)")
    unit = max(widths) / max(values)
    assert sorted(widths) == pytest.approx([value * unit for value in values])
    texts = openbaar.page.locator("#grafiek text").all_text_contents()
    assert {row["weergave"] for row in rows if row["waarde"] is not None} <= {*texts}
    assert sum("een klein aantal" in text or "niet genoemd" in text for text in texts) == len(withheld)
    assert ("0–4" in texts) is (indicator == "thuiszitters")


def test_what_a_breakdown_leaves_out_is_told_of_gemeenten_and_of_the_regio(visits: dict[str, opened.Visit]) -> None:
    def told(zone: str, **chosen: str) -> list[str]:
        visits[zone].go(**chosen)
        return [text.partition(",")[2][:30] for text in visits[zone].page.locator("[data-afwezig]:visible").all_text_contents()]

    split = {"indicator": "meldingen_totaal", "uitsplitsing": "maand"}
    assert told("openbaar", **split) == [" komt 0 tot en met 4 keer voor", " komt in elke gemeente weinig "]
    assert told("openbaar", **split, gemeente="regio") == [" komt in elke gemeente weinig "]
    assert told("openbaar", indicator="meldingen_totaal") == []
    assert told("intern", **split) == []


def test_the_page_says_what_is_exact_and_why_the_rest_is_rounded(visits: dict[str, opened.Visit]) -> None:
    for zone, there in (("openbaar", True), ("intern", False)):
        visits[zone].go(indicator="meldingen_totaal")
        told = visits[zone].page.locator("#precies li").all_text_contents()
        assert any("afgerond op een veelvoud van 5, naar boven of naar beneden" in text for text in told) is there
        assert any("alleen schooljaren in die voorbij zijn" in text for text in told) is there
        assert any("van de regio kan de som zijn" in text for text in told) is there
        assert visits[zone].page.locator("#schooljaar-uitleg").count() == there
        assert {"ca.", "0–4", "<5", "x"} <= {*visits[zone].page.locator("#tekens dt").all_text_contents()}
        assert "In openbaarafgerond op een veelvoud van 5" in (visits[zone].page.locator("#uitleg").text_content() or "")


def test_without_a_chart_the_page_says_what_to_choose(openbaar: opened.Visit) -> None:
    openbaar.go(indicator="alle", gemeente="0147")
    assert not openbaar.page.locator("#grafiek").is_visible()
    assert "Kies één cijfer" in (openbaar.page.locator("#geen-grafiek").text_content() or "")
    openbaar.page.click("#tabel a:text-is('Thuiszitters')")
    openbaar.settle()
    assert openbaar.page.evaluate("location.hash") == "#indicator=thuiszitters&gemeente=0147"
    assert openbaar.page.locator("#grafiek").is_visible()


def bars(visit: opened.Visit) -> list[tuple[str, str]]:
    """Return what each bar tells, in their order, and how it looks."""
    script = "all => all.map((one) => [one.querySelector('title').textContent, one.getAttribute('class')])"
    found: list[list[str]] = visit.page.locator("#grafiek rect:has(title)").evaluate_all(script)
    return [(told, look) for told, look in found]


def test_months_are_columns_on_one_axis_with_both_schooljaren(openbaar: opened.Visit, sources: dict[str, Source]) -> None:
    openbaar.go(indicator="meldingen_totaal", gemeente="0164", uitsplitsing="maand")
    chosen = {"indicator": "meldingen_totaal", "gemeente_code": "0164", "uitsplitsing": "maand"}
    rows = [row for row in sources["openbaar"].breakdowns if chosen.items() <= row.items()]
    strong = {"2024-2025": "staaf", "2023-2024": "eerder"}
    expected = {
        (f"Hengelo, {row['uitsplitsing_label']}, {row['schooljaar']}: {row['weergave']}", strong[row["schooljaar"]]) for row in rows
    }
    assert len(rows) > 15
    assert {*bars(openbaar)} == expected
    places = openbaar.page.locator("#grafiek rect:has(title)").evaluate_all("all => all.map((one) => [one.textContent, one.getBBox().x])")
    at: dict[str, float] = dict(places)
    order = [told for told, _ in sorted(at.items(), key=lambda pair: pair[1])]
    months = [told.split(", ")[1].split(" ")[0] for told in order]
    assert months == sorted(months, key=SCHOOLJAAR.index)  # one axis: of both schooljaren the same month lies together
    texts = openbaar.page.locator("#grafiek text").all_text_contents()
    assert [text for text in texts if text in SHORT] == [text for text in SHORT if text in texts]
    last = {row["weergave"] for row in rows if row["schooljaar"] == "2024-2025"}
    assert last <= {*texts}  # labels stand at the columns themselves


SCHOOLJAAR = [
    "augustus", "september", "oktober", "november", "december", "januari", "februari", "maart", "april", "mei", "juni", "juli",
]  # fmt: skip
SHORT = ["aug", "sep", "okt", "nov", "dec", "jan", "feb", "mrt", "apr", "mei", "jun", "jul"]


def test_schools_lie_by_size_and_ages_in_their_own_order(openbaar: opened.Visit) -> None:
    openbaar.go(indicator="relatief_verzuim_jongeren", gemeente="0164", uitsplitsing="school")
    sizes = [int(told.rpartition("ca. ")[2]) for told, look in bars(openbaar) if look == "staaf"]
    assert len(sizes) > 5
    assert sizes == sorted(sizes, reverse=True)
    openbaar.go(indicator="relatief_verzuim_jongeren", gemeente="0164", uitsplitsing="leeftijd", schooljaar="2024-2025")
    ages = [int(told.split(", ")[1]) for told, _ in bars(openbaar)]
    assert len(ages) > 10
    assert ages == sorted(ages)
    openbaar.go(indicator="interventies", gemeente="0164", uitsplitsing="mas_route", schooljaar="2024-2025")
    routes = [told.split(", ")[1] for told, _ in bars(openbaar)]
    assert routes[:2] == ["Vrijwillige jeugdhulp", "Halt"]


def test_of_all_gemeenten_a_breakdown_is_a_panel_for_each(openbaar: opened.Visit) -> None:
    for kind in ("maand", "onderwijssoort", "wijk"):
        openbaar.go(indicator="meldingen_totaal", uitsplitsing=kind)
        drawn = {told.split(", ")[0] for told, _ in bars(openbaar)}
        assert {"Hengelo", "Borne"} <= drawn
        assert ("Regio" in drawn) is (kind != "wijk")  # of the regio the same wijken again
        titles = openbaar.page.locator("#grafiek text").all_text_contents()
        assert drawn <= {*titles}
        assert openbaar.page.locator("#grafiek").bounding_box()["height"] < 1500  # type: ignore[index]


def test_what_makes_no_sense_has_no_bar_and_is_told(openbaar: opened.Visit, sources: dict[str, Source]) -> None:
    openbaar.go(indicator="verzuimpercentage")
    rows = [row for row in sources["openbaar"].figures if row["indicator"] == "verzuimpercentage"]
    assert any(row["status"] == "niet_van_toepassing" for row in rows)
    assert "Onbekend" not in " ".join(openbaar.page.locator("#grafiek text").all_text_contents())
    assert "Niet van toepassing, en daarom niet getoond: Onbekend." in openbaar.page.locator("#opmerkingen li").all_text_contents()


def test_of_many_schooljaren_a_series_is_columns_and_a_breakdown_shows_the_last_two(
    browser: Browser, sources: dict[str, Source], tmp_path: Any
) -> None:
    visit = opened.visit(browser, opened.rendered(tmp_path / "regio", opened.region(sources["openbaar"])))
    visit.go(indicator="thuiszitters", gemeente="0003")
    drawn = bars(visit)
    assert [told.split(", ")[1][:9] for told, _ in drawn] == [f"{year}-{year + 1}" for year in range(2015, 2025)]
    assert [look for _, look in drawn] == [*["eerder"] * 9, "staaf"]
    visit.go(indicator="meldingen_totaal", gemeente="0003", uitsplitsing="maand")
    assert {told.rpartition(", ")[2].partition(":")[0] for told, _ in bars(visit)} == {"2023-2024", "2024-2025"}
    assert (
        "De grafiek toont de laatste 2 schooljaren. De tabel toont ze allemaal."
        in visit.page.locator("#opmerkingen li").all_text_contents()
    )
    visit.go(indicator="meldingen_totaal")
    assert {told.split(", ")[0] for told, _ in bars(visit)} == {f"Gemeente {at:04}" for at in range(1, 15)} | {"Regio"}
    assert visit.complaints == []


def test_every_bar_and_every_figure_in_the_message_is_one_of_the_release(openbaar: opened.Visit, sources: dict[str, Source]) -> None:
    numbers = 0
    for indicator in [row["indicator"] for row in sources["openbaar"].indicators]:
        for gemeente in ("alle", "0147"):
            openbaar.page.evaluate("(hash) => { location.hash = hash; }", f"#indicator={indicator}&gemeente={gemeente}")
            openbaar.settle()
            rows = [
                row for row in sources["openbaar"].figures if row["indicator"] == indicator and gemeente in ("alle", row["gemeente_code"])
            ]
            filled = [row for row in rows if row["waarde"] is not None or row["percentage"] is not None]
            drawn = {told for told, _ in bars(openbaar)}
            told = " ".join(openbaar.page.locator("#opmerkingen li").all_text_contents())
            left_out = "regio" if "De regio staat alleen in de tabel" in told else ""
            assert drawn == {
                f"{row['gemeente']}, {row['schooljaar']}: {row['weergave']}" for row in filled if row["gemeente_code"] != left_out
            }, indicator
            message = openbaar.page.locator("#boodschap").text_content() or ""
            known = {figure for row in rows for figure in (row["weergave"].removeprefix("ca. "), *differences(row))} | {"0", "4"}
            name = next(row["naam"] for row in sources["openbaar"].indicators if row["indicator"] == indicator)
            rest = re.sub(r"\d{4}-\d{4}", "", message.removeprefix(name))
            found = re.findall(r"<?\d[\d.]*(?:,\d+)?%?", rest)
            assert {one.rstrip(".") for one in found} <= known, message
            numbers += len(found)
    assert numbers > 250


def differences(row: Row) -> list[str]:
    """Return a published difference as a sentence says it: without a sign."""
    count_of, points = row["verschil"], row["verschil_punten"]
    return [count(abs(count_of))] if count_of is not None else [decimal(abs(points), 2)] if points is not None else []


OCW = "ocw_relatief_per_1000"


@pytest.fixture(scope="module")
def compared(browser: Browser, sources: dict[str, Source], tmp_path_factory: pytest.TempPathFactory) -> tuple[opened.Visit, Source]:
    """The portal of a release with figures of the country and two RMC-regio's beside all indicators."""
    source = opened.beside_others(sources["openbaar"])
    return opened.visit(browser, opened.rendered(tmp_path_factory.mktemp("naast") / "openbaar", source)), source


def test_the_country_and_the_rmc_regio_stand_beside_our_own_ocw(compared: tuple[opened.Visit, Source]) -> None:
    visit, source = compared
    visit.go(indicator=OCW, gemeente="0164")
    section = visit.page.locator("#anderen")
    lines = section.locator("tbody tr").evaluate_all("all => all.map((row) => [...row.cells].map((cell) => cell.textContent))")
    own = {row["schooljaar"]: row["weergave"] for row in source.figures if (row["indicator"], row["gemeente_code"]) == (OCW, "0164")}
    headings = section.locator("thead th").all_text_contents()
    assert headings == ["Gebied", "2022-2023", "2023-2024", "2024-2025"]
    assert lines == [
        ["Hengelo", "", own["2023-2024"], own["2024-2025"]],
        ["Nederland, per kalenderjaar (DUO)", "27", "", ""],
        ["RMC-regio 12 (DUO)", "", "31,5", ""],
    ]
    told = section.locator("li").all_text_contents()
    assert told[0] == "DUO: gepubliceerd op 1 maart 2025, licentie CC0 1.0. Vindplaats: DUO, verzuimcijfers 2024"
    visit.choose("gemeente", "alle")
    assert section.locator("tbody th").all_text_contents()[:3] == ["Hengelo", "Borne", "Regio"]


def test_beside_no_other_indicator_stands_anything_of_others(compared: tuple[opened.Visit, Source]) -> None:
    visit, source = compared
    shown = []
    for row in source.indicators:
        visit.go(indicator=row["indicator"])
        if visit.page.locator("#anderen").is_visible():
            shown.append(row["indicator"])
    assert len(source.indicators) > 50
    assert shown == [OCW, "ocw_relatief_herhaald_per_1000", "ocw_absoluut_per_1000"]
    visit.go(indicator="alle")
    assert not visit.page.locator("#anderen").is_visible()


def test_what_only_others_count_stands_by_itself(compared: tuple[opened.Visit, Source], openbaar: opened.Visit) -> None:
    visit, _ = compared
    visit.go(indicator="incidenten")
    alone = visit.page.locator("#alleen-anderen table")
    assert alone.locator("caption").text_content() == "Nieuwe voortijdig schoolverlaters"
    assert alone.locator("tbody tr").all_text_contents() == ["2023-20241,64%"]
    assert openbaar.page.locator("#alleen-anderen").count() == 0


def test_figures_of_others_break_no_rule_of_wcag(compared: tuple[opened.Visit, Source]) -> None:
    visit, _ = compared
    visit.go(indicator=OCW)
    assert visit.page.locator("#anderen").is_visible()
    assert opened.violations(visit) == []
    visit.page.set_viewport_size({"width": 320, "height": 640})
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    assert visit.complaints == []


def test_names_that_would_be_markup_are_only_text(browser: Browser, sources: dict[str, Source], tmp_path: Any) -> None:
    source = opened.hostile(sources["openbaar"])
    visit = opened.visit(browser, opened.rendered(tmp_path / "vijandig", source))
    for file in ("index.html", "cijfers.html", "releases.html", "woordenboek.html", "kwaliteit.html"):
        visit.go(file)
    visit.go(indicator="alle")
    before, names = places(source), names_of(source)
    assert sorted(visit.rows()) == sorted(shown(row, before, names) for row in source.figures if is_shown(row))
    visit.go(indicator="totaal_jongeren")
    assert opened.IMAGE in (visit.page.locator("#grafiek").text_content() or "")
    visit.page.fill("#zoek", "script")
    assert visit.page.locator("#gevonden a").all_text_contents()[0] == opened.MARKUP
    assert visit.page.title().startswith(opened.MARKUP)
    assert visit.page.locator("main img, main script").count() == 0
    assert visit.complaints == []
    assert visit.leaves() == []


def test_no_request_left_the_machine_and_no_error_was_logged(visits: dict[str, opened.Visit]) -> None:
    for visit in visits.values():
        visit.go()
        assert any(url.endswith("data.js") for url in visit.requests)
        assert visit.leaves() == []
        assert visit.complaints == []
