"""XLSX: a sheet of a workbook, by calamine; cells become the text that the contract expects.

Put here: cells → columns of text. Keep out: other formats, and what a text means. Macros, formulas and formats are never looked at.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from expectations.contract import Contract, Entity
from orchestration.deliveries.readers.batch import Batch, Headers, Reading, has_few_values
from orchestration.deliveries.reasons import shown

ROWS = 50_000


class XlsxReading(Reading):
    """A sheet that is being read.

    Args:
        path: The workbook.
        contract: How dates are written.
        entity: What it holds.
        blad: The name of the sheet; None where one visible sheet only has something in it.

    Raises:
        Refusal: It is no workbook, has no such sheet, or it is not clear which sheet is meant.
    """

    def __init__(self, path: Path, contract: Contract, entity: Entity, blad: str | None) -> None:
        super().__init__(path, entity)
        self._date_format = contract.date_formats[0]
        self._rows = iter(self._open(blad))
        header: Sequence[Any] = next((row for row in self._rows if _filled(row)), [])
        width = max((place for place, cell in enumerate(header, 1) if cell not in ("", None)), default=0)
        self._headers = Headers(self, [self._text(cell) for cell in header[:width]])

    def batches(self) -> Iterator[Batch]:
        """The records; an empty row is none."""
        first = 1
        records = (row for row in self._rows if _filled(row))
        while rows := list(islice(records, ROWS)):
            columns = {column.name: self._column(rows, place, has_few_values(column)) for place, column in self._headers.positions}
            yield Batch(first, len(rows), columns)
            first += len(rows)

    def _column(self, rows: list[Sequence[Any]], place: int, few: bool) -> Any:
        array = pa.array([self._text(row[place]) if place < len(row) else "" for row in rows], pa.string())
        return array.dictionary_encode() if few else array

    def _open(self, blad: str | None) -> Any:
        import python_calamine as calamine

        with self.path.open("rb") as file:
            if file.read(2) != b"PK":
                raise self.unreadable("is geen werkmap")
        try:
            book = calamine.CalamineWorkbook.from_path(str(self.path))
            sheets = [s.name for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
            shown_sheets = [s.name for s in book.sheets_metadata if s.name in sheets and s.visible == calamine.SheetVisibleEnum.Visible]
            if blad is None:
                filled = [name for name in shown_sheets if book.get_sheet_by_name(name).total_height]
                blad = self._only(filled or shown_sheets)
            if blad not in sheets:
                raise self.unreadable(f"heeft geen blad {shown(blad)}")
            return book.get_sheet_by_name(blad).to_python(skip_empty_area=False)
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
        if isinstance(cell, (time, timedelta)):
            return str(cell)
        return str(cell)


def _filled(row: Sequence[Any]) -> bool:
    return any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in row)
