"""The portal shows exactly the figures of the release, however they are selected, sorted, searched or drawn."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import opened
import pytest
from conftest import Night
from playwright.sync_api import Browser

from orchestration.publication.renderings.source import Source
from orchestration.publication.weergave import count, decimal

Row = dict[str, Any]
TITLES = ["Schooljaar", "Gemeente", "Indicator", "Cijfer", "Eenheid", "Vorig schooljaar", "Verschil", "Verschil in %", "Let op"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened.browser() as made:
        yield made


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


def signed(value: int | Decimal | None, text: str) -> str:
    return f"+{text}" if value is not None and value > 0 else text


def shown(row: Row) -> list[str]:
    """Return the expected cells of a row, formatted by the module that formats all figures."""
    before = count(row["vorige_waarde"]) if row["vorige_waarde"] is not None else ""
    change = count(row["verschil"]) if row["verschil"] is not None else ""
    if row["vorig_percentage"] is not None:
        before = decimal(row["vorig_percentage"], 2)
    if row["verschil_punten"] is not None:
        change = decimal(row["verschil_punten"], 2)
    share = decimal(row["verschil_percentage"], 1) if row["verschil_percentage"] is not None else ""
    unit = {"per_1000": "per 1.000 jongeren"}.get(row["eenheid"], row["eenheid"])
    difference = row["verschil"] if row["verschil"] is not None else row["verschil_punten"]
    numbers = [row["weergave"], unit, before, signed(difference, change), signed(row["verschil_percentage"], share)]
    return [row["schooljaar"], row["gemeente"], row["label"], *numbers, "trendbreuk" if row["trendbreuk"] else ""]


@pytest.mark.parametrize("zone", ["openbaar", "intern"])
def test_every_figure_of_the_release_is_shown_as_it_stands(zone: str, visits: dict[str, opened.Visit], sources: dict[str, Source]) -> None:
    visits[zone].go(indicator="alle")
    assert visits[zone].headings() == TITLES
    expected = sorted(shown(row) for row in sources[zone].figures)
    assert len(expected) > 400
    assert sorted(visits[zone].rows()) == expected


@pytest.mark.parametrize("zone", ["openbaar", "intern"])
def test_every_breakdown_of_the_release_is_shown_as_it_stands(
    zone: str, visits: dict[str, opened.Visit], sources: dict[str, Source]
) -> None:
    visit, rows = visits[zone], sources[zone].breakdowns
    visit.go(indicator="alle")
    kinds = {row["uitsplitsing"] for row in rows}
    assert {"geen", *kinds} == set(visit.page.locator("#uitsplitsing option").evaluate_all("all => all.map((one) => one.value)"))
    seen = 0
    for kind in sorted(kinds):
        visit.choose("uitsplitsing", kind)
        own = [shown(row) for row in rows if row["uitsplitsing"] == kind]
        on_page = [row[:3] + row[4:] for row in visit.rows()]  # another test checks the label of the value
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
    assert openbaar.page.locator("#melding").text_content() == (
        f"Relatief verzuim: aantal jongeren naar leeftijd, Borne, schooljaar 2024-2025: {len(rows)} rijen."
    )
    hidden = [cell.is_visible() for cell in openbaar.page.locator("#tabel thead th").all()[:4]]
    assert hidden == [False, False, False, True]  # columns with one value are in the caption


@pytest.mark.parametrize("direction", ["ascending", "descending"])
def test_a_withheld_figure_sorts_after_every_number(direction: str, openbaar: opened.Visit, sources: dict[str, Source]) -> None:
    openbaar.go(indicator="alle", gemeente="0147", schooljaar="2024-2025")
    openbaar.sort("cijfer")
    if direction == "descending":
        openbaar.sort("cijfer")
    assert openbaar.page.locator("#tabel th[aria-sort]").get_attribute("aria-sort") == direction
    rows = [row for row in sources["openbaar"].figures if (row["gemeente_code"], row["schooljaar"]) == ("0147", "2024-2025")]
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
    assert "Niet in deze release: indicator ‘verdwenen’" in (openbaar.page.locator("#melding").text_content() or "")
    assert openbaar.page.input_value("#gemeente") == "0164"
    assert openbaar.rows()


def test_a_breakdown_that_the_next_indicator_lacks_is_let_go(openbaar: opened.Visit) -> None:
    openbaar.choose("indicator", "incidenten")
    openbaar.choose("uitsplitsing", "wijk")
    openbaar.choose("indicator", "leerplichtigen")
    assert openbaar.page.input_value("#uitsplitsing") == "geen"
    assert len(openbaar.rows()) == 8


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("thuiszitterstafel", "thuiszitterstafel_aanmeldingen"),
        ("PV_LUXE", "pv_luxe_verzuim"),
        ("niet ingetrokken signaal", "absoluut_verzuim"),
    ],
)
def test_an_indicator_is_found_by_label_code_and_definition(words: str, first: str, openbaar: opened.Visit) -> None:
    openbaar.page.fill("#zoek", words)
    found = openbaar.page.locator("#gevonden li")
    assert (openbaar.page.locator("#aantal-gevonden").text_content() or "").startswith(str(found.count()))
    openbaar.press("Enter")
    assert openbaar.page.input_value("#indicator") == first
    assert not openbaar.page.locator("#gevonden").is_visible()
    assert openbaar.page.evaluate("document.activeElement.id") == "indicator"


def test_a_search_that_finds_nothing_says_so(openbaar: opened.Visit) -> None:
    openbaar.page.fill("#zoek", "regenboog")
    assert openbaar.page.locator("#aantal-gevonden").text_content() == "Geen indicatoren gevonden."
    assert openbaar.page.locator("#gevonden li").count() == 0


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


def test_a_bar_is_as_long_as_its_figure_and_a_withheld_figure_has_none(openbaar: opened.Visit, sources: dict[str, Source]) -> None:
    openbaar.go(indicator="relatief_verzuim_jongeren", gemeente="0147", uitsplitsing="leeftijd")
    rows = [
        row
        for row in sources["openbaar"].breakdowns
        if (row["indicator"], row["gemeente_code"], row["uitsplitsing"]) == ("relatief_verzuim_jongeren", "0147", "leeftijd")
    ]
    values = sorted(row["waarde"] for row in rows if row["waarde"] is not None)
    withheld = [row["weergave"] for row in rows if row["waarde"] is None]
    assert values
    assert withheld
    widths = openbaar.page.locator("#grafiek rect").evaluate_all("all => all.map((one) => one.getBBox().width)")
    unit = max(widths) / max(values)
    assert sorted(widths) == pytest.approx([value * unit for value in values])
    texts = openbaar.page.locator("#grafiek text").all_text_contents()
    assert sum("niet genoemd" in text for text in texts) == len(withheld)


@pytest.mark.parametrize("chosen", [{"indicator": "alle"}, {"indicator": "incidenten", "uitsplitsing": "wijk"}])
def test_without_a_chart_the_page_says_what_to_choose(chosen: dict[str, str], openbaar: opened.Visit) -> None:
    openbaar.go(**chosen)
    assert not openbaar.page.locator("#grafiek").is_visible()
    assert "Kies één" in (openbaar.page.locator("#geen-grafiek").text_content() or "")


def test_names_that_would_be_markup_are_only_text(browser: Browser, sources: dict[str, Source], tmp_path: Any) -> None:
    source = opened.hostile(sources["openbaar"])
    visit = opened.visit(browser, opened.rendered(tmp_path / "vijandig", source))
    for file in ("index.html", "veranderd.html", "woordenboek.html", "kwaliteit.html"):
        visit.go(file)
    visit.go(indicator="alle")
    assert sorted(visit.rows()) == sorted(shown(row) for row in source.figures)
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
