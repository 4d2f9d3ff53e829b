"""Bad and unusual workbooks."""

# ruff: noqa: E501 - a case is one line, as in the table of the docs

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

from case import LOADED, REFUSED, REJECTED, WARNED, XLSX, Case, Landing, Make, bsn, incident, number, to_xlsx

UNREADABLE = "bestand_onleesbaar"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = list(incident("1"))
LOW = bsn(1_234_567)  # 0123…: a spreadsheet eats its zero


def one(name: str, **values: Any) -> list[list[Any]]:
    """Return a header and one incident."""
    return [HEADER, list(incident(str(number(name)), **values).values())]


def xlsx(change: Callable[[bytes], bytes] = lambda content: content, naam: str = XLSX, rijen: int = 1, **values: Any) -> Make:
    """Make a workbook with one good incident, then change its bytes."""

    def make(landing: Landing, name: str) -> None:
        content = change(to_xlsx({"Blad1": one(name, **values)}))
        landing.write(name, {naam: content}, bron="carel", entiteit="incident", rijen=rijen)

    return make


def sheets(build: Callable[[str], bytes], rijen: int = 1, blad: str | None = None) -> Make:
    """Make a delivery of a workbook."""

    def make(landing: Landing, name: str) -> None:
        wanted = {XLSX: blad} if blad else None
        landing.write(name, {XLSX: build(name)}, bron="carel", entiteit="incident", rijen=rijen, blad=wanted)

    return make


