"""The contents of a factsheet, and its page and PDF for unusual releases."""

import re
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader
from renderings_rows import AREAS, SENDER, broken_down, figure, indicator, release

from orchestration.publication import report_tables
from orchestration.publication.renderings import factsheet, factsheet_html, factsheet_pdf, precision

DICTIONARY = [indicator("leerplichtigen", "leerplichtigen", bron="monitor"), indicator()]
YEAR, BEFORE = "2024-2025", "2023-2024"


def figures(*codes: str, years=(BEFORE, YEAR), **others):
    rows = [figure("leerplichtigen", 1000 + number, area=code, jaar=year, tabel="leerplichtigen")
            for number, code in enumerate(codes) for year in years]  # fmt: skip
    return rows + [figure(waarde=40, vorige=50, area=code, jaar=year, **others) for code in codes for year in years]


def sheet(rows, breakdowns=(), zone="openbaar", codes=None):
    made_of = release(rows, DICTIONARY, breakdowns, zone)
    areas = [area for area in report_tables.areas(rows) if codes is None or area.code in codes]
    return factsheet.make(made_of, areas, YEAR, SENDER)


def page(tmp_path: Path, made) -> html.HtmlElement:
    factsheet_html.write(tmp_path / "blad.html", made, SENDER)
    return html.fromstring((tmp_path / "blad.html").read_bytes())


def pages(tmp_path: Path, made) -> list[str]:
    factsheet_pdf.write(tmp_path / "blad.pdf", made, SENDER, release([], []).kennisdatum)
    return [one.extract_text() for one in PdfReader(tmp_path / "blad.pdf").pages]


def test_this_year_stands_beside_the_one_before_with_difference_and_percentage():
    [leerplichtigen, incidenten] = [section.tables[0] for section in sheet(figures("0164")).sections]
    assert incidenten.columns == (BEFORE, YEAR, "Verschil", "in %")
    assert incidenten.lines[0].cells == ("40", "40", "-10", "-20,0%")
    assert leerplichtigen.notes == ("Bron: Twentse Onderwijs-Jeugdhulp monitor. Leerplichtigen zijn geteld op 1 oktober 2024.",)


def rounded(waarde, **others):
    return figure(waarde=waarde, status="afgerond", **others)


def test_a_rounded_figure_its_difference_and_its_sentence_are_about():
    made = sheet([rounded(140, vorige=110), rounded(110, jaar=BEFORE)])
    incidenten = made.sections[1]
    assert incidenten.tables[0].lines[0].cells == ("ca. 110", "ca. 140", "ca. +30", "ca. +27%")
    assert incidenten.sentences == (
        "In 2024-2025 waren er in Hengelo ongeveer 140 incidenten.",
        "Dat is ongeveer 30 meer dan in 2023-2024 (ongeveer 27% meer).",
    )


def test_the_explanation_says_what_is_exact_and_what_the_signs_mean(tmp_path: Path):
    rows = [rounded(waarde, area=code) for code, waarde in (("0164", 140), ("0147", 0), ("regio", 145))]
    made = sheet(rows)
    assert [sign for sign, _ in made.legend] == ["ca.", "0–4"]
    assert made.explained == (
        precision.CLOSED,
        precision.EXACT,
        precision.EVERYTHING_ELSE.format(to=5),
        precision.OF_REGIO,
        precision.DIFFERENCES,
    )
    shown, printed = page(tmp_path, made).text_content(), " ".join(" ".join(pages(tmp_path, made)).split())
    assert all(sentence in shown and sentence in printed for sentence in made.explained)
    assert sheet(rows, zone="intern").explained == ()


MONTHS = [
    broken_down("maand", code, 15, jaar=year, status="afgerond")
    for code, year in (("2023-09", BEFORE), ("2024-09", YEAR), ("2024-10", YEAR))
]


def chart_notes(zone, *rows, area="0164"):
    [chart] = sheet(figures(area), rows, zone).charts
    return chart.table.notes[0]


def test_in_openbaar_what_a_breakdown_leaves_out_is_few_and_not_none():
    few = "Wat er niet bij staat, komt 0 tot en met 4 keer voor."
    assert few in chart_notes("openbaar", *MONTHS)
    assert factsheet.NO_MONTH not in chart_notes("openbaar", *MONTHS)
    assert few in chart_notes("openbaar", MONTHS[0], MONTHS[1])  # of a month without a line too
    regio = [row | {"gemeente_code": "regio", "gemeente": "Regio"} for row in MONTHS]
    assert "komt in elke gemeente weinig voor" in chart_notes("openbaar", *regio, area="regio")


def test_in_intern_what_a_breakdown_leaves_out_is_none():
    assert factsheet.NO_MONTH in chart_notes("intern", *MONTHS)
    assert "leeg" not in chart_notes("intern", MONTHS[0], MONTHS[1])


def test_a_schooljaar_without_any_row_of_a_breakdown_is_not_broken_down():
    assert "Van 2023-2024 is er geen verdeling." in chart_notes("openbaar", *MONTHS[1:])
    assert "Van 2024-2025" not in chart_notes("openbaar", *MONTHS)


