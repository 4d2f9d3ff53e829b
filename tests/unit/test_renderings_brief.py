"""The factsheet of two pages: its contents, and that it is two pages for any release."""

import re
import struct
import zlib
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader
from renderings_rows import SENDER, figure, indicator, release

from orchestration.publication import report_tables
from orchestration.publication.renderings import brief, factsheet_html, factsheet_pdf, precision
from orchestration.publication.renderings.sender import Logo

BEFORE, YEAR = "2023-2024", "2024-2025"
TILES = ("verzuimpercentage", "totaal_jongeren", "thuiszitters", "absoluut_verzuim", "juridisch_totaal", "incidenten", "leerplichtigen")
SOORTEN = ("relatief_16_uur_18_min", "relatief_16_uur_18_plus", "overig_verzuim", "luxe_verzuim", "historisch_verzuim")
TABLES = {
    "leerplichtigen": "leerplichtigen",
    "juridisch_totaal": "juridisch_kader",
    "incidenten": "incidenten",
    "thuiszitters": "thuiszitters",
}
LONG = " met een naam die heel wat langer is dan de langste van nu"


def picture() -> bytes:
    """Return a PNG of one black pixel."""
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\x00\x00")), (b"IEND", b""))
    chunks = (struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content)) for name, content in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def dictionary(more: str = ""):
    found = []
    for place, name in enumerate((*TILES, *SOORTEN)):
        told = {"naam": f"Naam van {name}{more}", "definitie_kort": f"Kort wat {name} telt{more}.", "volgorde": place}
        unit = "procent" if name == "verzuimpercentage" else "jongeren"
        tabel = TABLES.get(name, "verzuim_naar_soort")
        found.append(indicator(name, tabel, eenheid=unit, tegel=place + 1 if name in TILES else None, **told))
    return found


def figures(codes, years=(BEFORE, YEAR), hidden=()):
    rows = []
    for name in (*TILES, *SOORTEN):
        for code in codes:
            for year in years:
                others = {"jaar": year, "area": code, "tabel": TABLES.get(name, "verzuim_naar_soort"), "trendbreuk": year == YEAR}
                if name in hidden:
                    rows.append(figure(name, status="onderdrukt_secundair", **others))
                elif name == "verzuimpercentage":
                    rows.append(figure(name, percentage="5.95", punten="1.66", **others))
                else:
                    rows.append(figure(name, 1234, vorige=1000, eenheid="jongeren", **others))
    return rows


def made(codes=("0164",), zone="openbaar", sender=SENDER, more="", **others):
    source = release(figures(codes, **others), dictionary(more), zone=zone)
    return brief.make(source, report_tables.areas(source.figures), YEAR, sender, "factsheet-0164-uitgebreid")


