"""XLSX: a sheet of a workbook, read by calamine.

Put here: cells → columns of text, in the form of the contract. Keep out: other formats, checks of the zip archive (`archive.py`), and the
type of a text. Cell formats are ignored, and of a formula only its result is read.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from lxml import etree

from expectations.contract import Contract, Entity
from orchestration.deliveries.readers import layout
from orchestration.deliveries.readers.archive import find_fault, passing
from orchestration.deliveries.readers.batch import Batch, Headers, Reading, has_few_values
from orchestration.deliveries.readers.sheet import unread_cells
from orchestration.scrub import safe_text

ROWS = 20_000


class XlsxReading(Reading):
    """An open sheet.

    Args:
        path: The workbook.
        contract: The contract with the date format.
        entity: Its entiteit.
        blad: The name of the sheet; None if only one visible sheet is not empty.
        max_bytes: Limit of the unpacked workbook.

    Raises:
        Refusal: It is no workbook, has no such sheet, or several sheets and no `blad`.
    """

    def __init__(self, path: Path, contract: Contract, entity: Entity, blad: str | None, max_bytes: int) -> None:
        super().__init__(path, entity)
        self._date_format = contract.date_formats[0]
        if fault := find_fault(path, max_bytes):
            raise self.unreadable(fault)
        self._rows = ((number, row) for number, row in self._open(blad) if _filled(row))
        self._places: list[array[int]] = []
        first, header = next(self._rows, (0, []))
        if not first:
            raise self.unreadable("is leeg: er staat geen kopregel in")
        width = max((place for place, cell in enumerate(header, 1) if cell not in ("", None)), default=0)
        self._refuse_merged(first, width)
        self._headers = Headers(self, [self._text(cell) for cell in header[:width]])
        if self.missing:
            self.layout = self._layout(first)

    def batches(self) -> Iterator[Batch]:
        """Yield the records, without empty rows."""
        first = 1
        while records := list(islice(self._rows, ROWS)):
            rows = [row for _, row in records]
            self._places.append(array("i", [number for number, _ in records]))
            columns = {column.name: self._column(rows, place, has_few_values(column)) for place, column in self._headers.positions}
            yield Batch(first, len(rows), columns)
            first += len(rows)

    def lines(self, records: Sequence[int]) -> dict[int, int]:
        """Return the row of the sheet of each of these records."""
        places = list(chain.from_iterable(self._places))
        return {record: places[record - 1] for record in records}

    def _column(self, rows: list[Sequence[Any]], place: int, few: bool) -> Any:
        cells = (row[place] if place < len(row) else "" for row in rows)
        texts = pa.array([cell if cell.__class__ is str else self._text(cell) for cell in cells], pa.string())
        return texts.dictionary_encode() if few else texts

    def _refuse_merged(self, first: int, width: int) -> None:
        """Refuse merged cells in the table: only the first of them has the value."""
        for (top, left), (bottom, right) in self._merged:
            if bottom + 1 >= first and left < width:
                cells = f"{_place(top, left)}:{_place(bottom, right)}"
                raise self.unreadable(f"de cellen {cells} zijn samengevoegd; splits ze, dan heeft elke cel haar eigen waarde")

    def _layout(self, first: int) -> str:
        """Return what the first row looked like, and which row or sheet would fit."""
        begin = {
            name: [[self._text(cell) for cell in row] for row in islice(self._book.get_sheet_by_name(name).iter_rows(), layout.LINES)]
            for name in (self._blad, *self._others)
        }
        for name in self._others:
            if any(layout.fits(self.entity, row) for row in begin[name]):
                return f"blad {safe_text(name)} past wel; noem dat (#{safe_text(name)} achter het bestand, of blad in levering.json)"
        return layout.explain(self.entity, begin[self._blad][first - 1 :], "rij", first)

    def _open(self, blad: str | None) -> Iterator[tuple[int, Sequence[Any]]]:
        """Return the rows of the sheet with their numbers, from the first one."""
        import python_calamine as calamine

        try:
            with passing():
                return self._rows_of(blad)
        except (calamine.CalamineError, etree.LxmlError, ValueError):
            raise self.unreadable("is geen werkmap, of een beschadigde") from None

    def _rows_of(self, blad: str | None) -> Iterator[tuple[int, Sequence[Any]]]:
        import python_calamine as calamine

        book = calamine.CalamineWorkbook.from_path(str(self.path))
        sheets = [s.name for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
        visible = [s.name for s in book.sheets_metadata if s.name in sheets and s.visible == calamine.SheetVisibleEnum.Visible]
        if blad is None:
            filled = [name for name in visible if len(visible) == 1 or book.get_sheet_by_name(name).total_height]
            blad = self._only(filled or visible)
        if blad not in sheets:
            raise self.unreadable(f"heeft geen blad {safe_text(blad)}")
        sheet, unread = book.get_sheet_by_name(blad), unread_cells(self.path, blad)
        self._book, self._blad, self._others = book, blad, [name for name in visible if name != blad]
        self._merged = sheet.merged_cell_ranges or []
        rows = enumerate(sheet.iter_rows(), 1)
        return ((number, _with(row, unread.get(number))) for number, row in rows) if unread else rows

    def _only(self, sheets: list[str]) -> str:
        if len(sheets) != 1:
            raise self.unreadable(f"heeft {len(sheets)} bladen waaruit te kiezen valt: noem er één in levering.json (blad)")
        return sheets[0]

    def _text(self, cell: Any) -> str:
        """Return a cell as the text that a CSV would contain."""
        if cell is None or isinstance(cell, str):
            return cell or ""
        if isinstance(cell, float):
            return str(int(cell)) if cell.is_integer() else repr(cell)
        if isinstance(cell, (datetime, date)):
            return _written(cell, self._date_format)
        return str(cell)


@lru_cache(maxsize=4096)
def _written(day: date, form: str) -> str:
    """Return a date as text; a sheet has few days, and many cells with them."""
    return day.strftime(form)


def _with(row: Sequence[Any], unread: Mapping[int, str] | None) -> Sequence[Any]:
    """Return a row with the texts of cells that calamine gives as empty."""
    if not unread:
        return row
    cells = [*row, *[""] * (max(unread) + 1 - len(row))]
    for place, text in unread.items():
        cells[place] = text
    return cells


def _place(row: int, column: int) -> str:
    """Return the name of a cell, such as `AB12`."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters, column = chr(ord("A") + letter) + letters, column - 1
    return f"{letters}{row + 1}"


def _filled(row: Sequence[Any]) -> bool:
    return any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in row)
