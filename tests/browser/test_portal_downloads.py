"""A download contains exactly what is on the screen: the selected rows, in the chosen order."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import opened
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Night
from playwright.sync_api import Browser
from python_calamine import CalamineWorkbook

from expectations.published import schemas
from orchestration.publication.renderings.source import Source
from orchestration.publication.weergave import count

NUMBERS = ("Cijfer", "Vorig schooljaar", "Verschil", "Verschil in %")
CHOICES: tuple[dict[str, str], ...] = (
    {"indicator": "alle", "sorteer": "cijfer", "richting": "af"},  # every figure, with every sign
    {"indicator": "relatief_verzuim_jongeren", "gemeente": "0147", "uitsplitsing": "leeftijd", "sorteer": "cijfer"},
    {"indicator": "alle", "uitsplitsing": "maand", "schooljaar": "2024-2025"},
)


@pytest.fixture(scope="module")
def visit(browser: Browser, source: Source, tmp_path_factory: pytest.TempPathFactory) -> opened.Visit:
    return opened.visit(browser, opened.rendered(tmp_path_factory.mktemp("portaal") / "openbaar", source))


@pytest.fixture(scope="module")
def attacked(browser: Browser, source: Source, tmp_path_factory: pytest.TempPathFactory) -> opened.Visit:
    folder = tmp_path_factory.mktemp("portaal") / "vijandig"
    return opened.visit(browser, opened.rendered(folder, opened.hostile(source)))


def download(visit: opened.Visit, kind: str, folder: Path) -> Path:
    with visit.page.expect_download() as waited:
        visit.page.click(f'[data-bestand="{kind}"]')
    saved = folder / waited.value.suggested_filename
    waited.value.save_as(saved)
    return saved


def read_csv(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def bare(heading: str, text: str) -> str:
    """Return a number on the screen as in a file: without thousands separators, units, plus signs and the mark of a break."""
    text = text.removesuffix(" trendbreuk") if heading in NUMBERS else text
    if heading not in NUMBERS or text.startswith((".", "ca. ")):
        return text
    return text.replace(".", "").removesuffix("%").removesuffix(" procentpunt").removeprefix("+")


def as_cell(heading: str, text: str) -> str | float:
    """Return a text on the screen as in a workbook: a number if it is one."""
    told = bare(heading, text)
    try:
        return float(told.replace(",", ".")) if heading in NUMBERS else told
    except ValueError:
        return told


@pytest.mark.parametrize("chosen", CHOICES)
def test_the_csv_is_the_table(chosen: dict[str, str], visit: opened.Visit, tmp_path: Path) -> None:
    visit.go(**chosen)
    path = download(visit, "csv", tmp_path)
    headings = visit.headings()
    expected = [[bare(heading, text) for heading, text in zip(headings, row, strict=True)] for row in visit.rows()]
    assert read_csv(path) == [headings, *expected]
    assert path.name.startswith("leerplicht_openbaar_")


@pytest.mark.parametrize("chosen", CHOICES)
def test_the_workbook_is_the_table_with_numbers_as_numbers(chosen: dict[str, str], visit: opened.Visit, tmp_path: Path) -> None:
    visit.go(**chosen)
    book = CalamineWorkbook.from_path(str(download(visit, "xlsx", tmp_path)))
    headings = visit.headings()
    rows = [[as_cell(heading, text) for heading, text in zip(headings, row, strict=True)] for row in visit.rows()]
    found = book.get_sheet_by_name("Cijfers").to_python()
    assert found[0] == headings
    assert found[1:] == rows
    numbers = [cell for row in found[1:] for cell in row if isinstance(cell, float)]
    assert len(numbers) > 50 or "uitsplitsing" in chosen  # breakdowns are rounded, which is text
    explained = [row[:2] for row in book.get_sheet_by_name("Uitleg").to_python()]
    told = dict(explained)
    assert told["Keuze"] == visit.page.locator("#tabel caption").text_content()
    assert told["x"].startswith("Niet genoemd") and told["ca."].startswith("Ongeveer")
    loose = [text for term, text in explained if not term]
    notes = [visit.page.locator(f"{where}").all_text_contents() for where in ("[data-afwezig]:visible", "#opmerkingen li", "#precies li")]
    assert sorted(loose) == sorted(text for some in notes for text in some)
    assert len(notes[2]) == 5


@pytest.mark.parametrize("chosen", CHOICES)
def test_the_parquet_has_the_rows_and_the_types_of_the_release(
    chosen: dict[str, str], visit: opened.Visit, source: Source, tmp_path: Path
) -> None:
    visit.go(**chosen)
    table = pq.read_table(download(visit, "parquet", tmp_path))
    split = chosen.get("uitsplitsing")
    schema, rows = (schemas()["uitsplitsingen"], source.breakdowns) if split else (schemas()["kerncijfers"], source.figures)
    assert_same_types(table.schema, schema)
    wanted = {name: chosen[key] for key, name in NAMES.items() if chosen.get(key, "alle") != "alle"}
    expected = [row for row in rows if wanted.items() <= row.items() and row["status"] != "niet_van_toepassing"]
    assert len(expected) > 10
    found = table.to_pylist()
    assert sorted(map(repr, found)) == sorted(map(repr, expected))
    assert [row["weergave"] for row in found] == visit.column("Cijfer")
    assert [row["schooljaar"] for row in found] == visit.column("Schooljaar")


NAMES = {"indicator": "indicator", "gemeente": "gemeente_code", "schooljaar": "schooljaar", "uitsplitsing": "uitsplitsing"}


def assert_same_types(found: pa.Schema, expected: pa.Schema) -> None:
    def told(schema: pa.Schema) -> list[Any]:
        return [(field.name, field.type, field.nullable) for field in schema]

    assert told(found) == told(expected)


def test_a_file_of_intern_says_so_in_its_name(browser: Browser, night: Night, tmp_path: Path) -> None:
    folder = opened.rendered(tmp_path / "intern", opened.released(night.lake.published("intern")))
    visit = opened.visit(browser, folder)
    visit.go(indicator="incidenten")
    assert download(visit, "csv", tmp_path).name == "leerplicht_intern_incidenten_alle_alle.csv"


def test_of_a_region_the_screen_shows_the_first_rows_and_a_download_has_them_all(browser: Browser, source: Source, tmp_path: Path) -> None:
    large = opened.region(source)
    assert len(large.breakdowns) > 60_000
    visit = opened.visit(browser, opened.rendered(tmp_path / "regio", large))
    visit.go(indicator="alle", uitsplitsing="maand")
    expected = sum(row["uitsplitsing"] == "maand" for row in large.breakdowns)
    assert expected > 3_000
    assert visit.page.locator("#tabel tbody tr").count() == 500
    assert visit.page.locator(".meer").text_content() == f"Toon meer rijen (nog {count(expected - 500)})"
    lines = read_csv(download(visit, "csv", tmp_path))[1:]
    assert len(lines) == expected
    visit.page.click(".meer")
    assert visit.page.locator("#tabel tbody tr").count() == 1000
    assert visit.page.locator("#tabel tbody tr:nth-child(1000) :is(th, td)").all_text_contents()[:3] == lines[999][:3]
    assert CalamineWorkbook.from_path(str(download(visit, "xlsx", tmp_path))).get_sheet_by_name("Cijfers").height == expected + 1
    assert visit.complaints == []


def test_no_name_becomes_a_formula(attacked: opened.Visit, tmp_path: Path) -> None:
    attacked.go(indicator="alle", uitsplitsing="aanleiding")
    lines = read_csv(download(attacked, "csv", tmp_path))
    cells = {cell for line in lines for cell in line}
    assert {f"'{opened.FORMULA}", f"'{opened.COMMAND}"} <= cells  # as text, which a spreadsheet does not execute
    assert {opened.FORMULA, opened.COMMAND} & cells == set()
    book = download(attacked, "xlsx", tmp_path)
    texts = {cell for row in CalamineWorkbook.from_path(str(book)).get_sheet_by_name("Cijfers").to_python() for cell in row}
    assert {opened.FORMULA, opened.COMMAND, opened.IMAGE} <= texts
    with zipfile.ZipFile(book) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 2
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    rows = pq.read_table(download(attacked, "parquet", tmp_path)).to_pylist()
    attacked.go(indicator="alle")
    figures = {cell for line in read_csv(download(attacked, "csv", tmp_path)) for cell in line}
    assert any(cell.startswith("-") and cell[1:].isdigit() for cell in figures)  # a negative number stays a number
    assert {opened.FORMULA, opened.COMMAND} <= {row["uitsplitsing_waarde"] for row in rows}


def test_downloading_makes_no_requests(visit: opened.Visit, attacked: opened.Visit, tmp_path: Path) -> None:
    for one in (visit, attacked):
        one.go(indicator="alle")
        for kind in ("csv", "xlsx", "parquet"):
            assert download(one, kind, tmp_path).stat().st_size > 1000
        assert one.leaves() == []
        assert one.complaints == []
