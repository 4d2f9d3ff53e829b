"""Rules on files: presence, names, their entries in the descriptor, and the format of a CSV.

Put here: problems that stop a program before it reads a figure. Keep out: the values in the Parquet.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from expectations import published
from expectations.files.rule import rule
from expectations.files.staged import BYTE_ORDER_MARK, CSV, DESCRIPTOR, FILES, TABLES, Faults, Staged

FILE_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9]+")
NUMBER = re.compile(r"-?\d+(,\d+)?")
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NOT_APPLICABLE = "-"  # a sign on its own, which a spreadsheet reads as text
YES, NO = "ja", "nee"
BATCH = 10_000


@rule("een bestandsnaam heeft kleine letters, cijfers en lage streepjes, en een achtervoegsel", FILES)
def file_name(staged: Staged) -> Faults:
    """Yield file names with a space, a capital or another character that some systems reject."""
    yield from ((name, "") for name in staged.hashes if not FILE_NAME.fullmatch(name))


@rule("elke tabel die het contract de zone belooft, is er, en geen andere", FILES)
def file_present(staged: Staged) -> Faults:
    """Yield tables of the zone that have no file, and files of tables that are not for the zone."""
    promised = {table.file for table in published.tables(staged.zone)}
    yield from ((name, "ontbreekt") for name in sorted(promised - staged.hashes.keys()))
    yield from ((name, "hoort er niet") for name in staged.hashes if name.endswith(".parquet") and name not in promised)


@rule("elk bestand staat in datapackage.json, en elk bestand daarin is er", FILES)
def file_described(staged: Staged) -> Faults:
    """Yield files that the descriptor does not list exactly once, and listed files that do not exist."""
    listed = [resource["path"] for resource in staged.descriptor.get("resources", [])]
    yield from ((name, "staat er niet in") for name in staged.hashes if name not in listed)
    yield from ((name, "is er niet") for name in listed if name not in staged.hashes)
    yield from ((name, "staat er vaker in") for name in sorted({name for name in listed if listed.count(name) > 1}))


@rule("wat datapackage.json zegt van de grootte en de hash van een bestand, klopt", FILES)
def file_unchanged(staged: Staged) -> Faults:
    """Yield files whose size or hash differs from the descriptor."""
    for resource in staged.descriptor.get("resources", []):
        name = resource["path"]
        if name in staged.hashes and (resource["bytes"], resource["hash"]) != (staged.sizes[name], f"sha256:{staged.hashes[name]}"):
            yield f"{DESCRIPTOR}: {name}", ""


@rule("elke tabel heeft de kolommen van het contract, met hun type, in die volgorde", TABLES)
def columns(staged: Staged) -> Faults:
    """Yield tables whose columns differ from the contract."""
    for table in staged.promised():
        if list(staged.columns[table.name]) != [(column.name, column.type) for column in table.columns]:
            yield table.file, ""


@rule("elke tabel heeft rijen, behalve een die volgens het contract leeg mag zijn", TABLES)
def table_has_rows(staged: Staged) -> Faults:
    """Yield tables without rows that should have some."""
    yield from ((table.file, "") for table in staged.promised() if not len(staged.tables[table.name]) and not table.may_be_empty)


@rule("een CSV is UTF-8 met een byte order mark: anders toont Excel letters met een accent verkeerd", CSV)
def csv_encoding(staged: Staged) -> Faults:
    """Yield CSV files in an encoding that some spreadsheet programs misread."""
    for name, content in staged.csv.items():
        if not content.startswith(BYTE_ORDER_MARK):
            yield name, "begint zonder byte order mark"
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            yield name, "is geen UTF-8"


@rule("een CSV heeft in elke rij evenveel vakken als kolommen, en de kolommen van haar Parquet", CSV)
def csv_shape(staged: Staged) -> Faults:
    """Yield CSV files with another header, and rows with another number of cells."""
    for name, lines in staged.lines.items():
        header = [column for column, _ in staged.columns.get(name.removesuffix(".csv"), ())]
        if lines[:1] != [header]:
            yield name, "de kop is een andere"
        yield from ((f"{name}, rij {number}", "") for number, cells in enumerate(lines[1:], 1) if len(cells) != len(header))


@rule("een getal in een CSV heeft geen punten tussen duizendtallen en een komma voor de decimalen", CSV)
def csv_number(staged: Staged) -> Faults:
    """Yield numbers that a program cannot parse with the declared format."""
    kinds = {column.name: column.kind for table in published.load().tables for column in table.columns}
    for where, name, text in _cells(staged):
        if kinds.get(name) in ("integer", "number") and text and not NUMBER.fullmatch(text):
            yield where, name


@rule("geen vak van een CSV is iets wat een rekenblad als formule uitvoert", CSV)
def csv_no_formula(staged: Staged) -> Faults:
    """Yield cells that a spreadsheet would execute as a formula."""
    for where, name, text in _cells(staged):
        if text.startswith(STARTS_FORMULA) and text != NOT_APPLICABLE and not NUMBER.fullmatch(text):
            yield where, name


@rule("een CSV heeft dezelfde rijen als haar Parquet", CSV)
def csv_equals_parquet(staged: Staged) -> Faults:
    """Yield differences between a CSV and its Parquet."""
    for name, lines in staged.lines.items():
        rows = staged.tables.get(name.removesuffix(".csv"))
        size = 0 if rows is None else len(rows)
        if len(lines) != size + 1:
            yield name, f"{len(lines) - 1} rijen naast {size}"
        for number, (cells, row) in enumerate(zip(lines[1:], _values(rows), strict=False), 1):
            if any(not _same(text, value) for text, value in zip(cells, row, strict=False)):
                yield f"{name}, rij {number}", ""


def _values(rows: pa.Table | None) -> Iterator[tuple[Any, ...]]:
    """Yield the values of each row; only those of one batch are in memory as Python's."""
    for batch in rows.to_batches(max_chunksize=BATCH) if rows is not None else ():
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _same(text: str, value: Any) -> bool:
    """Return whether a cell is the text of a value; dots between thousands are allowed, as another rule rejects them."""
    if value is None:
        return text == ""
    if isinstance(value, bool):
        return text == (YES if value else NO)
    if isinstance(value, date):
        return text == value.isoformat()
    if isinstance(value, int | Decimal):
        return bool(re.fullmatch(r"-?[\d.,]+", text)) and Decimal(text.replace(".", "").replace(",", ".")) == value
    return bool(text == value)


def _cells(staged: Staged) -> Iterator[tuple[str, str, str]]:
    """Yield every cell below a header: its place, its column, its text."""
    for name, lines in staged.lines.items():
        header = lines[0] if lines else []
        for number, cells in enumerate(lines[1:], 1):
            yield from ((f"{name}, rij {number}", column, text) for column, text in zip(header, cells, strict=False))


RULES = (
    *(file_name, file_present, file_described, file_unchanged, columns, table_has_rows),
    *(csv_encoding, csv_shape, csv_number, csv_no_formula, csv_equals_parquet),
)
