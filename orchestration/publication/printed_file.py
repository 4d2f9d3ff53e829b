"""Reads a printed report from a delivered CSV file with a row per figure, in the layout of `kern.gepubliceerd_cijfer`.

Put here: parsing a file into printed figures, with error messages that give the position. Keep out: parsing the text of a figure
(`printed.py`), and comparing (`reconciliation.py`).
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from orchestration.publication.extract import Cell, PrintedError, Row, as_cell

COLUMNS = ("document", "tabel", "indicator", "label", "gemeente", "schooljaar", "gepubliceerd")
MOST_BYTES = 10_000_000  # a report has a few hundred figures
LISTED = 10
_SCHOOLJAAR = re.compile(r"(\d{4})-(\d{4})", re.ASCII)


def read_printed(path: Path) -> list[Cell]:
    """Read the figures of a delivered report.

    Args:
        path: A CSV file in UTF-8, separated by commas or semicolons, with a header that has at least `COLUMNS`, in any order.

    Raises:
        PrintedError: The file cannot be read, or a row has no valid figure; the message gives file, line, column and reason, in Dutch.
    """
    found: dict[tuple[str, ...], Cell] = {}
    wrong: list[str] = []
    for line, texts in _rows(path):
        try:
            cell = _cell(texts)
            if cell.key in found:
                raise ValueError(f"kolom gepubliceerd: {cell.document} drukt dit cijfer al op een eerdere regel")
            found[cell.key] = cell
        except ValueError as problem:
            wrong.append(f"{path.name}, regel {line}, {problem}")
    if wrong:
        more = [f"… en nog {len(wrong) - LISTED} fouten"] if len(wrong) > LISTED else []
        raise PrintedError("\n".join([*wrong[:LISTED], *more]))
    if not found:
        raise PrintedError(f"{path.name}: geen enkel cijfer")
    return list(found.values())


def _cell(texts: Row) -> Cell:
    """Parse a row into a figure; error messages begin with the column."""
    for column in COLUMNS:
        if not texts[column]:
            raise ValueError(f"kolom {column}: leeg")
    try:
        cell = as_cell(texts)
    except ValueError as problem:
        raise ValueError(f"kolom gepubliceerd: {problem}") from problem
    years = _SCHOOLJAAR.fullmatch(cell.schooljaar)
    if not years or int(years[2]) != int(years[1]) + 1:
        raise ValueError(f"kolom schooljaar: {texts['schooljaar']!r} is geen schooljaar zoals 2023-2024")
    return cell


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield the records, each with the number of its first line; skip empty lines."""
    text = _text(path)
    first_line = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first_line.count(";") > first_line.count(",") else ",", strict=True)
    line = 1
    try:
        header = [name.strip() for name in next(reader, [])]
        places = _places(path, header)
        line = reader.line_num + 1
        for record in reader:
            if record:
                if len(record) != len(header):
                    raise PrintedError(f"{path.name}, regel {line}: {len(record)} velden, en de kop heeft er {len(header)}")
                yield line, {column: record[place].strip() for column, place in places.items()}
            line = reader.line_num + 1
    except csv.Error as problem:
        raise PrintedError(f"{path.name}, regel {line}: geen leesbare CSV; sluit elk aanhalingsteken ({problem})") from problem


def _places(path: Path, header: list[str]) -> dict[str, int]:
    for column in COLUMNS:
        if header.count(column) != 1:
            why = "ontbreekt" if column not in header else "staat er meer dan één keer"
            raise PrintedError(f"{path.name}, regel 1: kolom {column} {why}; de kop is {','.join(COLUMNS)}")
    return {column: header.index(column) for column in COLUMNS}


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PrintedError(f"{path.name}: groter dan {MOST_BYTES // 1_000_000} MB, dus geen gedrukt verslag")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise PrintedError(f"{path.name}, regel {line}: geen UTF-8") from problem
    except OSError as problem:
        why = "bestaat niet" if isinstance(problem, FileNotFoundError) else "is geen bestand dat te lezen is"
        raise PrintedError(f"{path.name}: {why}") from problem
