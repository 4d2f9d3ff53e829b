"""Factsheets and the page of slides violate no WCAG rule, fit a telephone, print as promised and make no requests."""

from io import BytesIO
from pathlib import Path

import opened
import pytest
from conftest import Night
from pypdf import PdfReader
from renderings_rows import SENDER

from orchestration.publication.renderings import brief, factsheet, factsheet_html, slides
from orchestration.publication.report_tables import areas, years


def fits(visit: opened.Visit, width: int) -> bool:
    visit.page.set_viewport_size({"width": width, "height": 640})
    return bool(visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_the_long_factsheet_breaks_no_rule_of_wcag_and_fits_a_phone(night: Night, tmp_path: Path) -> None:
    source = opened.beside_others(opened.released(night.lake.published("openbaar")))
    sheet = factsheet.make(source, areas(source.figures), years(source.figures)[-1], SENDER)
    factsheet_html.write(tmp_path / "factsheet.html", sheet, SENDER)
    with opened.browser() as browser:
        visit = opened.visit(browser, tmp_path)
        visit.go("factsheet.html")
        assert visit.page.locator("#naast-anderen td", has_text="31,5").first.is_visible()
        assert visit.page.locator("#van-anderen td", has_text="1,64%").is_visible()
        assert opened.violations(visit) == []
        assert fits(visit, 320)
        assert visit.complaints == []
        assert visit.leaves() == []


@pytest.mark.parametrize("several", [False, True], ids=["one gemeente", "all together"])
def test_the_factsheet_breaks_no_rule_fits_every_screen_and_prints_on_two_pages(night: Night, tmp_path: Path, several: bool) -> None:
    source = opened.released(night.lake.published("openbaar"))
    shown = areas(source.figures)[: None if several else 1]
    factsheet_html.write(tmp_path / "lang.html", factsheet.make(source, shown, years(source.figures)[-1], SENDER), SENDER)
    factsheet_html.write(tmp_path / "kort.html", brief.make(source, shown, years(source.figures)[-1], SENDER, "lang"), SENDER)
    with opened.browser() as browser:
        visit = opened.visit(browser, tmp_path)
        visit.go("kort.html")
        assert visit.page.locator(".message").bounding_box()["y"] < 300, "the message is what is seen first"
        assert opened.violations(visit) == []
        assert all(fits(visit, width) for width in (320, 360, 768, 1440))
        printed = PdfReader(BytesIO(visit.page.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == 2
        assert "Kerncijfers" in printed.pages[0].extract_text() and "Zo verwijst u hiernaar" in printed.pages[1].extract_text()
        visit.page.click("text=Naar de uitgebreide factsheet")
        assert visit.page.url.endswith("lang.html")
        assert visit.complaints == []
        assert visit.leaves() == []


def test_the_page_of_slides_breaks_no_rule_and_shows_them_all(night: Night, tmp_path: Path) -> None:
    source = opened.released(night.lake.published("openbaar"))
    slides.write(tmp_path, source, areas(source.figures), years(source.figures)[-1], SENDER)
    with opened.browser() as browser:
        visit = opened.visit(browser, tmp_path)
        visit.go("index.html")
        visit.page.evaluate("document.querySelectorAll('img').forEach((image) => (image.loading = 'eager'))")
        visit.page.wait_for_function("[...document.images].every((image) => image.complete)")
        widths = visit.page.evaluate("[...document.images].map((image) => image.naturalWidth)")
        assert len(widths) == len(list(tmp_path.glob("*.png"))) > 15 and set(widths) == {1920}
        assert opened.violations(visit) == []
        assert fits(visit, 320)
        assert visit.complaints == []
        assert visit.leaves() == []
