"""The night's renderings of `openbaar`: each figure equals the release, cell by cell, and no withheld figure is visible."""

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pdf_ua
import pytest
from lxml import etree, html
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject
from python_calamine import load_workbook

from orchestration.lake.files import digest
from orchestration.publication import report_tables
from orchestration.publication.renderings import (
    brief,
    factsheet,
    factsheet_html,
    factsheet_pdf,
    folder,
    message,
    names,
    series,
    slides,
    source,
    workbook,
)  # fmt: skip
from orchestration.publication.renderings.sender import Sender
from orchestration.publication.weergave import decimal, round_half_away
from orchestration.settings import Settings

Row = dict[str, Any]
SHEETS = {"0164": ("0164",), "0147": ("0147",), "samen": ("0164", "0147", "regio")}
LENGTHS = ("", "-uitgebreid")
SENDER = Sender.of(Settings(_env_file=None))
YEARS = ("2023-2024", "2024-2025")
MONTHS = dict(zip(names.MONTHS, (f"{number:02}" for number in range(1, 13)), strict=True))


@dataclass(frozen=True)
class Made:
    """The release, and the folder with its renderings."""

    release: source.Source
    folder: Path

    def row(self, indicator: str, area: str, year: str) -> Row:
        """Return the one published row of a cell."""
        wanted = (indicator, area, year)
        [row] = [row for row in self.release.figures if (row["indicator"], row["gemeente_code"], row["schooljaar"]) == wanted]
        return row


@pytest.fixture(scope="module")
def made(night) -> Made:
    release = source.read((night.lake.published("openbaar") / "current").resolve())
    return Made(release, night.lake.renderings_of("openbaar", release.release))


def test_the_night_made_them_whole(made: Made):
    listed = json.loads((made.folder / folder.LIST).read_text())
    assert (listed["release"], listed["zone"], listed["schooljaar"]) == (made.release.release, "openbaar", YEARS[-1])
    found = {str(path.relative_to(made.folder)) for path in made.folder.rglob("*") if path.is_file()}
    assert found == listed["bestanden"].keys() | {folder.LIST}
    sheets = {f"factsheet-{name}{length}.{kind}" for name in SHEETS for length in LENGTHS for kind in ("html", "pdf")}
    assert sheets | {"jaarverslag.xlsx", "portaal/index.html", "dias/index.html", "dias/dia-regio-verzuimpercentage.png"} <= found
    assert all(digest(made.folder / name) == noted for name, noted in listed["bestanden"].items())
    assert [path.name for path in made.folder.parent.iterdir()] == [made.release.release]


def printed(made: Made, indicator: str, area: str, heading: str) -> str:
    """Return the expected text of a column of a factsheet, derived independently from the rows."""
    if heading in YEARS:
        return str(made.row(indicator, area, heading)["weergave"])
    row, before = (made.row(indicator, area, year) for year in reversed(YEARS))
    about = "afgerond" in (row["status"], before["status"])
    if heading == "Verschil":
        value, digits = (row["verschil"], 0) if row["verschil_punten"] is None else (row["verschil_punten"], 2)
        digits = min([digits, *(len(one["weergave"].rstrip("%").partition(",")[2]) for one in (row, before))]) if about else digits
        unit = "" if row["verschil_punten"] is None else " procentpunt"
    else:
        value, digits, unit = row["verschil_percentage"], 0 if about else 1, "%"
        if about and value is not None and (abs(row["verschil"]) <= off(row) + off(before) or row["weergave"] == "0–4"):
            return ""  # rounding may have made it
    if value is None:
        return ""
    number = round_half_away(Decimal(value), digits) + 0  # not -0
    return ("ca. " if about else "") + ("+" if number > 0 else "") + decimal(number, digits) + unit + ("*" if row["trendbreuk"] else "")


def off(row: Row) -> int:
    """Return how far the count of a row may be from the true one: one of the regio may be the sum of two, rounded once more."""
    return 0 if row["status"] != "afgerond" else 4 + 4 + 2 if row["gemeente_code"] == "regio" else 4


