"""The front page, the pages of the regio and of each gemeente, and the releases: what a reader sees, on any screen, and without scripts."""

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import opened
import pytest
from playwright.sync_api import Browser

from orchestration import brand
from orchestration.publication.renderings.portal import feed
from orchestration.publication.renderings.sender import Colours, Logo, Sender
from orchestration.publication.renderings.source import Source

PAGES = ("index.html", "regio.html", "gemeente-0164.html", "releases.html")
FIGURES = PAGES[:3]
MOST_BYTES = 300_000
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#7a1f5c"/></svg>'
SENDER = Sender(
    name="Leerplicht Hengelo en Borne",
    colours=Colours.of("#7a1f5c"),
    logo=Logo(LOGO, brand.SVG),
    contact="leerplicht@gemeente.example",
    licence="https://creativecommons.org/licenses/by/4.0/",
    address="https://cijfers.gemeente.example/leerplicht/",
)
SHOWN = "all => all.map((one) => [one.dataset.cijfer, one.textContent])"


@pytest.fixture(scope="module")
def folder(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened.rendered(tmp_path_factory.mktemp("voorkant") / "openbaar", source, sender=SENDER)


@pytest.fixture(scope="module")
def visit(browser: Browser, folder: Path) -> opened.Visit:
    return opened.visit(browser, folder)


@pytest.fixture(scope="module")
def region(browser: Browser, source: Source, tmp_path_factory: pytest.TempPathFactory) -> opened.Visit:
    """The portal of fourteen gemeenten, with long names, and their regio."""
    return opened.visit(browser, opened.rendered(tmp_path_factory.mktemp("voorkant") / "regio", fourteen(source)))


def fourteen(source: Source) -> Source:
    codes = {f"{at:04}": f"Rijssen-Holten aan de IJssel {at}" for at in range(1, 15)}

    def many(rows: Any) -> list[Any]:
        kept = [row for row in rows if row["gemeente_code"] == "regio"]
        own = [row for row in rows if row["gemeente_code"] == "0164"]
        return [*({**row, "gemeente_code": code, "gemeente": name} for code, name in codes.items() for row in own), *kept]

    tables = {**source.tables, "kerncijfers": many(source.figures), "uitsplitsingen": many(source.breakdowns)}
    return replace(source, tables=tables)


def is_too_wide(visit: opened.Visit) -> bool:
    return bool(visit.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("width", [320, 360, 768, 1440])  # 320 is what 1280 becomes at a zoom of 400 %
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_wcag_or_is_wider_than_the_screen(width: int, scheme: Any, browser: Browser, folder: Path) -> None:
    visit = opened.visit(browser, folder, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for file in PAGES:
        visit.go(file)
        assert opened.violations(visit) == [], file
        assert not is_too_wide(visit), file
        small = visit.page.locator(".staafjes").evaluate_all("all => all.filter((one) => one.getBoundingClientRect().width < 90).length")
        assert small == 0
    assert (visit.complaints, visit.leaves()) == ([], [])


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_a_region_of_fourteen_stays_usable(width: int, region: opened.Visit) -> None:
    region.page.set_viewport_size({"width": width, "height": 900})
    for file in ("index.html", "regio.html", "gemeente-0007.html"):
        region.go(file)
        assert opened.violations(region) == [], file
        assert not is_too_wide(region), file
    region.go("index.html")
    assert region.page.locator("#gemeenten tbody tr").count() == 15
    region.page.get_by_role("link", name="Gemeenten").click()
    region.page.get_by_role("link", name="Rijssen-Holten aan de IJssel 9", exact=True).click()
    assert region.page.locator("h1").text_content() == "Leerplicht in Rijssen-Holten aan de IJssel 9, schooljaar 2024-2025"


@pytest.mark.parametrize("file", FIGURES)
def test_every_figure_on_the_screen_is_the_releases(file: str, visit: opened.Visit, source: Source) -> None:
    visit.go(file)
    shown = {f"{row['gemeente_code']} {row['schooljaar']} {row['indicator']}": row["weergave"] for row in source.figures}
    found = visit.page.locator("[data-cijfer]").evaluate_all(SHOWN)
    assert len(found) > 30
    assert [(key, text) for key, text in found if text != shown[key]] == []


def test_the_front_page_tells_the_year_in_five_to_seven_tiles(visit: opened.Visit, source: Source) -> None:
    visit.go("index.html")
    assert visit.page.locator("h1").text_content() == "Leerplicht in de regio, schooljaar 2024-2025"
    chosen = sorted((row for row in source.indicators if row["tegel"]), key=lambda row: row["tegel"])
    assert visit.page.locator(".tegel h3").all_text_contents() == [row["naam"] for row in chosen]
    assert 5 <= len(chosen) <= 7
    for at, row in enumerate(chosen):
        tile = visit.page.locator(".tegel").nth(at)
        assert tile.locator("[data-cijfer]").first.get_attribute("data-cijfer") == f"regio 2024-2025 {row['indicator']}"
        assert tile.locator("h3 a").get_attribute("href") == f"cijfers.html#indicator={row['indicator']}&gemeente=regio"
        assert row["definitie_kort"] in (tile.text_content() or "")
        assert tile.locator(".zin").text_content()


def test_each_comparison_over_a_break_says_so_and_the_reason_is_told(visit: opened.Visit, source: Source) -> None:
    rows = [row for row in source.figures if row["trendbreuk"] and row["schooljaar"] == "2024-2025"]
    broken, [reason] = {row["indicator"] for row in rows}, {row["trendbreuk_reden"] for row in rows}
    for file in FIGURES:
        visit.go(file)
        seen = 0
        for item in visit.page.locator(".tegel, .veranderd li").all():
            code = (item.locator("a").first.get_attribute("href") or "").partition("indicator=")[2].partition("&")[0]
            is_broken = code in broken and item.locator(".richting").count() == 1
            assert item.locator(".breuk-merk").count() == is_broken, code
            assert ("zijn niet goed te vergelijken" in (item.text_content() or "")) is is_broken
            seen += is_broken
        assert seen >= 2
        assert reason in (visit.page.locator(".breuken").text_content() or "")


def test_a_gemeente_stands_beside_its_regio(visit: opened.Visit) -> None:
    visit.go("gemeente-0164.html")
    keys = visit.page.locator(".ernaast [data-cijfer]").evaluate_all(SHOWN)
    assert len(keys) == visit.page.locator(".tegel").count()
    assert all(key.startswith("regio 2024-2025 ") for key, _ in keys)
    visit.go("regio.html")
    assert visit.page.locator(".ernaast").count() == 0


def test_without_scripts_the_year_a_gemeente_and_a_subject_are_found(browser: Browser, folder: Path) -> None:
    plain = opened.visit(browser, folder, java_script_enabled=False)
    plain.go("index.html")
    assert plain.page.locator(".tegel .groot").first.is_visible()
    plain.page.get_by_role("link", name="Vrijstellingen, aanvullend").click()
    assert plain.page.url.endswith("regio.html#tabel-vrijstellingen_aanvullend")
    assert plain.page.locator("#tabel-vrijstellingen_aanvullend table").is_visible()  # it was folded
    plain.page.get_by_role("link", name="Borne").click()
    assert plain.page.locator("h1").text_content() == "Leerplicht in Borne, schooljaar 2024-2025"


def test_the_search_field_of_the_front_page_leads_to_what_was_found(visit: opened.Visit) -> None:
    visit.go("index.html")
    visit.page.fill("#zoek", "boete")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#gevonden a")
    assert visit.page.input_value("#zoek") == "boete"
    assert "Processen-verbaal" in (visit.page.locator("#gevonden").text_content() or "")


def test_a_tile_opens_the_explorer_with_the_same_figure(visit: opened.Visit) -> None:
    visit.go("index.html")
    told = visit.page.locator(".tegel").nth(1).locator("[data-cijfer]").first.text_content() or ""
    visit.page.locator(".tegel h3 a").nth(1).click()
    visit.page.wait_for_selector("#figuur[aria-busy=false]")
    assert visit.page.input_value("#gemeente") == "regio"
    assert told in (visit.page.locator("#boodschap").text_content() or "") + (visit.page.locator("#tabel").text_content() or "")


@pytest.mark.parametrize("address", ["#indicator=thuiszitters", "#gemeente=0164&indicator=incidenten"])
def test_an_old_address_of_the_explorer_leads_to_it(address: str, visit: opened.Visit) -> None:
    visit.page.goto("about:blank")
    visit.page.goto((visit.folder / "index.html").as_uri() + address)
    visit.page.wait_for_url(f"**/cijfers.html{address}")
    visit.page.goto("about:blank")
    visit.page.goto((visit.folder / "index.html").as_uri() + "#gemeenten")
    assert visit.page.url.endswith("index.html#gemeenten")


def test_by_keyboard_alone_a_gemeente_is_reached_and_focus_is_seen(visit: opened.Visit) -> None:
    visit.go("index.html")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.id") == "naar-inhoud"
    reached = []
    for _ in range(60):
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        reached.append(visit.page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.id"))
        if reached[-1] == "gemeente-0147.html":
            break
    assert "cijfers.html" in reached and "cijfers.html#indicator=thuiszitters&gemeente=regio" in reached
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/gemeente-0147.html")


def test_in_print_the_tiles_and_tables_are_left(visit: opened.Visit) -> None:
    visit.page.emulate_media(media="print")
    for file in FIGURES:
        visit.go(file)
        for selector, there in ((".tegel .groot", True), (".staafjes", True), ("nav", False), ("footer .verwijzing", True)):
            assert visit.page.locator(selector).first.is_visible() is there, (file, selector)
        assert opened.violations(visit) == []
    visit.go("index.html")
    assert not visit.page.locator(".zoeken").is_visible()
    visit.page.emulate_media(media="screen")


def test_who_publishes_is_on_every_page_with_logo_colour_contact_licence_and_how_to_cite(visit: opened.Visit, source: Source) -> None:
    for file in (*PAGES, "cijfers.html", "woordenboek.html", "kwaliteit.html"):
        visit.go(file)
        assert visit.page.locator("header .van").text_content() == SENDER.name
        assert visit.page.evaluate("document.querySelector('.logo').naturalWidth") == 120
        assert visit.page.evaluate("getComputedStyle(document.querySelector('.kop')).backgroundColor") == "rgb(122, 31, 92)"
        told = visit.page.locator("footer").text_content() or ""
        for text in (SENDER.name, SENDER.contact, SENDER.licence_name, SENDER.citation(source), source.release, source.status):
            assert text and text in told
        assert visit.page.locator("footer a[href^='mailto:']").count() == 1
        assert visit.page.locator("link[type='application/atom+xml']").get_attribute("href") == feed.FILE
    assert (visit.folder / feed.FILE).is_file()


def test_a_status_and_a_running_schooljaar_are_said(browser: Browser, source: Source, tmp_path: Path) -> None:
    for status, told in (("voorlopig", "ze kunnen nog veranderen"), ("definitief", "ze veranderen niet meer")):
        other = opened.visit(browser, opened.rendered(tmp_path / status, replace(source, status=status)))
        other.go("index.html")
        assert f"De cijfers zijn {status}: {told}." in (other.page.locator("main").text_content() or "")
        assert other.page.get_by_text("Dit schooljaar loopt nog").count() == 0
    running = replace(source, kennisdatum=source.kennisdatum.replace(month=3))
    other = opened.visit(browser, opened.rendered(tmp_path / "loopt", running))
    for file in ("index.html", "gemeente-0164.html"):
        other.go(file)
        assert other.page.get_by_text("Dit schooljaar loopt nog").count() == 1


def test_names_that_would_be_markup_are_only_text(browser: Browser, source: Source, tmp_path: Path) -> None:
    sender = replace(SENDER, name=opened.MARKUP, contact="https://gemeente.example/?a=1&b='\"><i>")
    hostile = opened.visit(browser, opened.rendered(tmp_path / "vijandig", opened.hostile(source), sender=sender))
    for file in PAGES:
        hostile.go(file)
        assert hostile.page.locator("header .van").text_content() == opened.MARKUP
        assert hostile.page.locator("main img, main script, footer i").count() == 0
    assert (hostile.complaints, hostile.leaves()) == ([], [])


@pytest.mark.parametrize("file", FIGURES)
def test_the_first_view_is_small(file: str, browser: Browser, folder: Path, region: opened.Visit) -> None:
    """Bytes of the page and all that it loads, cold, of two gemeenten and of fourteen. The time is only printed."""
    for name, place in (("twee gemeenten", folder), ("veertien", region.folder)):
        if not (place / file).is_file():
            continue
        cold = opened.visit(browser, place)
        began = time.perf_counter()
        cold.page.goto((place / file).as_uri())
        seconds = time.perf_counter() - began
        size = sum((place / url.removeprefix(f"{place.as_uri()}/").partition("#")[0]).stat().st_size for url in cold.requests)
        sys.stderr.write(f"{file}, {name}: {size / 1000:.0f} kB in {len(cold.requests)} files, {seconds:.2f} s" + "\n")
        assert len(cold.requests) > 2
        assert size < MOST_BYTES
