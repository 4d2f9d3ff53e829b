"""XLSX: a sheet of a workbook, by calamine; cells become the text that the contract expects.

Put here: cells → columns of text. Keep out: other formats, the archive that it is (`archive.py`), and what a text means. Formulas
and formats are never looked at.
"""

from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations.contract import Contract, Entity
from orchestration.deliveries.readers.archive import find_fault
from orchestration.deliveries.readers.batch import Batch, Headers, Reading, has_few_values
from orchestration.deliveries.reasons import shown

ROWS = 20_000


class XlsxReading(Reading):
    """A sheet that is being read.

    Args:
        path: The workbook.
        contract: How dates are written.
        entity: What it holds.
        blad: The name of the sheet; None where one visible sheet only has something in it.
        max_bytes: What the workbook may unpack to.

    Raises:
        Refusal: It is no workbook, has no such sheet, or it is not clear which sheet is meant.
    """

    def __init__(self, path: Path, contract: Contract, entity: Entity, blad: str | None, max_bytes: int) -> None:
        super().__init__(path, entity)
        self._date_format = contract.date_formats[0]
        if fault := find_fault(path, max_bytes):
            raise self.unreadable(fault)
        self._rows = ((number, row) for number, row in enumerate(self._open(blad), 1) if _filled(row))
        self._places: list[array[int]] = []
        _, header = next(self._rows, (0, []))
        width = max((place for place, cell in enumerate(header, 1) if cell not in ("", None)), default=0)
        self._headers = Headers(self, [self._text(cell) for cell in header[:width]])

    def batches(self) -> Iterator[Batch]:
        """The records; an empty row is none."""
        first = 1
        while records := list(islice(self._rows, ROWS)):
            rows = [row for _, row in records]
            self._places.append(array("i", [number for number, _ in records]))
            columns = {column.name: self._column(rows, place, has_few_values(column)) for place, column in self._headers.positions}
            yield Batch(first, len(rows), columns)
            first += len(rows)

    def lines(self, records: Sequence[int]) -> dict[int, int]:
        """The row of the sheet where each of these records stands."""
        places = list(chain.from_iterable(self._places))
        return {record: places[record - 1] for record in records}

    def _column(self, rows: list[Sequence[Any]], place: int, few: bool) -> Any:
        cells = (row[place] if place < len(row) else "" for row in rows)
        texts = pa.array([cell if cell.__class__ is str else self._text(cell) for cell in cells], pa.string())
        return texts.dictionary_encode() if few else texts

    def _open(self, blad: str | None) -> Iterator[Sequence[Any]]:
        """The rows of the sheet, from its first."""
        import python_calamine as calamine

        try:
            book = calamine.CalamineWorkbook.from_path(str(self.path))
            sheets = [s.name for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
            shown_sheets = [s.name for s in book.sheets_metadata if s.name in sheets and s.visible == calamine.SheetVisibleEnum.Visible]
            if blad is None:
                filled = [name for name in shown_sheets if len(shown_sheets) == 1 or book.get_sheet_by_name(name).total_height]
                blad = self._only(filled or shown_sheets)
            if blad not in sheets:
                raise self.unreadable(f"heeft geen blad {shown(blad)}")
            return iter(book.get_sheet_by_name(blad).iter_rows())
        except (calamine.CalamineError, OSError, ValueError):
            raise self.unreadable("is geen werkmap, of een beschadigde") from None

    def _only(self, sheets: list[str]) -> str:
        if len(sheets) != 1:
            raise self.unreadable(f"heeft {len(sheets)} bladen waaruit te kiezen valt: noem er één in levering.json (blad)")
        return sheets[0]

    def _text(self, cell: Any) -> str:
        """A cell as the text that a CSV would have had."""
        if cell is None or isinstance(cell, str):
            return cell or ""
        if isinstance(cell, float):
            return str(int(cell)) if cell.is_integer() else repr(cell)
        if isinstance(cell, (datetime, date)):
            return cell.strftime(self._date_format)
        return str(cell)


def _filled(row: Sequence[Any]) -> bool:
    return any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in row)