def shown(table: html.HtmlElement) -> Iterator[tuple[str, str, str, str]]:
    """Yield for each cell of a table on a page: its gebied if given, the heading of its column, the name of its row, and its text."""
    groups = [cell.text for cell in table.iterfind("thead/tr/th[@colspan]")]
    last = [cell.text for cell in table.findall("thead/tr")[-1]]
    headings = last if groups else last[1:]
    for line in table.xpath("tbody/tr[td]"):
        label = line.find("th").text_content().removesuffix(" *")
        cells = [cell.text_content() for cell in line.iterfind("td")]
        assert len(cells) == len(headings)
        for place, (heading, text) in enumerate(zip(headings, cells, strict=True)):
            yield groups[place * len(groups) // len(cells)] if groups else "", heading, label, text


@pytest.mark.parametrize("name", SHEETS)
def test_every_figure_in_the_tables_of_the_page_is_the_releases(made: Made, name: str):
    page = html.fromstring((made.folder / f"factsheet-{name}-uitgebreid.html").read_bytes())
    codes = {"Hengelo": "0164", "Borne": "0147", "Regio": "regio", "": "regio" if name == "samen" else name}
    seen = 0
    for tabel in report_tables.report_titles():
        indicators = {row["label"]: row["indicator"] for row in made.release.indicators if row["tabel"] == tabel}
        tables = page.xpath(f"//table[starts-with(@id, 'tabel-{tabel}-')]")
        assert bool(tables) is (tabel != "thuiszitterstafel" or name == "samen")
        for table in tables:
            lines = list(shown(table))
            assert [label for _, _, label, _ in lines[:: len(lines) // len(indicators)]] == list(indicators)
            for area, heading, label, text in lines:
                assert text == printed(made, indicators[label], codes[area], heading), (tabel, area, heading, label)
                seen += 1
    assert seen == (23 * 12 + 4 if name == "samen" else 23 * 4)


@pytest.mark.parametrize("name", SHEETS)
def test_every_figure_of_the_two_pages_is_the_releases(made: Made, name: str):
    page = html.fromstring((made.folder / f"factsheet-{name}.html").read_bytes())
    codes = {"Hengelo": "0164", "Borne": "0147", "Regio": "regio", "": name}
    known = {row["naam"]: row["indicator"] for row in made.release.indicators}
    [table] = page.findall(".//table")
    lines = list(shown(table))
    assert len(lines) == (24 * 9 if name == "samen" else 23 * 4)
    for area, heading, label, text in lines:
        alone = known[label] == "thuiszitterstafel_aanmeldingen" and area != "Regio"  # the report has it of the regio only
        assert text == ("" if alone else printed(made, known[label], codes[area], heading)), (area, heading, label)
    tiles = page.xpath("//ul[@class='tiles']/li")
    assert len(tiles) == 7
    for tile in tiles:
        rows = [made.row(known[tile.findtext("h3")], "regio" if name == "samen" else name, year) for year in YEARS]
        assert tile.findtext("p[@class='figure']") == rows[1]["weergave"]
        before, _, difference = tile.findall("p")[1].text_content().partition(" (")
        assert before.rstrip("*") == f"{YEARS[0]}: {rows[0]['weergave']}"
        assert difference in ("", f"{printed(made, known[tile.findtext('h3')], rows[0]['gemeente_code'], 'Verschil')})")
    figures = {row["weergave"].removeprefix("ca. ") for row in made.release.figures}
    told = " ".join(one.text_content() for one in page.xpath("//p[@class='message' or @class='more']"))
    numbers = re.findall(r"(?<![-\d])\d[\d.,]*\d%?(?![-\d])", re.sub(r"‘.*?’", "", told))
    assert numbers and set(numbers) <= figures, told


@pytest.mark.parametrize("name", SHEETS)
def test_every_figure_beneath_a_chart_is_the_releases(made: Made, name: str):
    page = html.fromstring((made.folder / f"factsheet-{name}-uitgebreid.html").read_bytes())
    area = "regio" if name == "samen" else name
    labels = {row["label"]: row["indicator"] for row in made.release.indicators if row["tabel"] in ("verzuim_naar_soort", "meldingen")}
    breakdowns = {
        (row["indicator"], row["uitsplitsing"], row["uitsplitsing_waarde"], row["schooljaar"]): row["weergave"]
        for row in made.release.breakdowns
        if row["gemeente_code"] == area
    }
    named = {
        (row["indicator"], row["uitsplitsing"], row["uitsplitsing_waarde"], row["schooljaar"]): row["uitsplitsing_label"]
        for row in made.release.breakdowns
    }
    of = {"aanleiding": "meldingen_totaal", "onderwijssoort": "meldingen_totaal", "interventies": "interventies"}
    seen = dict.fromkeys(("soort", "maand", "aanleiding", "onderwijssoort", "opvolging", "interventies"), 0)
    for chart in seen:
        [table] = page.xpath(f"//table[@id='tabel-grafiek-{chart}']")
        for _, year, label, text in shown(table):
            if chart in ("soort", "opvolging"):
                wanted = made.row(labels[label], area, year)["weergave"]
            elif chart == "maand":
                month = MONTHS[label]
                code = f"{year[:4] if int(month) >= 8 else year[5:]}-{month}"
                wanted = breakdowns.get(("meldingen_totaal", "maand", code, year), "")
            else:
                kind = "soort" if chart == "interventies" else chart
                [code] = {code for (_, uitsplitsing, code, _), one in named.items() if (uitsplitsing, one) == (kind, label)}
                wanted = breakdowns.get((of[chart], kind, code, year), "")  # what is rounded to nothing has no row
            assert text == wanted, (chart, label, year)
            seen[chart] += 1
    assert all(seen.values()), seen


def plain(text: str) -> str:
    """Return text with single spaces, without the sign that keeps a mark with its figure."""
    return " ".join(text.replace("\u2060", "").split())


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("name", SHEETS)
def test_the_text_of_the_pdf_holds_every_line_of_the_page(made: Made, name: str, length: str):
    page = html.fromstring((made.folder / f"factsheet-{name}{length}.html").read_bytes())
    text = plain(" ".join(one.extract_text() for one in PdfReader(made.folder / f"factsheet-{name}{length}.pdf").pages))
    lines = page.xpath("//tbody/tr")
    assert len(lines) > (60 if length else 25)
    for line in lines:
        assert plain(" ".join(cell.text_content() for cell in line if cell.text_content())) in text
    for told in page.xpath("//p[@class='told' or @class='message' or @class='more']"):
        assert plain(told.text_content()) in text


def tagged(node: Any) -> Iterator[Any]:
    """Yield all structure elements of a PDF."""
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            yield from tagged(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from tagged(node["/K"])


@pytest.mark.parametrize("name", SHEETS)
def test_a_factsheet_is_two_pages(made: Made, name: str):
    assert len(PdfReader(made.folder / f"factsheet-{name}.pdf").pages) == 2


@pytest.mark.parametrize(("length", "headings", "tables", "charts"), [("", 3, 1, 1), ("-uitgebreid", 6, 11, 6)])
@pytest.mark.parametrize("name", SHEETS)
def test_the_pdf_is_tagged_titled_dutch_and_says_that_it_is_pdf_ua(made: Made, name: str, length, headings, tables, charts):
    reader = PdfReader(made.folder / f"factsheet-{name}{length}.pdf")
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "nl-NL"
    assert catalog["/MarkInfo"]["/Marked"] and catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.lower().startswith(f"factsheet leerplicht {YEARS[-1]} – ")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.xmp_metadata.stream.get_data()
    elements = list(tagged(catalog["/StructTreeRoot"]["/K"]))
    kinds = [element["/S"] for element in elements]
    assert kinds.count("/H1") == 1 and kinds.count("/H2") >= headings
    assert kinds.count("/Table") == kinds.count("/THead") == kinds.count("/Caption") >= tables
    drawings = [element for element in elements if element["/S"] == "/Figure"]
    assert len(drawings) == charts
    assert all(element["/Alt"].startswith("Staafdiagram.") for element in drawings)


def test_every_pdf_keeps_the_rules_of_pdf_ua(made: Made, tmp_path: Path):
    spoiled = PdfWriter(clone_from=made.folder / "factsheet-0164.pdf")
    del spoiled.root_object[NameObject("/Lang")]
    spoiled.write(tmp_path / "zonder-taal.pdf")
    found = pdf_ua.broken_rules([*sorted(made.folder.glob("*.pdf")), tmp_path / "zonder-taal.pdf"])
    assert any("language" in rule for rule in found.pop("zonder-taal.pdf")), "it would not notice"
    assert found == {f"factsheet-{name}{length}.pdf": [] for name in SHEETS for length in LENGTHS}


def test_every_figure_of_a_slide_is_the_releases_and_each_is_described(made: Made):
    areas = [area for area in report_tables.areas(made.release.figures) if area.code in SHEETS["samen"]]
    told = {one.file: one for one in slides.make(made.release, areas, YEARS[-1], SENDER)}
    assert {path.name for path in (made.folder / "dias").glob("*.png")} == told.keys()
    shown = 0
    for area in areas:
        for indicator in message.key_figures(made.release.indicators):
            rows = [made.row(indicator["indicator"], area.code, year) for year in YEARS]
            slide = told.get(f"dia-{area.code}-{indicator['indicator']}.png")
            assert (slide is None) is (rows[1]["status"] in WITHHELD)
            if slide:
                texts = ["".join(text.itertext()) for text in etree.fromstring(slide.svg).iter("{http://www.w3.org/2000/svg}text")]
                assert [text for text in texts if text not in (*YEARS, "trendbreuk*")] == [row["weergave"] for row in rows]
                assert all(f"{row['weergave']} in {row['schooljaar']}" in slide.alternative for row in rows)
                assert ("trendbreuk*" in texts) is rows[1]["trendbreuk"]
                shown += 1
    assert shown > 15


def number_of(row: Row) -> float | str:
    """Return the expected value of a workbook cell for a row."""
    if row["status"] != "gepubliceerd":
        return str(row["weergave"])
    value = row["waarde"] if row["percentage"] is None else row["percentage"] / (100 if row["eenheid"] == "procent" else 1)
    return float(value)


def cells_of(made: Made, read: Callable[[str], list[list[Any]]]) -> Iterator[tuple[Row, Any]]:
    """Yield for each figure in the sheets of a workbook its published row and the cell's value."""
    for tabel, title in report_tables.all_titles(made.release.indicators).items():
        rows = read(title)
        indicators = [row["indicator"] for row in made.release.indicators if row["tabel"] == tabel]
        areas = ("regio",) if tabel == "thuiszitterstafel" else ("0164", "0147", "regio", "onbekend")
        for line, indicator in zip(rows[5 : 5 + len(indicators)], indicators, strict=True):
            for number, area in enumerate(areas):
                for place, year in enumerate(YEARS):
                    yield made.row(indicator, area, year), line[1 + 4 * number + place]


def test_every_figure_of_the_workbook_is_the_releases(made: Made):
    read = load_workbook(str(made.folder / "jaarverslag.xlsx"))
    found = list(cells_of(made, lambda title: read.get_sheet_by_name(title).to_python(skip_empty_area=False)))
    assert len(found) == len(made.release.figures) - 6, "but for the thuiszitterstafel of what is not the regio, every figure is in it"
    for row, cell in found:
        assert cell == number_of(row), row


def converted(path: Path, to: str, folder: Path) -> None:
    """Convert a file in LibreOffice."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is er niet; `make office` installeert het")
    own = f"-env:UserInstallation={(folder / 'profiel').as_uri()}"
    command = ["soffice", own, "--headless", *IN_DUTCH, "--convert-to", to, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


# read as a Dutch spreadsheet program reads a file that is opened by a double click: a semicolon between cells, UTF-8, Dutch numbers
IN_DUTCH = ("--infilter=CSV:59,34,76,1,,1043,false,true",)


def test_another_program_shows_the_workbook_as_the_report_prints_it(made: Made, tmp_path: Path):
    converted(made.folder / "jaarverslag.xlsx", "csv:Text - txt - csv (StarCalc):59,34,76,1,,1043,false,true,true,false,false,-1", tmp_path)

    def read(title: str) -> list[list[str]]:
        with (tmp_path / f"jaarverslag-{title}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file, delimiter=";"))

    found = list(cells_of(made, read))
    assert len(found) > 400
    for row, cell in found:
        assert cell == row["weergave"], row
    assert next(cell for line in read("Verzuim naar soort") for cell in line if "procentpunt" in cell) == "+1,66 procentpunt*"
    assert "Gemeente Hengelo" in {cell for line in read("Leeswijzer") for cell in line}


def test_the_workbook_is_printed_on_few_pages_and_no_column_is_too_narrow(made: Made, tmp_path: Path):
    converted(made.folder / "jaarverslag.xlsx", "pdf", tmp_path)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "jaarverslag.pdf").pages]
    sheets = len(load_workbook(str(made.folder / "jaarverslag.xlsx")).sheet_names)
    assert sheets <= len(pages) <= 2 * sheets
    assert not [number for number, text in enumerate(pages, 1) if "###" in text]
    assert "Jaarverslag leerplicht: alle cijfers" in pages[0]
    assert {round(float(side)) for page in PdfReader(tmp_path / "jaarverslag.pdf").pages for side in page.mediabox[2:]} == {842, 595}


def test_a_dutch_spreadsheet_program_reads_the_csv(made: Made, tmp_path: Path):
    converted(made.release.folder / "kerncijfers.csv", "xlsx", tmp_path)
    head, *lines = load_workbook(str(tmp_path / "kerncijfers.xlsx")).get_sheet_by_index(0).to_python()
    assert len(lines) == len(made.release.figures)
    for line, row in zip(lines, made.release.figures, strict=True):
        cells = dict(zip(head, line, strict=True))
        for column in ("waarde", "percentage", "verschil", "verschil_punten"):
            assert cells[column] == ("" if row[column] is None else float(row[column])), (column, row)
        assert (cells["gemeente"], cells["trendbreuk"]) == (row["gemeente"], "ja" if row["trendbreuk"] else "nee")


WITHHELD = ("onderdrukt_primair", "onderdrukt_secundair")
SEEN = ("status", "weergave")  # all that may be visible of a withheld figure


def test_what_is_withheld_cannot_be_seen_and_the_same_release_gives_the_same_bytes(made: Made, night, tmp_path: Path):
    # The night rendered the public rows, in another process. This test renders the same rows with the true figures put back into the
    # withheld ones. The bytes are equal, so a rendering uses only the sign of a withheld figure.
    intern = source.read(night.release.resolve())
    poisoned = {}
    for table, key in (("kerncijfers", 0), ("uitsplitsingen", 2)):
        columns = ("indicator", "gemeente_code", "schooljaar", "uitsplitsing", "uitsplitsing_waarde")[: 3 + key]
        true = {tuple(row[column] for column in columns): row for row in intern.tables[table]}
        poisoned[table] = [
            true[tuple(row[column] for column in columns)] | {name: row[name] for name in SEEN} if row["status"] in WITHHELD else row
            for row in made.release.tables[table]
        ]
    assert sum(new != old for new, old in zip(poisoned["kerncijfers"], made.release.figures, strict=True)) > 20
    told = replace(made.release, tables={**made.release.tables, **poisoned})
    areas = {area.code: area for area in report_tables.areas(told.figures)}
    for name, codes in SHEETS.items():
        shown_areas = [areas[code] for code in codes]
        short, long = f"factsheet-{name}", f"factsheet-{name}-uitgebreid"
        for file, sheet in (
            (short, brief.make(told, shown_areas, YEARS[-1], SENDER, long)),
            (long, factsheet.make(told, shown_areas, YEARS[-1], SENDER)),
        ):
            factsheet_html.write(tmp_path / f"{file}.html", sheet, SENDER)
            factsheet_pdf.write(tmp_path / f"{file}.pdf", sheet, SENDER, told.kennisdatum)
    workbook.write(
        tmp_path / "jaarverslag.xlsx",
        told.figures,
        told.indicators,
        told.zone,
        told.breakdowns,
        told.tables["vergelijking"],
        workbook.origin(told, SENDER),
    )
    (tmp_path / "dias").mkdir()
    slides.write(tmp_path / "dias", told, [areas[code] for code in SHEETS["samen"]], YEARS[-1], SENDER)
    here = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(here) == 13 + len(list((made.folder / "dias").iterdir()))
    assert {name for name, content in here.items() if content != (made.folder / name).read_bytes()} == set()


def test_no_drawing_is_longer_than_what_is_published(made: Made):
    """Exactly one bar for each published or rounded count: compare the charts of the page with the table below each."""
    withheld = 0
    rates = {row["label"] for row in made.release.indicators if row["indicator"] in series.HOW_FOLLOWED_UP}
    for name in SHEETS:
        page = html.fromstring((made.folder / f"factsheet-{name}-uitgebreid.html").read_bytes())
        sections = page.xpath("//section[@class='chart'][.//svg]")
        assert len(sections) == 6
        for section in sections:
            bars = [path for path in section.iter("path") if path.get("fill") in (SENDER.colours.link, SENDER.colours.muted)]
            told = [text for _, _, label, text in shown(section.find(".//table")) if label not in rates]
            figures = [text for text in told if re.fullmatch(r"(ca\. )?[\d.]+|0–4", text)]
            assert len(bars) == len(figures), section.findtext("h3")
            withheld += len(told) - len(figures)
    assert withheld > 0


def test_a_failing_rendering_is_reported_and_stops_nothing(made: Made, night, monkeypatch: pytest.MonkeyPatch):
    import dagster as dg

    from orchestration.defs import jaarverslag, lake_run
    from orchestration.settings import Settings

    def fail(*_: object) -> None:
        raise OSError("de schijf is vol")

    monkeypatch.setattr(folder, "write", fail)
    settings = Settings(lake=night.place.root, key_file=night.place.key_file)
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [jaarverslag.weergaven], instance=instance, resources={"lake_run": lake_run.resource(settings)}, raise_on_error=False
        )
        told = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert result.success
    assert not result.asset_materializations_for_node("jaarverslag__weergaven")
    assert any("de weergaven van openbaar zijn niet gemaakt (OSError" in one and "; probeer leerplicht report" in one for one in told)
    assert (made.folder / folder.LIST).is_file()
