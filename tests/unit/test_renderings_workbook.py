"""The workbook: figures are numbers, signs are text, nothing is a formula, and the same rows give the same bytes."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import load_workbook
from renderings_rows import SENDER, figure, indicator, release

from orchestration.publication import report_tables
from orchestration.publication.renderings import precision, workbook

FORMULA = '=HYPERLINK("http://voorbeeld.invalid","klik")'


def sheet(path: Path, name: str) -> list[list[object]]:
    return load_workbook(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def written(path: Path, rows, indicators=None, zone="openbaar") -> Path:
    names = dict.fromkeys((row["indicator"], row["tabel"]) for row in rows)
    workbook.write(path, rows, indicators or [indicator(*name) for name in names], zone)
    return path


def test_figures_are_numbers_and_signs_are_text(tmp_path: Path):
    rows = [figure(waarde=10478, vorige=10712), figure(waarde=10712, jaar="2023-2024")]
    rows += [figure(status="onderdrukt_primair", area="0147"), figure(waarde=9, area="0147", jaar="2023-2024")]
    cells = sheet(written(tmp_path / "een.xlsx", rows), "Incidenten")
    assert cells[3] == ["", "Borne", "", "", "", "Hengelo", "", "", ""]
    assert cells[4] == ["Onderdeel", *(["2023-2024", "2024-2025", "Verschil", "in %"] * 2)]
    assert cells[5] == ["incidenten", 9.0, "<5", "", "", 10712.0, 10478.0, -234.0, -0.022]


def test_a_percentage_is_a_percentage_and_its_change_points(tmp_path: Path):
    rows = [figure("verzuimpercentage", percentage="5.95", punten="1.66"), figure("verzuimpercentage", percentage="4.29", jaar="2023-2024")]
    cells = sheet(written(tmp_path / "een.xlsx", rows), "Incidenten")
    assert cells[5] == ["verzuimpercentage", 0.0429, 0.0595, 1.66, ""]


def test_a_rounded_figure_and_its_difference_are_text(tmp_path: Path):
    rows = [figure(waarde=140, vorige=110, status="afgerond"), figure(waarde=110, jaar="2023-2024", status="afgerond")]
    rows += [figure(waarde=36, vorige=20, area="0147"), figure(waarde=20, area="0147", jaar="2023-2024", status="afgerond")]
    rows += [figure("verzuimpercentage", percentage="1.1", status="afgerond"), figure("luxe_verzuim", 0, status="afgerond")]
    cells = sheet(written(tmp_path / "een.xlsx", rows), "Incidenten")
    assert cells[5] == ["incidenten", "ca. 20", 36.0, "ca. +16", "ca. +80%", "ca. 110", "ca. 140", "ca. +30", "ca. +27%"]
    assert cells[6][6:] == ["ca. 1,1%", "", ""]
    assert cells[7][6:] == ["0–4", "", ""]


def test_the_first_sheet_says_what_is_exact_and_why_the_rest_is_not(tmp_path: Path):
    rows = [figure(waarde=10, status="afgerond"), figure(waarde=0, area="0147", status="afgerond")]
    for zone, wanted in (("openbaar", precision.explained(precision.Precision(10), rows)), ("intern", [])):
        told = [row[1] for row in sheet(written(tmp_path / f"{zone}.xlsx", rows, zone=zone), "Leeswijzer")]
        assert f"ca. – {report_tables.MEANING['afgerond']}" in told and f"0–4 – {report_tables.ABOUT_NOTHING}" in told
        assert [text for text in told if text in precision.explained(precision.Precision(10), rows)] == wanted


def test_the_first_sheet_says_who_sends_it_and_how_to_cite_it(tmp_path: Path):
    made_of = release([figure(waarde=10)], [indicator()])
    workbook.write(tmp_path / "een.xlsx", made_of.figures, made_of.indicators, "openbaar", told=workbook.origin(made_of, SENDER))
    told = {row[0]: row[1] for row in sheet(tmp_path / "een.xlsx", "Leeswijzer") if row[0]}
    assert told["Status"] == "Voorlopige cijfers, stand van 6 augustus 2025."
    assert told["Uitgave"] == "Gemeente Hengelo"
    assert told["Zo verwijst u hiernaar"] == SENDER.citation(made_of)
    assert "Vragen" not in told
    # inside a release the status is not known
    assert ["Status", workbook.NO_STATUS] in [row[:2] for row in sheet(written(tmp_path / "twee.xlsx", made_of.figures), "Leeswijzer")]


def test_a_difference_over_a_break_is_a_number_with_its_mark(tmp_path: Path):
    rows = [figure(waarde=287, vorige=390, trendbreuk=True), figure(waarde=390, jaar="2023-2024")]
    path = written(tmp_path / "een.xlsx", rows)
    assert sheet(path, "Incidenten")[5] == ["incidenten *", 390.0, 287.0, -103.0, -0.264]
    with zipfile.ZipFile(path) as parts:
        shown = parts.read("xl/styles.xml").decode()
    assert "+0.0%&quot;*&quot;" in shown and "+#,##0&quot;*&quot;" in shown


@pytest.mark.parametrize(("gemeenten", "across"), [(1, 1), (4, 1), (5, 2), (14, 4)])
def test_a_sheet_is_printed_on_as_many_pages_as_stay_readable(tmp_path: Path, gemeenten: int, across: int):
    rows = [figure(waarde=5, vorige=6, area=f"{area:04}", jaar=year) for area in range(gemeenten) for year in ("2023-2024", "2024-2025")]
    with zipfile.ZipFile(written(tmp_path / "een.xlsx", rows)) as parts:
        page = etree.fromstring(parts.read("xl/worksheets/sheet2.xml"))
        names = etree.fromstring(parts.read("xl/workbook.xml"))
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    setup, breaks = page.find(f"{main}pageSetup"), [int(one.get("id")) for one in page.iter(f"{main}brk")]
    assert (setup.get("orientation"), setup.get("paperSize")) == ("landscape", "9")
    assert len(breaks) == across - 1
    assert (setup.get("fitToHeight") == "0") is (across == 1)
    assert [place % 4 for place in breaks] == [1] * len(breaks), "a gebied stays together"
    told = {(one.get("name"), one.get("localSheetId")): one.text for one in names.iter(f"{main}definedName")}
    assert told["_xlnm.Print_Area", "1"].startswith("Incidenten!$A$1:$")
    assert told["_xlnm.Print_Titles", "1"] == "Incidenten!$A:$A,Incidenten!$4:$5"
    assert ("_xlnm._FilterDatabase", "2") in told, "the explanation can be filtered"


def test_all_years_stand_side_by_side_and_a_first_year_has_no_difference(tmp_path: Path):
    years = ("2021-2022", "2022-2023", "2023-2024")
    cells = sheet(written(tmp_path / "drie.xlsx", [figure(waarde=5, jaar=year) for year in years]), "Incidenten")
    assert cells[4] == ["Onderdeel", *years, "Verschil", "in %"]
    cells = sheet(written(tmp_path / "een.xlsx", [figure(waarde=5, jaar="2021-2022")]), "Incidenten")
    assert (cells[3], cells[4]) == (["", "Hengelo"], ["Onderdeel", "2021-2022"])


@pytest.mark.parametrize("start", [FORMULA, "+1+1", "-1+1", "@SUM(A1)", "\tx"])
def test_no_text_is_ever_a_formula_or_a_link(tmp_path: Path, start):
    rows = [figure(waarde=5, gemeente=start)]
    path = written(tmp_path / "kwaad.xlsx", rows, [indicator(label=start, definitie=start)])
    with zipfile.ZipFile(path) as parts:
        inside = {name: parts.read(name).decode() for name in parts.namelist()}
    sheets = "".join(text for name, text in inside.items() if "worksheets/" in name)
    assert "<f>" not in sheets and "<hyperlink" not in sheets
    assert not [name for name, text in inside.items() if "externalLink" in name or "vba" in name.lower() or "External" in text]
    assert 'quotePrefix="1"' in inside["xl/styles.xml"], "saved as CSV and opened again, it would run"
    cells = sheet(path, "Incidenten")
    assert cells[5][0].strip() == start.strip()


def test_a_guide_first_then_a_sheet_per_table_those_of_the_report_first_and_an_explanation_last(tmp_path: Path):
    rows = [figure(waarde=1, tabel="meldingen", indicator="meldingen_totaal"), figure(waarde=2)]
    path = written(tmp_path / "twee.xlsx", rows)
    assert load_workbook(str(path)).sheet_names == ["Leeswijzer", "Incidenten", "Meldingen", "Toelichting"]
    told = sheet(path, "Toelichting")
    assert ["Incidenten", "incidenten", "Wat incidenten telt.", "Carel"] in told


def test_an_internal_workbook_says_so_on_every_sheet(tmp_path: Path):
    rows = [figure(waarde=3)]
    for zone, wanted in (("intern", workbook.INTERN), ("openbaar", "")):
        path = written(tmp_path / f"{zone}.xlsx", rows, zone=zone)
        for name in load_workbook(str(path)).sheet_names:
            assert sheet(path, name)[1][0] == wanted, (zone, name)


def test_notes_tell_a_break_and_the_signs(tmp_path: Path):
    rows = [
        figure(waarde=5, vorige=6, trendbreuk=True, trendbreuk_reden="Een wet. · Een bron."),
        figure(status="niet_beschikbaar", area="0147"),
        figure(waarde=6, jaar="2023-2024"),
    ]
    cells = sheet(written(tmp_path / "een.xlsx", rows), "Incidenten")
    column = [row[0] for row in cells]
    assert "incidenten *" in column
    assert any(
        str(text).startswith("* trendbreuk: 2023-2024 en 2024-2025 zijn niet goed te vergelijken. Een wet. Een bron.") for text in column
    )
    assert ".: niet beschikbaar: de bron is er niet" in column


def test_the_same_rows_give_the_same_bytes_and_no_clock_is_in_them(tmp_path: Path):
    rows = [figure(waarde=5)]
    path = written(tmp_path / "een.xlsx", rows)
    assert written(tmp_path / "twee.xlsx", rows).read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}
        assert str(datetime.now(UTC).year) not in "".join(
            parts.read(name).decode() for name in parts.namelist() if name.startswith("docProps")
        )


def test_what_a_withheld_row_holds_is_not_in_it(tmp_path: Path):
    safe = figure(status="onderdrukt_primair")
    told = safe | {"waarde": 3, "verschil": 1, "verschil_percentage": 50, "vorige_waarde": 2}
    beside = [figure(waarde=5, jaar="2023-2024")]
    assert written(tmp_path / "een.xlsx", [told, *beside]).read_bytes() == written(tmp_path / "twee.xlsx", [safe, *beside]).read_bytes()
