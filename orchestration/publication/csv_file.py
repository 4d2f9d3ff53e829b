"""Writes `kerncijfers.csv` and `vergelijking.csv`: the same rows and columns as the Parquet of that name, for use in a spreadsheet.

A spreadsheet with Dutch settings opens it without an import dialog: `;` as separator, a decimal comma, and a byte order mark, without
which Excel assumes an encoding other than UTF-8. Put here: formatting of cells. Keep out: selecting rows.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration import parquet_file
from orchestration.publication import parquet

FILE = "kerncijfers.csv"
FILES = (FILE, "vergelijking.csv")
DELIMITER, DECIMAL_CHAR, LINE_END = ";", ",", "\r\n"
ENCODING = "utf-8-sig"  # with the byte order mark
YES, NO = "ja", "nee"


def write(folder: Path, _zone: str) -> None:
    """Write each file next to the Parquet that it is derived from.

    Args:
        folder: Staging folder of the release.
        _zone: Not used: the Parquet holds only what the zone may see.
    """
    for file in FILES:
        table = parquet_file.read((folder / file).with_suffix(".parquet"))
        (folder / file).write_bytes(content(table.column_names, parquet.rows(table)))


def content(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the bytes of a file with these rows.

    Args:
        columns: Column names, in order.
        rows: Rows with exactly these columns.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=DELIMITER, lineterminator=LINE_END)
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode(ENCODING)


def cell(value: Any) -> str:
    """Format a value as a cell: no thousands separator, empty for null, a date as 2024-10-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    return str(value).replace(".", DECIMAL_CHAR) if isinstance(value, Decimal) else str(value)
