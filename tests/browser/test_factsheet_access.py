"""The HTML factsheet violates no WCAG rule, and makes no requests."""

from pathlib import Path

import opened
from conftest import Night

from orchestration.publication.renderings import factsheet, factsheet_html
from orchestration.publication.report_tables import areas, years


def test_the_factsheet_breaks_no_rule_of_wcag_and_fits_a_phone(night: Night, tmp_path: Path) -> None:
    source = opened.beside_others(opened.released(night.lake.published("openbaar")))
    factsheet_html.write(tmp_path / "factsheet.html", factsheet.make(source, areas(source.figures), years(source.figures)[-1]))
    with opened.browser() as browser:
        visit = opened.visit(browser, tmp_path)
        visit.go("factsheet.html")
        assert visit.page.locator("#naast-anderen td", has_text="31,5").first.is_visible()
        assert visit.page.locator("#van-anderen td", has_text="1,64%").is_visible()
        assert opened.violations(visit) == []
        visit.page.set_viewport_size({"width": 320, "height": 640})
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert visit.complaints == []
        assert visit.leaves() == []
