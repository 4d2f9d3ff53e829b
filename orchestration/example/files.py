"""Rows → the files that sources deliver: CSV, XLSX and DUO's XML, byte for byte the same every time.

Put here: formats. Keep out: which rows a delivery has (`deliveries.py`).
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from lxml import etree

from expectations import contract

Row = dict[str, Any]
MADE = datetime.fromisoformat("2023-01-01")  # xlsxwriter would write the clock


@dataclass(frozen=True)
class Made:
    """A file of a delivery, or a sheet of it, as its manifest lists it.

    Args:
        content: The bytes; sheets of one workbook share them.
    """

    name: str
    entiteit: str
    rows: int
    content: bytes
    blad: str | None = None


def as_csv(bron: str, entiteit: str, rows: Sequence[Row], *, encoding: str, date_format: str, name: str = "", newline: str = "\n") -> Made:
    """A CSV with semicolons; a text with a semicolon, quote or line break is quoted.

    Args:
        bron: Whose layout.
        entiteit: Which rows.
        rows: By column name of the contract; dates as dates.
        encoding: A Python codec.
        date_format: A `strftime` format.
        name: The file's name; without one the contract's, as CSV.
        newline: What ends a record.
    """
    entity = contract.load(bron).entities[entiteit]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator=newline)
    writer.writerow([column.header for column in entity.columns])
    for row in rows:
        writer.writerow([_text(row.get(column.name), date_format) for column in entity.columns])
    file = name or f"{Path(entity.file).stem}.csv"
    return Made(file, entiteit, len(rows), text.getvalue().encode(encoding))


def as_workbook(bron: str, sheets: Mapping[str, Sequence[Row]], *, name: str, real_dates: bool, named_sheets: bool) -> list[Made]:
    """A workbook with a sheet per entiteit. A spreadsheet takes a BSN for a number, and so eats its zeros.

    Args:
        bron: Whose layout.
        sheets: Entiteit → rows.
        name: The file's name.
        real_dates: Dates as dates of the spreadsheet; else as text.
        named_sheets: Whether the manifest names the sheets.
    """
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd-mm-yyyy"}) as book:
        book.set_properties({"created": MADE})
        for entiteit, rows in sheets.items():
            sheet = book.add_worksheet(entiteit)
            columns = contract.load(bron).entities[entiteit].columns
            sheet.write_row(0, 0, [column.header for column in columns])
            for line, row in enumerate(rows, 1):
                for place, column in enumerate(columns):
                    _write_cell(sheet, line, place, row.get(column.name), is_number=column.is_identifier, real_dates=real_dates)
    content = stream.getvalue()
    return [Made(name, entiteit, len(rows), content, entiteit if named_sheets else None) for entiteit, rows in sheets.items()]


def as_xml(rows: Sequence[Row], *, namespace: str = "") -> Made:
    """Meldingen as DUO's XML; an empty value has no element."""
    entity = contract.load("duo").entities["verzuimmelding"]
    prefix = f"{{{namespace}}}" if namespace else ""
    root = etree.Element(f"{prefix}{entity.xml_root}", nsmap=cast(Any, {None: namespace} if namespace else None))
    for row in rows:
        record = etree.SubElement(root, f"{prefix}{entity.xml_row}")
        for column in entity.columns:
            text = _text(row.get(column.name), "%Y-%m-%d")
            if text:
                etree.SubElement(record, f"{prefix}{column.xml_element}").text = text
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return Made("verzuimmeldingen.xml", "verzuimmelding", len(rows), content)


def write(landing: Path, bron: str, levering: str, kennisdatum: str, aard: str, files: Sequence[Made]) -> Path:
    """Write a delivery: its files, and its manifest last."""
    folder = landing / bron / levering
    for private in (landing, landing / bron, folder):
        private.mkdir(parents=True, exist_ok=True)
        private.chmod(0o700)
    listed = []
    for file in files:
        (folder / file.name).write_bytes(file.content)
        line: dict[str, Any] = {"naam": file.name, "entiteit": file.entiteit}
        line |= {"sha256": hashlib.sha256(file.content).hexdigest(), "rijen": file.rows}
        listed.append(line | ({"blad": file.blad} if file.blad else {}))
    manifest = {"bron": bron, "levering": levering, "kennisdatum": kennisdatum, "aard": aard, "bestanden": listed}
    (folder / "levering.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return folder


def _text(value: Any, date_format: str) -> str:
    if isinstance(value, date):
        return value.strftime(date_format)
    return "" if value is None else str(value)


def _write_cell(sheet: Any, line: int, place: int, value: Any, *, is_number: bool, real_dates: bool) -> None:
    if value in (None, ""):
        return
    if is_number:
        sheet.write_number(line, place, int(value))
    elif isinstance(value, date) and real_dates:
        sheet.write_datetime(line, place, value)
    else:
        sheet.write_string(line, place, _text(value, "%d-%m-%Y"))
