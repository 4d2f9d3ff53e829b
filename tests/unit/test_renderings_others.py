"""What others published stands beside our own `ocw_*`, or by itself, and nowhere else."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pypdf import PdfReader
from python_calamine import load_workbook
from renderings_rows import SENDER, figure, indicator, other, release

from orchestration.publication import report_tables
from orchestration.publication.renderings import factsheet, factsheet_html, factsheet_pdf, others, workbook
from orchestration.publication.renderings.portal import data, pages
from orchestration.publication.weergave import plain

OCW, BBV = "ocw_relatief_per_1000", "relatief_per_1000"
YEARS = ("2023-2024", "2024-2025")
DICTIONARY = [
    indicator("leerplichtigen", "leerplichtigen"),
    *(indicator(name, "verzuim_aanvullend", eenheid="per_1000") for name in (OCW, BBV)),
]
RMC = other(waarde="31.5", gebied_soort="rmc", gebied_code="12", peiljaar="2023-2024")
VSV = other("vsv_percentage", "1.640", peiljaar="2023-2024")


def source(*published: dict[str, Any], indicators: list[dict[str, Any]] = DICTIONARY, **changes: Any) -> Any:
    """Return a release of two gemeenten and the regio, with both rates in two schooljaren."""
    rows = [
        figure("leerplichtigen", 1000, area=area, jaar=year, tabel="leerplichtigen") for area in ("0164", "0147", "regio") for year in YEARS
    ]
    rows += [
        figure(row["indicator"], percentage="24.50", eenheid="per_1000", area=area, jaar=year, tabel="verzuim_aanvullend", **changes)
        for row in indicators[1:]
        for area in ("0164", "0147", "regio")
        for year in YEARS
    ]
    return release(rows, indicators, others=published)


def sheet(made: Any, *codes: str, year: str = YEARS[-1]) -> factsheet.Factsheet:
    areas = report_tables.areas(made.figures)
    return factsheet.make(made, [area for area in areas if not codes or area.code in codes], year, SENDER)


def tables(made: factsheet.Factsheet) -> dict[str, list[str]]:
    return {section.title: [table.title for table in section.tables] for section in made.others}


# --- which lines there are


def test_only_our_own_ocw_has_lines_beside_it_and_only_if_we_have_it():
    made = source(other(), other(BBV), other("leerplichtigen"), VSV)
    assert [line.label for line in others.beside(made, OCW)] == ["Nederland, per kalenderjaar (DUO)"]
    assert others.beside(made, BBV) == others.beside(made, "leerplichtigen") == others.beside(made, "vsv_percentage") == []
    without = source(other(), VSV, indicators=[row for row in DICTIONARY if row["indicator"] != OCW])
    assert others.beside(without, OCW) == []
    assert list(others.alone(without)) == ["Nieuwe voortijdig schoolverlaters"]


def test_the_country_stands_beside_all_and_an_rmc_regio_beside_its_own_gemeenten():
    elsewhere = other(gebied_soort="rmc", gebied_code="13")
    shown = others.beside(
        source(
            other(), RMC, elsewhere, other(gebied_soort="gemeente", gebied_code="0164"), other(gebied_soort="provincie", gebied_code="12")
        ),
        OCW,
    )
    assert {line.label: sorted(line.beside) for line in shown} == {
        "Nederland, per kalenderjaar (DUO)": ["0147", "0164", "regio"],
        "RMC-regio 12 (DUO)": ["0147", "0164", "regio"],
    }


def test_of_two_sources_both_are_shown_by_name_and_a_calendar_year_is_no_schooljaar():
    shown = others.beside(source(other(), other(waarde="26", bron="CBS"), other(waarde="25", peiljaar="2023-2024")), OCW)
    told = {line.label: [others.text(row) for row in line.cells.values()] for line in shown}
    assert told == {"Nederland, per kalenderjaar (CBS)": ["26"], "Nederland, per kalenderjaar (DUO)": ["27"], "Nederland (DUO)": ["25"]}


def test_of_a_source_that_revised_some_years_it_is_told_which():
    rows = [
        other(),
        other(peiljaar="2023", schooljaar="2022-2023"),
        other(peiljaar="2021", schooljaar="2020-2021", publicatiedatum="2024-02-29"),
    ]
    place = "licentie CC0 1.0. Vindplaats: DUO, verzuimcijfers 2024"
    told = others.origins(others.beside(source(*rows, other(bron="CBS")), OCW))
    assert told == [
        f"CBS: gepubliceerd op 1 maart 2025, {place}",
        f"DUO over 2023 en 2024: gepubliceerd op 1 maart 2025, {place}",
        f"DUO over 2021: gepubliceerd op 29 februari 2024, {place}",
    ]


def test_what_belongs_to_no_schooljaar_stands_beside_none():
    assert others.beside(source(other(peiljaar="2020-2024", schooljaar=None)), OCW) == []


@pytest.mark.parametrize(("value", "text"), [("27.0000", "27"), ("1.8000", "1,8"), ("100", "100"), ("0.0000", "0"), ("1.6450", "1,645")])
def test_a_figure_of_others_keeps_the_decimals_that_it_has(value: str, text: str):
    assert plain(Decimal(value)) == text
    assert others.text(other("vsv_percentage", value)) == f"{text}%"


# --- the factsheet


def test_the_factsheet_shows_own_figures_and_those_of_others_with_date_and_source():
    made = sheet(source(other(), RMC), "0164")
    [section] = made.others
    [table] = section.tables
    assert (section.title, table.columns) == ("Naast cijfers van anderen", ("2020-2021", "2021-2022", "2022-2023", *YEARS))
    assert {line.label: line.cells for line in table.lines} == {
        "Hengelo": ("", "", "", "24,50", "24,50"),
        "Nederland, per kalenderjaar (DUO)": ("", "", "", "27", ""),
        "RMC-regio 12 (DUO)": ("", "", "", "31,5", ""),
    }
    assert table.notes == (
        "DUO: gepubliceerd op 1 maart 2025, licentie CC0 1.0. Vindplaats: DUO, verzuimcijfers 2024",
        others.CALENDAR,
        others.EMPTY,
    )
    assert f"definitie-{OCW}" in {definition.anchor for definition in made.definitions}


def test_years_of_others_from_before_our_own_first_figure_are_shown_until_the_year_of_the_sheet():
    earlier = other(waarde="20", peiljaar="2021", schooljaar="2020-2021")
    [section] = sheet(source(earlier)).others
    assert section.tables[0].lines[-1].cells == ("20", "", "", "", "")
    assert sheet(source(other(schooljaar="2019-2020"))).others == ()
    assert sheet(source(other(schooljaar="2024-2025")), year="2023-2024").others == ()


def test_the_factsheet_is_silent_without_own_figures_without_others_and_in_a_release_of_before():
    assert sheet(source()).others == ()
    assert sheet(source(other(), indicators=[row for row in DICTIONARY if row["indicator"] != OCW])).others == ()
    before = source(other())
    del before.tables["vergelijking"]
    assert sheet(before).others == ()


def test_what_only_others_count_stands_by_itself():
    made = sheet(source(other(), VSV))
    assert tables(made) == {"Naast cijfers van anderen": [OCW], "Alleen cijfers van anderen": ["Nieuwe voortijdig schoolverlaters"]}
    assert [line.label for line in made.others[1].tables[0].lines] == ["Nederland (DUO)"]
    assert made.others[1].tables[0].lines[0].cells[3] == "1,64%"


def test_a_withheld_figure_of_our_own_stays_a_sign_that_the_legend_explains():
    rows = source(other()).figures
    hidden = [
        row | {"status": "onderdrukt_secundair", "percentage": None, "weergave": "x"} if row["indicator"] == OCW else row for row in rows
    ]
    made = sheet(release(hidden, DICTIONARY, others=[other()]), "0164")
    assert made.others[0].tables[0].lines[0].cells[-2:] == ("x", "x")
    assert "x" in dict(made.legend)


def test_page_and_pdf_show_them(tmp_path: Path):
    made = sheet(source(other(), RMC, VSV))
    factsheet_html.write(tmp_path / "blad.html", made, SENDER)
    page = html.fromstring((tmp_path / "blad.html").read_bytes())
    [naast] = page.xpath("//section[@id='naast-anderen']")
    assert "Nederland, per kalenderjaar (DUO)" in naast.text_content() and "gepubliceerd op 1 maart 2025" in naast.text_content()
    [alleen] = page.xpath("//section[@id='van-anderen']")
    assert "1,64%" in alleen.text_content() and "Hengelo" not in alleen.text_content()
    assert page.xpath("//nav//a[@href='#naast-anderen']") and page.xpath("//nav//a[@href='#van-anderen']")
    factsheet_pdf.write(tmp_path / "blad.pdf", made, SENDER, release([], []).kennisdatum)
    told = " ".join(one.extract_text() for one in PdfReader(tmp_path / "blad.pdf").pages)
    assert "Naast cijfers van anderen" in told and "31,5" in told and "1,64%" in told


# --- the portal and the workbook


def script(made: Any) -> dict[str, Any]:
    """Return the data of the portal."""
    found: dict[str, Any] = json.loads(dict(data.scripts(made, SENDER))["data.js"].removeprefix("const data = ").rstrip(";\n"))
    return found


def test_the_portal_gets_lines_of_our_own_ocw_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(data, "signs", lambda _source: {})  # they stand in the manifest, which this release does not have
    content = script(source(other(), other(BBV), RMC, VSV, indicators=[row | {"factor": None} for row in DICTIONARY]))
    assert content["anderen"].keys() == {OCW}
    country, rmc = content["anderen"][OCW]["lijnen"]
    assert country["cijfers"] == {"2023-2024": "27"} and rmc["cijfers"] == {"2023-2024": "31,5"}
    assert country["herkomst"] == ["DUO: gepubliceerd op 1 maart 2025, licentie CC0 1.0. Vindplaats: DUO, verzuimcijfers 2024"]
    assert script(source(indicators=[row | {"factor": None} for row in DICTIONARY]))["anderen"] == {}


def test_the_first_page_of_the_portal_has_a_table_of_what_only_others_count():
    [table] = pages._others(source(other(), VSV))["others"]
    assert (table["heads"], table["rows"]) == (["Schooljaar", "Nederland (DUO)"], [("2023-2024", ["1,64%"])])
    assert pages._others(source(other()))["others"] == []


def test_the_workbook_has_a_sheet_of_others_with_numbers_and_only_if_there_are_any(tmp_path: Path):
    made = source(other(waarde="1.8000"), VSV | {"schooljaar": None})
    workbook.write(tmp_path / "met.xlsx", made.figures, made.indicators, "openbaar", (), made.tables["vergelijking"])
    workbook.write(tmp_path / "zonder.xlsx", made.figures, made.indicators, "openbaar")
    assert workbook.OTHERS not in load_workbook(str(tmp_path / "zonder.xlsx")).sheet_names
    rows = load_workbook(str(tmp_path / "met.xlsx")).get_sheet_by_name(workbook.OTHERS).to_python(skip_empty_area=True)
    found = {row[0]: row for row in rows if row[0] in (OCW, "vsv_percentage")}
    assert found[OCW] == [OCW, "land", "NL", "DUO", "2024", "2023-2024", 1.8, "2025-03-01", "CC0 1.0", "DUO, verzuimcijfers 2024"]
    assert found["vsv_percentage"][4:7] == ["2023-2024", "", 1.64]
