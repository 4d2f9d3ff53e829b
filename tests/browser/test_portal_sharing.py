"""Pictures, links, embedded charts and citations: what somebody takes along says what it is, of whom, and of when."""

import base64
import re
import threading
from dataclasses import replace
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import opened
import pytest
from lxml import etree
from playwright.sync_api import Browser

from orchestration.publication.renderings.sender import Sender
from orchestration.publication.renderings.source import Source
from orchestration.settings import Settings

ADDRESS = "https://cijfers.gemeente.example/leerplicht/"
WITHHELD = {"indicator": "absoluut_verzuim"}
MONTHS = {"indicator": "meldingen_totaal", "gemeente": "0164", "uitsplitsing": "maand"}
SVG = "{http://www.w3.org/2000/svg}"
# of a picture its size, and how many of its pixels have each colour
COLOURS = """async (content) => {
  const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], { type: 'image/png' }));
  const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0);
  const { data } = pen.getImageData(0, 0, picture.width, picture.height);
  const found = {};
  for (let at = 0; at < data.length; at += 4) found[data.slice(at, at + 4)] = (found[data.slice(at, at + 4)] ?? 0) + 1;
  return [picture.width, picture.height, found];
}"""


class Quiet(SimpleHTTPRequestHandler):
    """A web server for plain files, which logs nothing and keeps what it was asked for and does not have."""

    missing: ClassVar[list[str]] = []

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Keep what is missing."""
        self.missing.append(self.path)
        super().send_error(code, message, explain)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 – its name in the library
        """Log nothing."""


@pytest.fixture(scope="module")
def folder(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened.rendered(tmp_path_factory.mktemp("portaal") / "openbaar", source)


@pytest.fixture
def visit(browser: Browser, folder: Path) -> opened.Visit:
    return opened.visit(browser, folder)


def picture(visit: opened.Visit, kind: str) -> bytes:
    with visit.page.expect_download() as waited:
        visit.page.click(f'[data-bestand="{kind}"]')
    assert waited.value.suggested_filename.endswith(f".{kind}")
    return waited.value.path().read_bytes()


def joined(texts: list[str]) -> str:
    """Return texts as one, with single spaces."""
    return re.sub(r"\s+", " ", " ".join(texts))


@pytest.mark.parametrize("chosen", [WITHHELD, MONTHS, {"indicator": "incidenten", "uitsplitsing": "wijk"}])
def test_the_svg_stands_by_itself_and_says_what_it_is(chosen: dict[str, str], visit: opened.Visit, source: Source) -> None:
    visit.go(**chosen)
    content = picture(visit, "svg")
    root = etree.fromstring(content)
    assert {element.tag for element in root.iter()} <= {f"{SVG}{name}" for name in ("svg", "g", "rect", "line", "text", "title")}
    assert not re.search(rb"var\(|class=|href|url\(", content)
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    told = joined(texts)
    for selector in ("#boodschap", "#onder", "#bron"):
        assert joined([visit.page.locator(selector).text_content() or ""]) in told
    assert f"versie {source.release}." in told and "Gemeente Hengelo, Leerplicht in cijfers, voorlopige cijfers, stand van" in told
    for note in visit.page.locator("#opmerkingen li").all_text_contents():
        assert joined([note]) in told
    on_page = [text for text in visit.page.locator("#grafiek text").all_text_contents() if re.search(r"\d", text)]
    assert {*on_page} <= {*texts}


def test_what_is_withheld_stays_so_in_a_picture(visit: opened.Visit, source: Source) -> None:
    visit.go(**WITHHELD)
    root = etree.fromstring(picture(visit, "svg"))
    withheld = [row for row in source.figures if row["indicator"] == "absoluut_verzuim" and row["status"].startswith("onderdrukt")]
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert sum(text.startswith(("<5", "x")) and "aantal" in text for text in texts) >= len(withheld) > 0
    drawn = [element for element in root.iter(f"{SVG}rect") if element.find(f"{SVG}title") is not None]
    assert len(drawn) == sum(row["waarde"] is not None for row in source.figures if row["indicator"] == "absoluut_verzuim")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_png_is_painted_in_the_colours_of_the_light_page(scheme: Any, browser: Browser, folder: Path) -> None:
    visit = opened.visit(browser, folder, color_scheme=scheme)
    visit.go(**MONTHS)
    content = picture(visit, "png")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, found = visit.page.evaluate(COLOURS, base64.b64encode(content).decode())
    assert width == 2000 and height > 800
    assert found["255,255,255,255"] > 0.5 * width * height
    bars, letters = (found[colour] for colour in ("21,66,115,255", "23,32,42,255"))
    assert bars > 0.03 * width * height
    assert letters > 2000
    assert visit.complaints == []


def test_a_link_code_or_citation_that_cannot_be_copied_is_selected(visit: opened.Visit) -> None:
    visit.go(**MONTHS)
    visit.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")  # as where the page is not secure
    for name in ("link", "verwijzing"):
        visit.page.click(f'[data-kopieer="{name}"]')
        assert "Kopiëren lukt hier niet vanzelf" in (visit.page.locator("#gekopieerd").text_content() or "")
        selected = visit.page.evaluate("(one => one.value.slice(one.selectionStart, one.selectionEnd))(document.activeElement)")
        assert selected == visit.page.locator(f'[data-tekst="{name}"]').input_value()
        assert selected.endswith("cijfers.html#indicator=meldingen_totaal&gemeente=0164&uitsplitsing=maand")
    assert opened.violations(visit) == []


def test_the_code_for_another_site_shows_the_chart_and_leads_back(visit: opened.Visit, browser: Browser, folder: Path) -> None:
    visit.go(**MONTHS)
    message = visit.page.locator("#boodschap").text_content()
    labels = visit.page.locator("#grafiek rect title").all_text_contents()
    code = visit.page.locator('[data-tekst="insluiten"]').input_value()
    (folder / "elders.html").write_text(f'<!doctype html><html lang="nl"><title>Elders</title>{code}</html>', encoding="utf-8")
    other = opened.visit(browser, folder)
    other.go("elders.html")
    frame = other.page.frame_locator("iframe")
    frame.locator("#grafiek svg").wait_for()
    assert frame.locator("#boodschap").text_content() == message
    assert frame.locator("#grafiek rect title").all_text_contents() == labels
    assert "Bron: DUO." in (frame.locator("#bron").text_content() or "")
    assert (frame.locator("#terug").get_attribute("href") or "").endswith("#indicator=meldingen_totaal&gemeente=0164&uitsplitsing=maand")
    assert frame.locator("header, nav, form, table").count() == 0
    assert other.complaints == []
    assert other.leaves() == []


def test_where_it_is_known_where_the_portal_stands_links_lead_there(browser: Browser, source: Source, tmp_path: Path) -> None:
    sender = replace(Sender.of(Settings()), address=ADDRESS, name='Leerplicht "Twente" & <meer>')
    visit = opened.visit(browser, opened.rendered(tmp_path / "portaal", source, sender=sender))
    visit.go(**WITHHELD)
    told = {name: visit.page.locator(f'[data-tekst="{name}"]').input_value() for name in ("link", "verwijzing", "insluiten")}
    assert told["link"] == f"{ADDRESS}cijfers.html#indicator=absoluut_verzuim"
    assert told["verwijzing"].startswith('Leerplicht "Twente" & <meer>, Leerplicht in cijfers: ') and told["verwijzing"].endswith(
        told["link"]
    )
    [address] = re.findall(r'src="([^"]*)"', told["insluiten"])
    assert unescape(address) == f"{ADDRESS}insluiten.html#indicator=absoluut_verzuim"


def test_over_http_no_request_leaves_either(browser: Browser, folder: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        visit = opened.visit(browser, folder)
        visit.page.goto(f"{base}cijfers.html#indicator=meldingen_totaal&uitsplitsing=maand")
        visit.settle()
        for kind in ("csv", "xlsx", "parquet", "svg", "png"):
            assert len(picture(visit, kind)) > 1000
        visit.page.goto(f"{base}insluiten.html#indicator=thuiszitters")
        visit.page.locator("#grafiek svg").wait_for()
        server.shutdown()
    asked = [url for url in visit.requests if not url.startswith("blob:")]
    assert len(asked) > 20
    assert all(url.startswith(base) for url in asked)
    assert {*Quiet.missing} <= {"/favicon.ico"}  # a browser asks a server for it by itself
    assert all("404" in one for one in visit.complaints[: len(Quiet.missing)])
    assert len(visit.complaints) <= len(Quiet.missing)
