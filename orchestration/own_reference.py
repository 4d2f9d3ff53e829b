"""Checks the reference tables that a gemeente gives in a CSV file of its own, beside the project's (`dbt_project/macros/referentie.sql`).

Put here: what such a file may hold. Keep out: reading it into the warehouse (dbt), and the project's own tables (seeds).
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

CODE = re.compile(r"\d{4}")
COLUMNS = {"gemeente_opvolgers": ("gemeente_code", "opvolger", "vanaf"), "wijken": ("wijkcode", "wijk")}


def rows(name: str, path: Path) -> list[dict[str, str]]:
    """Read a file of a gemeente, separated by commas or semicolons, with a header.

    Args:
        name: The setting that gives it: `gemeente_opvolgers` or `wijken`.
        path: The file.

    Returns:
        Its rows, at least one; every value as text.

    Raises:
        ValueError: It cannot be read, or a value is wrong; the text names the file, line and column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            separator = ";" if ";" in file.readline() else ","
            file.seek(0)
            reader = csv.DictReader(file, delimiter=separator, strict=True)
            found, header = list(reader), reader.fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ValueError(f"{path.name} is niet te lezen als CSV in UTF-8") from None
    if missing := [column for column in COLUMNS[name] if column not in header]:
        raise ValueError(f"{path.name}, regel 1: kolom {missing[0]} ontbreekt")
    if not found:
        raise ValueError(f"{path.name} heeft geen rijen")
    seen: set[str] = set()
    for line, row in enumerate(found, 2):
        for column, fault in _faults(name, row, seen):
            raise ValueError(f"{path.name}, regel {line}, kolom {column}: {fault}")
        seen.add(row[COLUMNS[name][0]])
    return found


def _faults(name: str, row: dict[str, str], seen: set[str]) -> Iterator[tuple[str, str]]:
    key = COLUMNS[name][0]
    for column in COLUMNS[name]:
        if not row[column]:
            yield column, "is leeg"
    if row[key] in seen:
        yield key, "deze code staat er twee keer"
    if name == "gemeente_opvolgers":
        for column in ("gemeente_code", "opvolger"):
            if not CODE.fullmatch(row[column]):
                yield column, "geef een gemeentecode van vier cijfers"
        try:
            date.fromisoformat(row["vanaf"])
        except ValueError:
            yield "vanaf", "geef een datum als 2026-01-01"
