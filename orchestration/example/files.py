"""Writes rows to reproducible files in the formats of the sources: CSV, XLSX and DUO's XML.

Put here: formats. Keep out: the files of a delivery (`folder.py`) and the rows (`rows.py`). Rows are written as they come, so that memory
does not grow with the file; `rows` is their number, and `close` returns the hash.
"""

import codecs
import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from expectations.contract import Entity

Row = dict[str, Any]
CREATED = datetime.fromisoformat("2023-01-01")  # the default is the current time
BUFFER = 1 << 15  # characters


@dataclass(frozen=True)
class Written:
    """A file of a delivery or a sheet of a workbook, for the manifest."""

    name: str
    entiteit: str
    rows: int
    sha256: str
    blad: str | None = None


class File(Protocol):
    """An open file."""

    def close(self) -> list[Written]:
        """Finish the file."""
        ...


class RowWriter:
    """Writes rows by column name of the contract, with dates as `date`."""

    rows = 0

    def write(self, row: Row) -> None:
        """Write a row."""
        raise NotImplementedError

    def extend(self, rows: Iterable[Row]) -> None:
        """Write rows."""
        for row in rows:
            self.write(row)


class _Text:
    """A buffered text file with a hash."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._file = path.open("wb")
        self._encoder = codecs.getincrementalencoder(encoding)()
        self._hash = hashlib.sha256()
        self._buffer: list[str] = []
        self._length = 0

    def write(self, text: str) -> None:
        self._buffer.append(text)
        self._length += len(text)
        if self._length >= BUFFER:
            self._flush()

    def close(self) -> str:
        self._flush()
        self._file.close()
        return self._hash.hexdigest()

    def _flush(self) -> None:
        content = self._encoder.encode("".join(self._buffer))
        self._hash.update(content)
        self._file.write(content)
        self._buffer, self._length = [], 0


class Csv(RowWriter):
    """A CSV file with semicolons.

    Args:
        path: The file.
        entity: Its entiteit.
        encoding: A Python codec.
        date_format: A `strftime` format.
        newline: The line terminator.
    """

    def __init__(self, path: Path, entity: Entity, *, encoding: str, date_format: str, newline: str) -> None:
        self._name, self._entiteit, self._date_format = path.name, entity.name, date_format
        self._columns = [column.name for column in entity.columns]
        self._is_iso = date_format == "%Y-%m-%d"
        self._text = _Text(path, encoding)
        self._writer = csv.writer(self._text, delimiter=";", lineterminator=newline)
        self._writer.writerow([column.header for column in entity.columns])

    def write(self, row: Row) -> None:
        """Write a row."""
        self.rows += 1
        values = map(row.get, self._columns)
        if self._is_iso:
            self._writer.writerow(values)  # as it writes a date itself, in half the time
        else:
            form = self._date_format
            self._writer.writerow([_day(value, form) if isinstance(value, date) else value for value in values])

    def close(self) -> list[Written]:
        """Finish the file."""
        return [Written(self._name, self._entiteit, self.rows, self._text.close())]


class Xml(RowWriter):
    """Meldingen as DUO's XML; an empty value has no element.

    Args:
        path: The file.
        entity: Its entiteit.
        namespace: The namespace of all elements; empty for none.
    """

    root = 0  # which of the contract's roots

    def __init__(self, path: Path, entity: Entity, *, namespace: str) -> None:
        self._name, self._entity, self._root = path.name, entity, entity.xml_roots[self.root]
        self._columns = [(column.name, column.xml_element) for column in entity.columns]
        self._text = _Text(path, "utf-8")
        self._text.write("<?xml version='1.0' encoding='UTF-8'?>\n")
        self._text.write(f'<{self._root} xmlns="{namespace}">\n' if namespace else f"<{self._root}>\n")

    def write(self, row: Row) -> None:
        """Write a row."""
        self.rows += 1
        self._text.write(f"  <{self._entity.xml_row}>\n{self._record(row)}  </{self._entity.xml_row}>\n")

    def close(self) -> list[Written]:
        """Finish the file."""
        self._text.write(f"</{self._root}>\n")
        return [Written(self._name, self._entity.name, self.rows, self._text.close())]

    def _record(self, row: Row) -> str:
        return self._elements(row, [name for name, _ in self._columns])

    def _elements(self, row: Row, names: Sequence[str]) -> str:
        texts = [(element, _text(row.get(name), "%Y-%m-%d")) for name, element in self._columns if name in names]
        return "".join(f"    <{element}>{_escaped(text)}</{element}>\n" for element, text in texts if text)


class NestedXml(Xml):
    """Meldingen in the form of DUO's web service: elements in elements under another root, and a period beside the records."""

    root = 1

    def __init__(self, path: Path, entity: Entity, *, namespace: str) -> None:
        super().__init__(path, entity, namespace=namespace)
        self._text.write("  <Selectieperiode><DatumBegin>2000-01-01</DatumBegin></Selectieperiode>\n")

    def _record(self, row: Row) -> str:
        own, moment = ("status", "reden_afgesloten"), ("datum_laatste_mutatie", "tijdstip_laatste_mutatie")
        rest = [name for name, _ in self._columns if name not in ("meldingsnummer", *own, *moment)]
        number = f"<IdentificatieMeldingRelatiefVerzuim>\n{self._elements(row, ['meldingsnummer'])}</IdentificatieMeldingRelatiefVerzuim>"
        melding = f"<MeldingRelatiefVerzuim>\n{number}\n{self._elements(row, own)}</MeldingRelatiefVerzuim>"
        return f"{melding}\n<Procesverloop>\n{self._elements(row, moment)}</Procesverloop>\n{self._elements(row, rest)}"


