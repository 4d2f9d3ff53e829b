"""The portal is accessible: by keyboard alone, with a screen reader, on a phone, in dark mode, in print, without scripts."""

from dataclasses import replace
from typing import Any

import opened
import pytest
from conftest import Night
from playwright.sync_api import Browser

from orchestration.publication.renderings.source import Source

PAGES = ("index.html", "cijfers.html", "insluiten.html", "releases.html", "woordenboek.html", "kwaliteit.html")
DIFFERENT = ("cijfers.html", "insluiten.html", "releases.html")  # on these pages, intern differs in more than longer lists
EVERY_KIND: tuple[dict[str, str], ...] = (
    {"indicator": "thuiszitters"},
    {"indicator": "thuiszitters", "gemeente": "0147"},
    {"indicator": "meldingen_totaal", "gemeente": "0164", "uitsplitsing": "maand"},
    {"indicator": "meldingen_totaal", "uitsplitsing": "onderwijssoort"},
    {"indicator": "relatief_verzuim_jongeren", "uitsplitsing": "school", "waarde": "09TB00"},
    {"indicator": "alle", "gemeente": "0147"},
)
OUTSIDE = """() => [...document.querySelectorAll('#grafiek text')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth || one.getBoundingClientRect().left < 0)
  .map((one) => one.textContent)"""
SPLIT = {"indicator": "relatief_verzuim_jongeren", "gemeente": "0147", "uitsplitsing": "leeftijd"}


@pytest.fixture(scope="module")
def visit(browser: Browser, source: Source, tmp_path_factory: pytest.TempPathFactory) -> opened.Visit:
    return opened.visit(browser, opened.rendered(tmp_path_factory.mktemp("portaal") / "openbaar", source))


@pytest.fixture(scope="module")
def changed(browser: Browser, night: Night, source: Source, tmp_path_factory: pytest.TempPathFactory) -> opened.Visit:
    """The portal of `intern`, with `openbaar` as its previous release: this gives every kind of change."""
    intern = replace(opened.hostile(opened.released(night.lake.published("intern"))), status="definitief")
    return opened.visit(browser, opened.rendered(tmp_path_factory.mktemp("portaal") / "intern", intern, source))


@pytest.mark.parametrize("file", PAGES)
def test_no_page_breaks_a_rule_of_wcag(file: str, visit: opened.Visit, changed: opened.Visit) -> None:
    for one in (visit, changed) if file in DIFFERENT else (visit,):
        one.go(file)
        assert opened.violations(one) == []


def test_no_state_of_the_page_breaks_a_rule_of_wcag(visit: opened.Visit) -> None:
    visit.go(**SPLIT)
    visit.sort("cijfer")
    visit.page.fill("#zoek", "verzuim")
    assert opened.violations(visit) == []
    visit.page.fill("#zoek", "")
    for summary in visit.page.locator("summary").all():
        summary.click()
    assert opened.violations(visit) == []
    visit.go(indicator="onbekend")
    assert opened.violations(visit) == []


def test_axe_sees_what_is_wrong(visit: opened.Visit) -> None:
    visit.go()
    visit.page.evaluate("document.querySelector('label[for=gemeente]').remove()")
    visit.page.evaluate("document.querySelector('#boodschap').style.color = '#ccc'")
    assert {"select-name", "color-contrast"} <= {rule for rule, _ in opened.violations(visit)}


