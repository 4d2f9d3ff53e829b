"""What people come for, from the front page, in at most four actions, which are counted: a click, a choice from a list, a typed text."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import opened
import pytest
from playwright.sync_api import Browser, expect
from python_calamine import CalamineWorkbook

from orchestration.publication.renderings.source import Source

MOST = 4


@dataclass
class Reader:
    """Somebody with the front page before them, whose every action is counted."""

    visit: opened.Visit
    actions: int = 0

    def click(self, selector: str) -> None:
        self.actions += 1
        self.visit.page.locator(selector).first.click()
        self.visit.page.wait_for_load_state()
        self.visit.settle()

    def type(self, selector: str, text: str) -> None:
        self.actions += 1
        self.visit.page.fill(selector, text)

    @property
    def message(self) -> str:
        return self.visit.page.locator("#boodschap").text_content() or ""


@pytest.fixture(scope="module")
def folder(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened.rendered(tmp_path_factory.mktemp("portaal") / "openbaar", source)


@pytest.fixture(params=[1280, 360], ids=["computer", "telefoon"])
def reader(browser: Browser, folder: Path, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader at a computer, and one with a telephone."""
    visit = opened.visit(browser, folder, viewport={"width": request.param, "height": 800})
    visit.go("index.html")
    made = Reader(visit)
    yield made
    assert 0 < made.actions <= MOST
    assert visit.complaints == []
    assert visit.leaves() == []


def figures(source: Source, **wanted: str) -> dict[str, dict[str, object]]:
    """Return the rows of a choice by schooljaar."""
    return {row["schooljaar"]: row for row in source.figures if wanted.items() <= row.items()}


def said(weergave: object) -> str:
    """Return a figure as a sentence says it."""
    return str(weergave).replace("ca. ", "ongeveer ").replace("0–", "0 tot en met ")


def test_how_many_thuiszitters_in_borne_and_is_that_more_than_last_year(reader: Reader, source: Source) -> None:
    reader.type("#zoek", "Hoeveel thuiszitters in Borne?")
    reader.click("form[role=search] button")
    reader.click("#gevonden a")
    rows = figures(source, indicator="thuiszitters", gemeente_code="0147")
    last, earlier = rows["2024-2025"], rows["2023-2024"]
    assert reader.message.startswith(f"Thuiszitters in Borne: {said(last['weergave'])} in 2024-2025")
    assert isinstance(last["verschil"], int)
    more = "meer" if last["verschil"] > 0 else "minder"
    by_rounding = abs(last["verschil"]) <= 8
    asked = f"en {said(earlier['weergave'])} in 2023-2024" if by_rounding else f"ongeveer {abs(last['verschil'])} {more} dan in 2023-2024"
    assert asked in reader.message


def test_the_months_of_hengelo(reader: Reader, source: Source) -> None:
    reader.type("#zoek", "maanden Hengelo")
    reader.click("form[role=search] button")
    reader.click("#gevonden a")
    chosen = {"indicator": "relatief_verzuim_jongeren", "gemeente_code": "0164", "uitsplitsing": "maand"}
    rows = [row for row in source.breakdowns if chosen.items() <= row.items()]
    assert reader.visit.column("Cijfer") == [row["weergave"] for row in sorted(rows, key=lambda row: str(row["uitsplitsing_waarde"]))]
    assert reader.visit.page.locator("#grafiek rect:has(title)").count() == len(rows) > 15


def test_my_school(reader: Reader, source: Source) -> None:
    reader.type("#zoek", "De Bron")
    reader.click("form[role=search] button")
    reader.click("#gevonden a:text-is('De Bron')")
    chosen = {"indicator": "relatief_verzuim_jongeren", "uitsplitsing": "school", "uitsplitsing_waarde": "09TB00"}
    rows = [row for row in source.breakdowns if chosen.items() <= row.items()]
    assert rows
    assert sorted(reader.visit.column("Cijfer")) == sorted(row["weergave"] for row in rows)
    assert "De Bron" in reader.message


def test_take_it_to_excel(reader: Reader) -> None:
    reader.click(".tegel:has-text('Thuiszitters') a")
    with reader.visit.page.expect_download() as waited:
        reader.click('[data-bestand="xlsx"]')
    book = CalamineWorkbook.from_filelike(io.BytesIO(waited.value.path().read_bytes()))
    lines = book.get_sheet_by_name("Cijfers").to_python()
    assert [line[lines[0].index("Cijfer")] for line in lines[1:]] == reader.visit.column("Cijfer")
    assert {"Keuze", "Versie", "Precies"} <= {line[0] for line in book.get_sheet_by_name("Uitleg").to_python()}


def test_quote_it(reader: Reader, source: Source) -> None:
    reader.visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.click(".tegel:has-text('Thuiszitters') a")
    reader.click('[data-kopieer="verwijzing"]')
    expect(reader.visit.page.locator("#gekopieerd")).to_have_text("De verwijzing is gekopieerd.")
    copied = reader.visit.page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(
        r"Gemeente Hengelo, Leerplicht in cijfers: Thuiszitters, de regio, schooljaren 2023-2024 tot en met 2024-2025, voorlopige cijfers, "
        rf"stand van \d+ \w+ \d{{4}}, versie {source.release}\. Geraadpleegd op \d+ \w+ \d{{4}}\. "
        r"file://\S+/cijfers\.html#indicator=thuiszitters&gemeente=regio",
        copied,
    )