class Sheet(RowWriter):
    """A sheet of a workbook. As in a spreadsheet program an identifier is a number, without its leading zeros."""

    def __init__(self, sheet: Any, entity: Entity, *, real_dates: bool) -> None:
        self.entiteit = entity.name
        self._sheet, self._real_dates = sheet, real_dates
        self._headers = [column.header for column in entity.columns]
        self._columns = [(place, column.name, column.is_identifier) for place, column in enumerate(entity.columns)]

    def begin(self) -> None:
        """Write the headers, once; not earlier, as the order of writing determines the workbook's shared strings."""
        if self._headers:
            self._sheet.write_row(0, 0, self._headers)
            self._headers = []

    def write(self, row: Row) -> None:
        """Write a row."""
        self.begin()
        self.rows += 1
        for place, name, is_identifier in self._columns:
            value = row.get(name)
            if value in (None, ""):
                continue
            if is_identifier:
                self._sheet.write_number(self.rows, place, int(value))
            elif isinstance(value, date) and self._real_dates:
                self._sheet.write_datetime(self.rows, place, value)
            else:
                self._sheet.write_string(self.rows, place, _text(value, "%d-%m-%Y"))


class Workbook:
    """A workbook with a sheet per entiteit.

    Args:
        path: The file.
        entities: The entiteit of each sheet.
        real_dates: Whether dates are dates of the spreadsheet; otherwise text.
        named_sheets: Whether the manifest names the sheets.
        streamed: Whether rows are written to disk as they come, without shared strings.
    """

    def __init__(self, path: Path, entities: Iterable[Entity], *, real_dates: bool, named_sheets: bool, streamed: bool) -> None:
        import xlsxwriter

        self._path, self._named_sheets = path, named_sheets
        options = {"constant_memory": True} if streamed else {"in_memory": True}
        self._book = xlsxwriter.Workbook(str(path), options | {"default_date_format": "dd-mm-yyyy"})
        self._book.set_properties({"created": CREATED})
        self.sheets = {entity.name: Sheet(self._book.add_worksheet(entity.name), entity, real_dates=real_dates) for entity in entities}

    def close(self) -> list[Written]:
        """Finish the file."""
        for sheet in self.sheets.values():
            sheet.begin()
        self._book.close()
        with self._path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return [
            Written(self._path.name, name, sheet.rows, sha256, name if self._named_sheets else None) for name, sheet in self.sheets.items()
        ]


def _text(value: Any, date_format: str) -> str:
    if isinstance(value, date):
        return _day(value, date_format)
    return "" if value is None else str(value)


@lru_cache(maxsize=1 << 16)
def _day(value: date, date_format: str) -> str:
    return value.strftime(date_format)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
