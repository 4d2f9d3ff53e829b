"""The pages of the portal that hold figures tell an attacker nothing but what the release shows.

Every figure on them is the `weergave` of a row, and every page stays the same, byte for byte, when the true figures are put back into the
withheld rows: so nothing on a page comes from those, no bar, no sentence and no direction.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Night
from lxml import html

from orchestration.publication.renderings import portal, source
from orchestration.publication.renderings.sender import Sender
from orchestration.publication.renderings.source import Source
from orchestration.settings import Settings

PAGES = ("index.html", "regio.html", "gemeente-0147.html", "gemeente-0164.html")
KEY = ("gemeente_code", "schooljaar", "indicator")
NUMBER = re.compile(r"\d+(?:\.\d{3})*(?:,\d+)?")
SEEN = ("status", "weergave")  # all that may be visible of a withheld figure


@pytest.fixture(scope="module")
def public(night: Night) -> Source:
    return source.read((night.lake.published("openbaar") / "current").resolve())


@pytest.fixture(scope="module")
def folder(public: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(public, tmp_path_factory.mktemp("portaal"))


def written(release: Source, folder: Path) -> Path:
    portal.write(folder, release, None, Sender.of(Settings()))
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_every_figure_of_a_page_is_the_releases(page: str, folder: Path, public: Source):
    shown = {" ".join(row[name] for name in KEY): row["weergave"] for row in public.figures}
    found = html.fromstring((folder / page).read_bytes()).xpath("//*[@data-cijfer]")
    assert {one.get("data-cijfer"): one.text_content() for one in found if one.text_content() != shown[one.get("data-cijfer")]} == {}
    assert len(found) > (30 if page == "index.html" else 150)


@pytest.mark.parametrize("page", PAGES)
def test_there_is_no_other_number_on_a_page_than_the_release_holds(page: str, folder: Path, public: Source):
    """Beside the figures themselves: those of sentences and differences, which are columns of the same rows, and years and days."""
    text = html.fromstring((folder / page).read_bytes())
    for one in text.xpath("//*[@data-cijfer] | //footer | //header"):
        one.drop_tree()
    told = {number for row in public.figures for number in numbers_of(row)}
    labels = " ".join(str(row[name]) for row in public.indicators for name in ("label", "naam", "definitie_kort", "definitie"))
    reasons = " ".join(str(row["trendbreuk_reden"]) for row in public.figures)
    found = {*NUMBER.findall(" ".join([*text.itertext(), *text.xpath("//@aria-label")]))}
    told |= {*NUMBER.findall(f"{labels} {reasons}")}
    assert found - told - {"2023", "2024", "2025", "23", "24", "25", "4", "5"} == set()  # the least difference, and the range 0 to 4


def numbers_of(row: dict[str, object]) -> set[str]:
    """Return the numbers in what a row shows, and its differences, as a page writes them."""
    found = {*NUMBER.findall(str(row["weergave"]))}
    for name in ("verschil", "verschil_punten", "verschil_percentage"):
        if (value := row[name]) is not None:
            size = abs(value)  # type: ignore[arg-type]
            found |= {f"{size:,.{digits}f}".translate(str.maketrans(",.", ".,")) for digits in (0, 1, 2)}
    return found


def test_a_page_stays_the_same_when_withheld_rows_hold_the_truth(night: Night, folder: Path, public: Source, tmp_path: Path):
    intern = source.read(night.release.resolve())
    true = {tuple(row[name] for name in KEY): row for row in intern.figures}
    figures = [
        true[tuple(row[name] for name in KEY)] | {name: row[name] for name in SEEN} if row["status"].startswith("onderdrukt") else row
        for row in public.figures
    ]
    assert sum(new != old for new, old in zip(figures, public.figures, strict=True)) > 20
    poisoned = written(replace(public, tables={**public.tables, "kerncijfers": figures}), tmp_path)
    pages = sorted(path.name for path in folder.glob("*.html"))
    assert {*PAGES} <= {*pages}
    assert [name for name in pages if (poisoned / name).read_bytes() != (folder / name).read_bytes()] == []