def part(name: str, content: bytes, *, replace: bool = False) -> Callable[[bytes], bytes]:
    """Add or replace a part of the archive."""

    def change(whole: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                if not (replace and info.filename == name):
                    new.writestr(info.filename, old.read(info))
            new.writestr(name, content)
        return target.getvalue()

    return change


def in_sheet(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Change the XML of the sheet."""

    def change(whole: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            sheet = archive.read(SHEET)
        assert old in sheet
        return part(SHEET, sheet.replace(old, new, 1), replace=True)(whole)

    return change


def encrypted(whole: bytes) -> bytes:
    """Set the encryption flag of all parts in the archive's directory."""
    content = bytearray(whole)
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def unpacked_size(size: int) -> Callable[[bytes], bytes]:
    """Set the unpacked size of the first part in the archive's directory."""

    def change(whole: bytes) -> bytes:
        content = bytearray(whole)
        place = content.find(b"PK\x01\x02")
        content[place + 24 : place + 28] = size.to_bytes(4, "little")
        return bytes(content)

    return change


def cells(*given: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(given)}</sheetData></worksheet>'.encode()


def cell(row: int, column: str) -> str:
    return f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>x</t></is></c></row>'


def mixed(name: str) -> bytes:
    first = number(name)
    rows = [
        HEADER,
        list(incident(str(first), BSN=float(bsn(32_100_000)), DATUM=datetime.fromisoformat("2025-03-03T14:30")).values()),
        list(incident(str(first + 1), DATUM="04-03-2025").values()),
        ["", "", "", ""],
        [" "],
    ]
    return to_xlsx({"Blad1": rows, "Leeg": []})


BOMB = b"\0" * (80 << 20)
DTD = b"<!DOCTYPE worksheet [<!ENTITY a 'b'>]>"

CASES = (
    Case("xlsx-is-csv", "een CSV die .xlsx heet", REFUSED, UNREADABLE, xlsx(lambda _: b"INCIDENTNR;BSN\n"), "carel", reden="geen werkmap"),
    Case("xlsx-nul-bytes", "een bestand van 0 bytes", REFUSED, UNREADABLE, xlsx(lambda _: b"", rijen=0), "carel"),
    Case("xlsx-afgebroken", "een afgebroken werkmap", REFUSED, UNREADABLE, xlsx(lambda c: c[:-200]), "carel", reden="beschadigde"),
    Case("xlsx-begin-weg", "een werkmap waarvan het midden ontbreekt", REFUSED, UNREADABLE, xlsx(lambda c: c[:100] + c[2000:]), "carel"),
    Case("xlsx-lege-zip", "een zip zonder werkmap", REFUSED, UNREADABLE, xlsx(lambda _: b"PK\x05\x06" + b"\0" * 18), "carel"),
    Case("xlsx-wachtwoord", "een werkmap met een wachtwoord", REFUSED, UNREADABLE, xlsx(lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "carel", reden="wachtwoord"),
    Case("xlsx-versleuteld", "een zip met versleutelde delen", REFUSED, UNREADABLE, xlsx(encrypted), "carel", reden="versleuteld"),
    Case("xlsx-oud", "een werkmap in de oude vorm (.xls)", REFUSED, UNREADABLE, xlsx(naam="incidenten.xls"), "carel"),
    Case("xlsx-xlsm", "een werkmap voor macro's (.xlsm)", REFUSED, UNREADABLE, xlsx(naam="incidenten.xlsm"), "carel", reden="wordt gelezen uit"),
    Case("xlsx-macro", "een werkmap met macro's die .xlsx heet", REFUSED, UNREADABLE, xlsx(part("xl/vbaProject.bin", b"x")), "carel", reden="macro"),
    Case("xlsx-macrotype", "een werkmap die zegt macro's te hebben", REFUSED, UNREADABLE, xlsx(part("[Content_Types].xml", b"<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>", replace=True)), "carel", reden="macro"),
    Case("xlsx-zipbom", "een deel dat duizend keer zo groot wordt", REFUSED, UNREADABLE, xlsx(part("xl/media/nul.bin", BOMB)), "carel", reden="zipbom"),
    Case("xlsx-zegt-groot", "een deel dat 3 GB zegt te worden", REFUSED, UNREADABLE, xlsx(unpacked_size(3 << 30)), "carel", reden="te groot"),
    Case("xlsx-zegt-klein", "een deel dat groter wordt dan het zegt", REFUSED, UNREADABLE, xlsx(unpacked_size(10)), "carel"),
    Case("xlsx-pad", "een deel met een pad naar elders", REFUSED, UNREADABLE, xlsx(part("../../x.xml", b"<x/>")), "carel", reden="pad"),
    Case("xlsx-dtd", "een DTD in een blad", REFUSED, UNREADABLE, xlsx(part(SHEET, DTD + cells(cell(1, "A")), replace=True)), "carel", reden="DTD"),
    Case("xlsx-blad-kapot", "een blad dat geen XML is", REFUSED, UNREADABLE, xlsx(part(SHEET, b"<worksheet><sheetData><row><c", replace=True)), "carel"),
    Case("xlsx-hoeken", "een blad met cellen in twee uiterste hoeken", REFUSED, UNREADABLE, xlsx(part(SHEET, cells(cell(1, "A"), cell(1_048_576, "XFD")), replace=True)), "carel", reden="geheugen"),
    Case("xlsx-twee-bladen", "twee gevulde bladen en geen blad in levering.json", REFUSED, UNREADABLE, sheets(lambda name: to_xlsx({"Een": one(name), "Twee": one(name)})), "carel", reden="2 bladen"),
    Case("xlsx-geen-blad", "een blad dat er niet is", REFUSED, UNREADABLE, sheets(lambda name: to_xlsx({"Een": one(name)}), blad="Interventies"), "carel", reden="geen blad Interventies"),
    Case("xlsx-titel-boven", "een titel boven de kopregel", REFUSED, "kolom_ontbreekt", sheets(lambda name: to_xlsx({"Een": [["Overzicht 2025"], *one(name)]}), 2), "carel", reden="de kopregel staat op rij 2"),
    Case("xlsx-ander-blad", "de tabel staat op een ander blad dan levering.json noemt", REFUSED, "kolom_ontbreekt", sheets(lambda name: to_xlsx({"Een": one(name), "Blad2": [["toelichting"]]}), 0, blad="Blad2"), "carel", reden="blad Een past wel"),
    Case("xlsx-samengevoegd", "samengevoegde cellen in een kolom", REFUSED, UNREADABLE, xlsx(in_sheet(b"</sheetData>", b"</sheetData><mergeCells count='1'><mergeCell ref='B2:B9'/></mergeCells>")), "carel", reden="de cellen B2:B9 zijn samengevoegd"),
    Case("xlsx-leeg-blad", "een blad zonder iets", REFUSED, UNREADABLE, sheets(lambda _: to_xlsx({"Een": []}), 0), "carel", reden="is leeg"),
    Case("xlsx-datum-als-getal", "een datum als kaal getal", REJECTED, "datum_ongeldig", sheets(lambda name: to_xlsx({"Een": [*one(name), list(incident("x", DATUM=45719).values())]}), 2), "carel"),
    Case("xlsx-formulefout", "een fout van een formule als datum", REJECTED, "datum_ongeldig", sheets(lambda name: to_xlsx({"Een": [*one(name), list(incident("x", DATUM="=1/0").values())]}), 2), "carel"),
    Case("xlsx-nullen", "een BSN als getal, zonder voorloopnul", WARNED, "nullen_hersteld", xlsx(BSN=float(LOW)), "carel"),
    Case("xlsx-onbekende-kolom", "een kolom die het contract niet kent", WARNED, "kolom_onbekend", sheets(lambda name: to_xlsx({"Een": [[*cells, "x"] for cells in one(name)]}), 1), "carel"),
    Case("xlsx-gemengd", "echte datums en tekst door elkaar, lege rijen erna, een leeg blad", LOADED, "", sheets(mixed, 2), "carel"),
    Case("xlsx-verborgen-blad", "een verborgen blad ernaast", LOADED, "", sheets(lambda name: to_xlsx({"Een": one(name), "Oud": one(name)}, hidden="Oud")), "carel"),
    Case("xlsx-ingesprongen", "een tabel die niet in cel A1 begint", LOADED, "", sheets(lambda name: to_xlsx({"Een": [[], [], *(["", "", *cells] for cells in one(name))]})), "carel"),
)  # fmt: skip