@pytest.mark.parametrize("context", [{"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}], ids=["donker", "telefoon"])
def test_dark_mode_and_a_phone_break_no_rule_of_wcag(context: dict[str, Any], browser: Browser, visit: opened.Visit) -> None:
    other = opened.visit(browser, visit.folder, **context)
    for file in PAGES:
        other.go(file)
        assert other.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), file
    other.go(**SPLIT)
    assert opened.violations(other) == []
    assert other.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dark = other.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == ("color_scheme" in context)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_explorer_breaks_no_rule_at_any_width(width: int, scheme: Any, browser: Browser, visit: opened.Visit) -> None:
    other = opened.visit(browser, visit.folder, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for chosen in EVERY_KIND:
        other.go(**chosen)
        assert opened.violations(other) == [], chosen
        assert other.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), chosen
        assert other.page.evaluate(OUTSIDE) == [], chosen


def test_at_a_zoom_of_400_percent_nothing_is_lost(browser: Browser, visit: opened.Visit) -> None:
    """WCAG 1.4.10: at 400 % a window of 1280 pixels is one of 320, with as many pixels of the screen to each as before."""
    other = opened.visit(browser, visit.folder, viewport={"width": 320, "height": 256}, device_scale_factor=4)
    for chosen in EVERY_KIND:
        other.go(**chosen)
        assert opened.violations(other) == [], chosen
        assert other.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), chosen


@pytest.mark.parametrize("chosen", [{"indicator": "thuiszitters"}, SPLIT, {"indicator": "meldingen_totaal", "uitsplitsing": "school"}])
def test_on_a_phone_the_figure_is_the_second_column_and_needs_no_scrolling(
    chosen: dict[str, str], browser: Browser, visit: opened.Visit
) -> None:
    other = opened.visit(browser, visit.folder, viewport={"width": 360, "height": 740})
    other.go(**chosen)
    first = other.page.locator("#tabel tbody tr").first
    visible = [cell for cell in first.locator("th, td").all() if cell.is_visible()]
    assert "cijfer" in (visible[1].get_attribute("class") or "")
    box = visible[1].bounding_box()
    assert box is not None and box["x"] + box["width"] <= 360
    told = other.page.evaluate("(row) => getComputedStyle(row.cells[0], '::after').content", first.element_handle())
    hidden = first.locator(".sleutel").all_text_contents()
    assert told == (f'"{", ".join(hidden)}"' if hidden else "none")  # under the head of the row stands what it is about


def press_until(visit: opened.Visit, selector: str, key: str = "Tab", at_most: int = 60) -> None:
    for _ in range(at_most):
        visit.press(key)
        outline = visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", visit.page.evaluate("document.activeElement.outerHTML")
        if visit.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is niet bereikt")


def test_by_keyboard_alone_a_table_is_chosen_sorted_and_downloaded(visit: opened.Visit) -> None:
    visit.go()
    visit.press("Tab")
    assert visit.page.evaluate("document.activeElement.id") == "naar-inhoud"
    visit.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "inhoud"
    press_until(visit, "#zoek")
    visit.page.keyboard.type("incidenten")
    press_until(visit, "#gevonden a")
    visit.press("Enter")
    assert visit.page.input_value("#indicator") == "incidenten"
    assert visit.page.evaluate("document.activeElement.id") == "boodschap"
    press_until(visit, "#schooljaar", "Shift+Tab")
    visit.press("ArrowDown")
    press_until(visit, "#uitsplitsing")
    visit.page.keyboard.type("wijk")
    visit.settle()
    press_until(visit, '[data-column="cijfer"]')
    visit.press("Enter")
    assert visit.page.evaluate("document.activeElement.dataset.column") == "cijfer"  # the table was rebuilt; focus stays
    assert visit.page.locator("#tabel th[aria-sort=ascending]").count() == 1
    caption = visit.page.locator("#tabel caption").text_content()
    assert caption == "Incidenten naar wijk, alle gemeenten, schooljaar 2023-2024"
    press_until(visit, '[data-bestand="csv"]', "Shift+Tab")
    with visit.page.expect_download() as waited:
        visit.press("Enter")
    assert waited.value.suggested_filename == "leerplicht_openbaar_incidenten_wijk_alle_2023-2024.csv"
    press_until(visit, "#zoek", "Shift+Tab")  # focus does not get stuck anywhere


def test_a_screen_reader_announces_what_is_shown(visit: opened.Visit) -> None:
    visit.go()
    before = visit.page.locator("#melding").text_content()
    visit.choose("gemeente", "0164")
    told = visit.page.locator("#melding")
    assert told.get_attribute("role") == "status"
    assert told.text_content() != before
    assert "Hengelo" in (told.text_content() or "")
    assert visit.page.locator("#grafiek svg").get_attribute("role") == "img"
    assert visit.page.locator("#grafiek svg").get_attribute("aria-label")
    assert visit.page.get_by_role("table", name="Verzuimpercentage, Hengelo, alle schooljaren").count() == 1


def test_reduced_motion_disables_animation(browser: Browser, visit: opened.Visit) -> None:
    for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        other = opened.visit(browser, visit.folder, reduced_motion=wish)
        other.go()
        assert other.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour


def test_in_print_only_the_figures_and_their_meaning_are_left(visit: opened.Visit) -> None:
    visit.go(**SPLIT)
    visit.page.emulate_media(media="print")
    for selector, there in (
        ("#keuze", False),
        (".daden", False),
        ("#boodschap", True),
        ("#uitleg", True),
        ("nav", False),
        ("#tabel table", True),
        ("#grafiek", True),
        ("#tekens", True),
    ):
        assert visit.page.locator(selector).first.is_visible() == there, selector
    visit.page.emulate_media(media="screen")


def test_without_scripts_the_page_says_where_the_figures_are(browser: Browser, visit: opened.Visit) -> None:
    other = opened.visit(browser, visit.folder, java_script_enabled=False)
    other.go()
    assert "factsheet" in (other.page.locator("noscript").text_content() or "")
    links = other.page.locator("noscript a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert len(links) >= 5  # two gemeenten, the regio, the dictionary and the releases
    assert all((visit.folder / link).is_file() for link in links)
    other.go("woordenboek.html")
    assert other.page.locator(".begrip").count() > 50


def test_intern_carries_a_banner_on_every_page_and_openbaar_on_none(visit: opened.Visit, changed: opened.Visit) -> None:
    for file in PAGES:
        for one, banners in ((visit, 0), (changed, 1)):
            one.go(file)
            assert one.page.get_by_text("INTERN – niet publiceren").count() == banners
            if file == "insluiten.html":
                continue  # it stands inside another page, without head and menu
            assert one.page.locator("header .status").text_content() == ("definitief" if banners else "voorlopig")
            assert one.page.locator("nav a[aria-current=page]").get_attribute("href") == file


def test_no_request_left_the_machine_and_no_error_was_logged(visit: opened.Visit, changed: opened.Visit) -> None:
    for one in (visit, changed):
        assert one.requests
        assert one.leaves() == []
        assert one.complaints == []
