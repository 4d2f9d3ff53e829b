"""The portal is light at first, and a region of 14 gemeenten × 10 schooljaren stays usable.

The bytes are held to a bound. The seconds to a chart and a choice are only printed (`pytest -s`; `docs/portal.md` has them): a machine
that is busy with other things is no fault of a page.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import opened
import pytest
from conftest import Night
from playwright.sync_api import Browser

from orchestration.publication.renderings.source import Source

FIRST, MORE = 300_000, 400_000  # bytes
FILES = ("libraries.csv.js", "libraries.xlsx.js", "libraries.parquet.js")


@pytest.fixture(scope="module")
def sources(night: Night) -> Mapping[str, Source]:
    source = opened.released(night.lake.published("openbaar"))
    return {"voorbeeld": source, "14 × 10": opened.region(source)}


def weight(visit: opened.Visit) -> int:
    """Return the bytes of all files that were asked for."""
    return sum(Path(unquote(urlsplit(url).path)).stat().st_size for url in visit.requests)


@pytest.mark.parametrize(("size", "gemeente"), [("voorbeeld", "0164"), ("14 × 10", "0003")])
def test_it_is_light_at_first_and_stays_usable(
    size: str, gemeente: str, browser: Browser, sources: Mapping[str, Source], tmp_path: Path
) -> None:
    folder = opened.rendered(tmp_path / "portaal", sources[size])
    views: list[tuple[str, str, dict[str, str], int]] = [
        ("voorpagina", "index.html", {}, FIRST),
        ("eerste beeld", "cijfers.html", {}, FIRST),
        (
            "maanden van een gemeente",
            "cijfers.html",
            {"indicator": "meldingen_totaal", "gemeente": gemeente, "uitsplitsing": "maand"},
            FIRST,
        ),
        ("maanden van alle gemeenten", "cijfers.html", {"indicator": "meldingen_totaal", "uitsplitsing": "maand"}, FIRST),
        ("scholen van alle gemeenten", "cijfers.html", {"indicator": "meldingen_totaal", "uitsplitsing": "school"}, MORE),
    ]
    for name, file, chosen, most in views:
        visit = opened.visit(browser, folder)
        began = time.perf_counter()
        visit.go(file, **chosen)
        took = time.perf_counter() - began
        sys.stdout.write(f"{size}, {name}: {weight(visit) / 1000:.0f} kB, {took:.2f} s\n")
        assert 10_000 < weight(visit) < most
        assert not [url for url in visit.requests if url.endswith(FILES)]  # these wait for a download
    choices = {"indicator": "incidenten", "gemeente": gemeente, "uitsplitsing": "leeftijd", "schooljaar": "2024-2025"}
    for name, value in choices.items():
        began = time.perf_counter()
        visit.choose(name, value)
        took = time.perf_counter() - began
        sys.stdout.write(f"{size}, keuze van {name}: {took:.2f} s\n")
    assert visit.complaints == []
