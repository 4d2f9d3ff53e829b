"""The page with the state of the lake violates no WCAG rule, in light and dark mode and on a phone, and makes no requests."""

from pathlib import Path
from typing import Any

import opened
import pytest
from watched import Watched, watched

from orchestration import watch
from orchestration.outcome import Afloop
from orchestration.watch import page

__all__ = ["watched"]

CHANGED = {
    "van": "20250303T010000Z-0123456789ab",
    "naar": "20250304T010000Z-ba9876543210",
    "aantallen": {"cijfer": 3, "nieuw": 1},
    "grootste": [{"label": "Meldingen van relatief verzuim", "gemeente": "Hengelo", "schooljaar": "2024-2025", "van": "7", "naar": ""}],
}


@pytest.mark.parametrize(
    "context", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}], ids=["licht", "donker", "telefoon"]
)
def test_the_page_breaks_no_rule_of_wcag(watched: Watched, tmp_path: Path, context: dict[str, Any]) -> None:
    watched.accept("a")
    watched.run()
    good = watch.status(watched.lake, watched.settings) | {"veranderd": CHANGED}
    watched.refuse("b" * 90, kennisdatum="2025-03-04T02:00:00+01:00")
    watched.run(Afloop.FOUT, stap="magazijn bouwen", reden="onbekende fout in de stap magazijn bouwen (KeyError, build.py:12)")
    bad = watch.status(watched.lake, watched.settings)
    assert good["in_orde"] and len(bad["oorzaken"]) == 2
    (tmp_path / "goed.html").write_text(page.render(good), encoding="utf-8")
    (tmp_path / "mis.html").write_text(page.render(bad), encoding="utf-8")
    with opened.browser() as browser:
        visit = opened.visit(browser, tmp_path, **context)
        for name in ("goed.html", "mis.html"):
            visit.go(name)
            assert opened.violations(visit) == [], name
            assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert visit.complaints == []
        assert visit.leaves() == []
