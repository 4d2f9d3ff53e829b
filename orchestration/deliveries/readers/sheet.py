"""The XML of a sheet: cells that calamine gives as empty, though something stands there.

Those are errors (`#N/A`) and formulas whose result was never computed. They become texts, which the rules of a row reject.

Put here: finding those cells. Keep out: everything that calamine gives (`xlsx.py`).
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from orchestration.deliveries.columns import NO_RESULT

CHUNK = 1 << 20
SOMETHING = re.compile(rb"""<(?:\w+:)?f[\s/>]|\st=["']e["']""")
SIGNS = b"<f", b":f", b'"e"', b"'e'"  # what every match has one of: such a search is ten times faster
OVERLAP = 40  # bytes of a chunk that are searched again with the next one
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ERROR = "#N/A"
SAFE: Any = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}

Cells = dict[int, dict[int, str]]


def unread_cells(path: Path, blad: str) -> Cells:
    """Return the texts of the cells with an error or without a result: by row from 1, then by column from 0.

    Args:
        path: A workbook, checked by `archive.py`.
        blad: The name of the sheet.
    """
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, blad)
        if part is None or not _has_any(archive, part):
            return {}
        found: Cells = {}
        with archive.open(part) as content:
            for row, column, text in _cells(content):
                found.setdefault(row, {})[column] = text
        return found


def _part(archive: zipfile.ZipFile, blad: str) -> str | None:
    """Return the name of the part that holds a sheet; None if the workbook has an unusual layout."""
    names = set(archive.namelist())
    if not {WORKBOOK, RELATIONS} <= names:
        return None
    targets = {one.get("Id"): one.get("Target", "") for one in _parsed(archive, RELATIONS)}
    for sheet in _parsed(archive, WORKBOOK).iter("{*}sheet"):
        if sheet.get("name") == blad:
            key = next((value for name, value in sheet.attrib.items() if etree.QName(name).localname == "id"), None)
            target = posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/")
            return target if target in names else None
    return None


def _parsed(archive: zipfile.ZipFile, name: str) -> Any:
    return etree.fromstring(archive.read(name), etree.XMLParser(**SAFE))


def _has_any(archive: zipfile.ZipFile, part: str) -> bool:
    """Return whether a sheet has a formula or an error at all: a search of bytes, much faster than a parser."""
    with archive.open(part) as content:
        held = b""
        while chunk := content.read(CHUNK):
            piece = held + chunk
            if any(sign in piece for sign in SIGNS) and SOMETHING.search(piece):
                return True
            held = chunk[-OVERLAP:]
    return False


def _cells(content: Any) -> Iterator[tuple[int, int, str]]:
    """Yield row, column and text; a row or cell without a place follows the one before it."""
    row = column = 0
    for event, element in etree.iterparse(content, events=("start", "end"), tag=("{*}row", "{*}c"), **SAFE):
        is_row = etree.QName(element).localname == "row"
        if event == "start":
            if is_row:
                row, column = int(element.get("r", row + 1)), -1
            else:
                column = _column(element.get("r", "")) if element.get("r") else column + 1
        elif is_row:
            element.clear()
        elif text := _text(element):
            yield row, column, text


def _text(cell: Any) -> str:
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "e":
        return value or ERROR
    # a formula may well have an empty text as its result, and then says that it is a text
    return NO_RESULT if not value and cell.get("t") != "str" and cell.find("{*}f") is not None else ""


def _column(place: str) -> int:
    """Return the number of a column, from 0: of `AB12` that of `AB`."""
    number = 0
    for sign in place:
        if sign.isalpha():
            number = number * 26 + ord(sign.upper()) - ord("A") + 1
    return number - 1