def pages(tmp_path: Path, sheet, sender=SENDER) -> list[str]:
    factsheet_pdf.write(tmp_path / "blad.pdf", sheet, sender, release([], []).kennisdatum)
    return [" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "blad.pdf").pages]


def page(tmp_path: Path, sheet, sender=SENDER) -> html.HtmlElement:
    factsheet_html.write(tmp_path / "blad.html", sheet, sender)
    return html.fromstring((tmp_path / "blad.html").read_bytes())


REGION = (*(f"{code:04}" for code in range(14)), "regio")


@pytest.mark.parametrize("hidden", [(), (*TILES, *SOORTEN), TILES[::2]], ids=["all is told", "nothing is told", "half is told"])
@pytest.mark.parametrize("more", ["", LONG], ids=["names as they are", "long names"])
@pytest.mark.parametrize("codes", [("0164",), ("0164", "0147", "regio"), REGION], ids=["one", "three", "region"])
def test_it_is_two_pages(tmp_path: Path, codes, more, hidden):
    for zone in ("openbaar", "intern"):
        first, second = pages(tmp_path, made(codes, zone, more=more, hidden=hidden))
        assert "Kerncijfers" in first and "Zo verwijst u hiernaar" in second
        assert [("INTERN – niet publiceren" in one) for one in (first, second)] == [zone == "intern"] * 2


def test_the_first_page_says_who_what_and_of_when(tmp_path: Path):
    first, second = pages(tmp_path, made())
    assert first.startswith(
        "Leerplicht 2024-2025 Hengelo Gemeente Hengelo Voorlopige cijfers, stand van 6 augustus 2025 In 2024-2025 waren er"
    )
    assert "in 2023-2024 waren het er 1.234*." in first and "* trendbreuk: 2023-2024 en 2024-2025 zijn niet goed te vergelijken." in first
    assert SENDER.citation(release(figures(("0164",)), [])) in second
    assert "Vragen:" not in second and "factsheet-0164-uitgebreid.pdf" in second.replace(" ", "")


def test_a_comparison_over_a_break_has_its_mark_in_the_same_cell():
    cells = [cell for line in made().table.lines for cell in line.cells]
    changed = [cell for cell in cells if cell.startswith(("+", "-"))]
    assert len(changed) > 15
    assert all(cell.endswith("*") for cell in changed)
    assert "+1,66 procentpunt*" in changed and "+23,4%*" in changed


def test_a_tile_tells_the_figure_and_the_one_before():
    told = {tile.name: tile for tile in made(hidden=("thuiszitters",)).tiles}
    assert [tile.name for tile in told.values()] == [f"Naam van {name}" for name in TILES]
    assert (told["Naam van verzuimpercentage"].figure, told["Naam van verzuimpercentage"].before) == (
        "5,95%", "2023-2024: 5,95% (+1,66 procentpunt*)",
    )  # fmt: skip
    assert told["Naam van totaal_jongeren"].before == "2023-2024: 1.234 (+234*)"
    assert (told["Naam van thuiszitters"].figure, told["Naam van thuiszitters"].before) == ("x", "2023-2024: x")


@pytest.mark.parametrize(
    ("now", "then", "before"),
    [
        (figure(waarde=9, vorige=5), figure(waarde=5, jaar=BEFORE), "2023-2024: 5 (+4)"),
        (figure(waarde=5, vorige=5), figure(waarde=5, jaar=BEFORE), "2023-2024: 5"),
        (figure(waarde=5, vorige=5, trendbreuk=True), figure(waarde=5, jaar=BEFORE), "2023-2024: 5*"),
        (figure(waarde=25, vorige=10, status="afgerond"), figure(waarde=10, jaar=BEFORE, status="afgerond"), "2023-2024: ca. 10 (ca. +15)"),
        (figure(waarde=15, vorige=10, status="afgerond"), figure(waarde=10, jaar=BEFORE, status="afgerond"), "2023-2024: ca. 10"),
        (figure(waarde=5), figure(status="onderdrukt_primair", jaar=BEFORE), "2023-2024: <5"),
        (figure(status="onderdrukt_primair"), figure(waarde=5, jaar=BEFORE), "2023-2024: 5"),
        (figure(waarde=5), None, ""),
    ],
)
def test_a_tile_has_a_difference_only_if_there_certainly_is_one(now, then, before):
    known = [indicator(tegel=1)]
    sheet = brief.make(release([now, *([then] if then else [])], known), report_tables.areas([now]), YEAR, SENDER, "lang")
    assert [tile.before for tile in sheet.tiles] == [before]


def test_of_many_gebieden_the_second_page_has_the_key_figures_of_each():
    sheet = made(REGION)
    assert (len(sheet.table.groups), len(sheet.table.lines)) == (len(TILES), 15)
    assert sheet.table.groups[0] == "Naam van verzuimpercentage*"
    assert sheet.table.lines[-1].label == "Regio"
    assert sheet.message[0].startswith("In 2024-2025 waren er in de regio")
    assert (sheet.whole, made(REGION[-3:]).whole) == (False, True)


def test_only_the_signs_that_are_shown_are_explained():
    def signs(**others):
        return next((note.sentences for note in made(**others).notes if note.title == "Tekens"), ())

    assert signs() == ()
    assert [one.partition(":")[0] for one in signs(hidden=("luxe_verzuim",))] == ["x", "Een leeg vak bij verschil"]


def test_a_chart_of_nothing_is_a_sentence(tmp_path: Path):
    sheet = made(hidden=SOORTEN + TILES)
    assert (sheet.svg, sheet.alternative) == ("", brief.NO_CHART)
    assert brief.NO_CHART in page(tmp_path, sheet).text_content()
    assert brief.NO_CHART in pages(tmp_path, sheet)[0]


def test_the_sender_signs_it_with_logo_contact_and_licence(tmp_path: Path):
    sender = SENDER.__class__(
        "Leerplicht Twente", SENDER.colours, Logo(picture(), "image/png"), "leerplicht@hengelo.example", SENDER.licence, None
    )
    sheet = made(sender=sender)
    told = pages(tmp_path, sheet, sender)
    assert "Leerplicht Twente" in told[0] and "Vragen: leerplicht@hengelo.example." in told[1]
    assert "CC BY 4.0: u mag de cijfers gebruiken als u ons noemt." in told[1]
    assert page(tmp_path, sheet, sender).find(".//img").get("src") == sender.logo.uri
    svg = Logo(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>', "image/svg+xml")
    assert len(pages(tmp_path, sheet, SENDER.__class__("X", SENDER.colours, svg, None, SENDER.licence, None))) == 2


def test_what_a_release_or_a_sender_says_is_text_and_never_markup(tmp_path: Path):
    evil = '<script>alert("1")</script> #read("/etc/passwd") \\ *vet* $x$ & co'
    sender = SENDER.__class__(evil, SENDER.colours, None, evil, evil, None)
    known = [indicator(label=evil, naam=evil, definitie_kort=evil, tegel=1)]
    rows = [figure(waarde=5, gemeente=evil)]
    sheet = brief.make(release(rows, known), report_tables.areas(rows), YEAR, sender, evil)
    shown = page(tmp_path, sheet, sender)
    assert not shown.findall(".//script")
    assert shown.findtext(".//h1/span") == evil
    assert "".join(pages(tmp_path, sheet, sender)).replace(" ", "").count(re.sub(r"\s", "", evil)) > 5


@pytest.mark.parametrize("codes", [("0164",), ("0164", "0147", "regio"), REGION])
def test_the_page_has_the_structure_for_screen_readers_and_needs_only_itself(tmp_path: Path, codes):
    shown = page(tmp_path, made(codes))
    assert shown.get("lang") == "nl"
    assert len(shown.findall(".//h1")) == 1
    [table] = shown.findall(".//table")
    assert table.findtext("caption")
    assert {cell.get("scope") for cell in table.iter("th")} - {"col", "colgroup", "rowgroup"} == {"row"}
    [drawing] = shown.findall(".//svg")
    assert drawing.get("role") == "img" and drawing.get("aria-label").startswith("Staafdiagram.")
    ids = [element.get("id") for element in shown.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {element.get("aria-labelledby") for element in shown.iter() if element.get("aria-labelledby")} <= set(ids)
    asked = [element.get(name) for element in shown.iter() for name in ("src", "href", "srcset") if element.get(name)]
    assert asked == ["factsheet-0164-uitgebreid.html"]


def test_what_is_exact_is_explained_in_openbaar_only():
    def titles(zone):
        return {note.title: note.sentences for note in made(zone=zone).notes}

    assert titles("openbaar")["Precies of afgerond"][0] == precision.CLOSED
    assert "Precies of afgerond" not in titles("intern")


def test_a_release_of_one_year_or_from_before_key_figures_is_two_pages_too(tmp_path: Path):
    sheet = made(years=(YEAR,))
    assert (sheet.table.columns, sheet.chart_note) == ((YEAR,), "")
    assert len(pages(tmp_path, sheet)) == 2
    rows = figures(("0164",))
    old = [{name: value for name, value in row.items() if name not in ("tegel", "naam", "definitie_kort")} for row in dictionary()]
    made_of = release(rows, old)
    sheet = brief.make(made_of, report_tables.areas(rows), YEAR, SENDER, "lang")
    assert sheet.tiles  # an older release has the key figures of today
    assert len(pages(tmp_path, sheet)) == 2


def test_the_same_release_gives_the_same_bytes(tmp_path: Path):
    for name in ("een", "twee"):
        factsheet_html.write(tmp_path / f"{name}.html", made(), SENDER)
        factsheet_pdf.write(tmp_path / f"{name}.pdf", made(), SENDER, release([], []).kennisdatum)
    for kind in ("html", "pdf"):
        assert (tmp_path / f"een.{kind}").read_bytes() == (tmp_path / f"twee.{kind}").read_bytes()