def test_a_release_of_one_year_has_no_comparison_and_no_mark_of_a_break():
    made = sheet(figures("0164", years=(YEAR,), trendbreuk=True))
    assert [section.tables[0].columns for section in made.sections] == [(YEAR,), (YEAR,)]
    assert not [line.label for section in made.sections for line in section.tables[0].lines if "*" in line.label]


def test_many_gebieden_are_cut_in_blocks_and_all_are_there():
    codes = ["0164", "0147", "0141", "0153", "regio"]
    made = sheet(figures(*codes))
    blocks = [table.groups for table in made.sections[0].tables]
    assert [len(block) for block in blocks] == [3, 2]
    assert {name for block in blocks for name in block} == {AREAS.get(code, code) for code in codes}
    assert made.wide


def test_the_facts_say_status_date_and_release():
    assert dict(sheet(figures("0164")).facts) == {
        "Status": "voorlopig: de cijfers kunnen nog veranderen",
        "Bekend tot en met": "6 augustus 2025",
        "Versie": "20250805T230000Z-abc (openbaar)",
        "Uitgave van": "Gemeente Hengelo",
    }


def test_a_chart_of_withheld_figures_is_a_sentence_and_its_table(tmp_path: Path):
    hidden = [broken_down("aanleiding", code, status="onderdrukt_secundair") for code in ("ziekte", "spijbelen")]
    made = sheet(figures("0164"), hidden)
    [chart] = made.charts
    assert (chart.svg, chart.absent) == ("", factsheet.NOT_DRAWN)
    assert [line.cells for line in chart.table.lines] == [("", "x"), ("", "x")]
    shown = page(tmp_path, made)
    assert not shown.findall(".//svg")
    assert factsheet.NOT_DRAWN in shown.text_content()
    assert factsheet.NOT_DRAWN in " ".join(" ".join(pages(tmp_path, made)).split())


def test_only_an_internal_factsheet_is_marked_on_every_page(tmp_path: Path):
    rows = figures("0164")
    for zone, wanted in (("intern", True), ("openbaar", False)):
        made = sheet(rows, [broken_down("aanleiding", "ziekte", 7)], zone)
        told = pages(tmp_path, made)
        assert len(told) > 1
        assert [("INTERN – niet publiceren" in one) for one in told] == [wanted] * len(told)
        assert ("INTERN – niet publiceren" in page(tmp_path, made).text_content()) is wanted


def test_what_a_release_says_is_text_and_never_markup(tmp_path: Path):
    evil = '<script>alert("1")</script> #read("/etc/passwd") \\ *vet* $x$ & co'
    rows = [figure(waarde=5, gemeente=evil)]
    made = factsheet.make(release(rows, [indicator(label=evil, definitie=evil)]), report_tables.areas(rows), YEAR, SENDER)
    shown = page(tmp_path, made)
    assert not shown.findall(".//script")
    assert shown.findtext(".//h1/span") == evil
    assert evil.replace(" ", "") in re.sub(r"\s", "", "".join(pages(tmp_path, made)))


def test_the_page_needs_nothing_but_itself(tmp_path: Path):
    shown = page(tmp_path, sheet(figures("0164"), [broken_down("aanleiding", "ziekte", 7)]))
    asked = [element.get(name) for element in shown.iter() for name in ("src", "href", "action", "data", "srcset") if element.get(name)]
    assert asked and all(one.startswith("#") for one in asked), asked
    style = shown.findtext(".//style")
    assert all(one.startswith('"data:') for one in re.findall(r"url\((.*?)\)", style))
    assert "@import" not in style
    assert "default-src 'none'" in shown.find(".//meta[@http-equiv]").get("content")


def test_every_link_on_the_page_goes_somewhere_and_no_name_occurs_twice(tmp_path: Path):
    shown = page(tmp_path, sheet(figures("0164", "0147", "regio"), [broken_down("aanleiding", "ziekte", 7, area="regio")]))
    ids = [element.get("id") for element in shown.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) > 5
    assert {link.get("href")[1:] for link in shown.iter("a")} <= set(ids)
    assert {element.get("aria-labelledby") for element in shown.iter() if element.get("aria-labelledby")} <= set(ids)


@pytest.mark.parametrize("codes", [("0164",), ("0164", "0147", "regio")])
def test_the_page_has_the_structure_for_screen_readers(tmp_path: Path, codes):
    shown = page(tmp_path, sheet(figures(*codes), [broken_down("aanleiding", "ziekte", 7, area=codes[-1])]))
    assert shown.get("lang") == "nl"
    assert len(shown.findall(".//h1")) == 1
    tables = shown.findall(".//table")
    assert len(tables) == 3
    for table in tables:
        assert table.findtext("caption")
        assert {cell.get("scope") for cell in table.iter("th")} - {"col", "colgroup"} == {"row"}
        assert all(row.find("th") is not None for row in table.find("tbody"))
    [drawing] = shown.findall(".//svg")
    assert drawing.get("role") == "img" and drawing.get("aria-label").startswith("Staafdiagram.")
