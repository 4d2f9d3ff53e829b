"""`kerncijfers.csv`: the same rows and columns as `kerncijfers.parquet`, for whoever opens a file in a spreadsheet.

It is written as a Dutch spreadsheet reads it without asking: `;` between the cells, a decimal comma, and a byte order mark, without which
Excel takes UTF-8 for another encoding. Put here: how a cell is written. Keep out: which rows there are.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

FILE = "kerncijfers.csv"
DELIMITER, DECIMAL_CHAR, LINE_END = ";", ",", "\r\n"
ENCODING = "utf-8-sig"  # with the byte order mark
YES, NO = "ja", "nee"


def write(folder: Path, _zone: str) -> None:
    """Write the file beside the Parquet that it is made of.

    Args:
        folder: Of the release that is being made.
        _zone: Makes no difference: what may be seen is decided in the Parquet.
    """
    table = pq.read_table(folder / FILE.replace(".csv", ".parquet"))
    (folder / FILE).write_bytes(content(table.column_names, table.to_pylist()))


def content(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Write rows as the bytes of a file.

    Args:
        columns: The names, in order.
        rows: Each with exactly these columns.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=DELIMITER, lineterminator=LINE_END)
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode(ENCODING)


def cell(value: Any) -> str:
    """Write a value as a cell: no dots between thousands, nothing for null, a date as 2024-10-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    return str(value).replace(".", DECIMAL_CHAR) if isinstance(value, Decimal) else str(value)
