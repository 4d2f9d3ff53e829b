"""The page of the gates violates no WCAG rule, in light and dark mode and on a phone, and makes no requests."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import opened
import pytest
from conftest import Night

from expectations import gate, page


def broken(verdict: gate.Verdict) -> gate.Verdict:
    """Return a verdict with a failing rule of each severity."""
    warns = replace(verdict.findings[-2], geslaagd=False, ernst="warning", afwijkend=1)
    stops = replace(verdict.findings[-1], geslaagd=False, ernst="critical", afwijkend=3)
    return replace(verdict, findings=(*verdict.findings[:-2], warns, stops))


@pytest.mark.parametrize(
    "context", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}], ids=["licht", "donker", "telefoon"]
)
def test_no_page_of_the_gates_breaks_a_rule_of_wcag(night: Night, tmp_path: Path, context: dict[str, Any]) -> None:
    (tmp_path / "groen.html").write_bytes(night.lake.quality_page.read_bytes())
    red = broken(gate.read("publicatie", night.lake))
    (tmp_path / "rood.html").write_text(page.render([red, gate.read("warehouse", night.lake)]), encoding="utf-8")
    with opened.browser() as browser:
        visit = opened.visit(browser, tmp_path, **context)
        for name in ("groen.html", "rood.html"):
            visit.go(name)
            assert opened.violations(visit) == [], name
            assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        dark = visit.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == ("color_scheme" in context)
        assert visit.complaints == []
        assert visit.leaves() == []
