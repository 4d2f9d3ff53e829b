"""Rejected rows: what is needed to correct them at the source, without identifiers.

Put here: the fields of a rejected row and how its value is masked. Keep out: the rules that reject (`checks.py`, `duplicates.py`).
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from expectations.contract import Column, Entity
from orchestration import parquet_file
from orchestration.deliveries.checks import NO_FAULT
from orchestration.deliveries.columns import NO_RESULT, SPREADSHEET_ERRORS
from orchestration.deliveries.identifiers import DIGITS, MAX_RESTORED, are_valid
from orchestration.deliveries.reasons import MASK, REJECTION_CODES, printable
from orchestration.deliveries.rows import TypedBatch

FIELDS: dict[str, pa.DataType] = {
    "bestand": pa.string(),
    "rijnummer": pa.int64(),
    "regel": pa.int64(),
    "kolom": pa.string(),
    "code": pa.string(),
    "waarde": pa.string(),
    "sleutel": pa.string(),
    # whose row it is, so that it can be disclosed and erased
    "bsn_pseudoniem": pa.string(),
    "onderwijsnummer_pseudoniem": pa.string(),
}
PERSON = ("bsn_pseudoniem", "onderwijsnummer_pseudoniem")
SCHEMA = pa.schema(FIELDS)
SHOWN = tuple(name for name in FIELDS if name not in PERSON)  # what is needed to correct a row
MAX_VALUE = 200
LOOKS_LIKE_IDENTIFIER = re.compile(r"[0-9](?:[ .-]?[0-9]){8,}")  # or contains one
MAY_LACK_ZEROS = re.compile(r"(?<![0-9])[0-9]{7,9}(?:\.0)?(?![0-9])")
TIME = r"[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
MOMENT = re.compile(rf"(?:[0-9]{{1,4}}[-/.][0-9]{{1,2}}[-/.](?:[0-9]{{4}}|[0-9]{{1,2}})(?:[T ]+{TIME})?|{TIME})")
COMPACT_DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
LONGEST_SHAPE = 40
NAMES = {"bsn": "een BSN", "onderwijsnummer": "een onderwijsnummer"}


@dataclass
class Rejected:
    """A rejected row.

    Args:
        position: Its position among all rows of the entiteit in the delivery, from 0.
        moment: Its mutation moment in microseconds, to find duplicates.
        content: A digest of its content, to find duplicates.
        regel: Its line in the file; set when all files have been read, as only rejected rows need it.
        bsn_pseudoniem, onderwijsnummer_pseudoniem: Its person, by the numbers that are valid.
    """

    position: int
    bestand: str
    rijnummer: int
    kolom: str
    code: str
    waarde: str
    sleutel: str | None
    moment: int | None
    content: bytes
    regel: int | None = None
    bsn_pseudoniem: str | None = None
    onderwijsnummer_pseudoniem: str | None = None


def collect(typed: TypedBatch, entity: Entity, offset: int, *, restores_zeros: bool) -> list[Rejected]:
    """Return the rejected rows of a batch.

    Args:
        typed: The batch.
        entity: Its entiteit.
        offset: Position of the batch's first row.
        restores_zeros: Whether numbers of seven or eight digits may be identifiers too.
    """
    places = np.flatnonzero(typed.faults.rank != NO_FAULT)
    if not len(places):
        return []
    at: Any = pa.array(places)
    given = {name: texts.take(at) for name, texts in typed.texts.items()}
    persons = [name for name in PERSON if name in typed.table.column_names]
    rows = typed.table.select(["bestand", "rijnummer", "sleutel", *persons]).take(at).to_pydict()
    moments = typed.table.column("mutatiemoment").take(at).cast(pa.int64()).to_pylist()
    found = []
    for number, place in enumerate(places.tolist()):
        column = entity.columns[typed.faults.column[place]]
        found.append(
            Rejected(
                position=offset + place,
                bestand=rows["bestand"][number],
                rijnummer=rows["rijnummer"][number],
                kolom=column.header,
                code=REJECTION_CODES[typed.faults.rank[place]],
                waarde=safe_value(column, given[column.name][number], restores_zeros=restores_zeros),
                sleutel=rows["sleutel"][number],
                moment=moments[number],
                content=digest("\x1f".join(["afgewezen", *(texts[number] for texts in given.values())])),
                **{name: rows[name][number] for name in persons},
            )
        )
    return found


def safe_value(column: Column, text: str, *, restores_zeros: bool) -> str:
    """Return a delivered value without identifiers: its shape in a column of identifiers, elsewhere printable text with numbers masked.

    A date or a time is never masked: it is what a reader must see to correct it.
    """
    if column.is_identifier:
        return _shape(column, text)
    if MOMENT.fullmatch(text) or (column.kind == "date" and COMPACT_DAY.fullmatch(text)):
        return text
    masked = LOOKS_LIKE_IDENTIFIER.sub(MASK, text)
    if restores_zeros:
        masked = MAY_LACK_ZEROS.sub(MASK, masked)
    return printable(masked[:MAX_VALUE])


def _shape(column: Column, text: str) -> str:
    """Return what stood in a column of identifiers: each digit as 9, each letter as x, and what is wrong if that does not show."""
    if text in (*SPREADSHEET_ERRORS, NO_RESULT):
        return text
    whole, point, rest = text.partition(".0")
    if point and not rest:
        return f"{_shape(column, whole).partition(' ')[0]}.0"  # how a spreadsheet writes a number
    shape = "".join("9" if sign.isdigit() else "x" if sign.isalpha() else sign for sign in printable(text[:LONGEST_SHAPE]))
    if text.isdecimal() and len(text) != DIGITS:
        zeros = "; een rekenblad laat nullen vooraan weg" if DIGITS - MAX_RESTORED <= len(text) < DIGITS else ""
        return f"{shape} ({len(text)} cijfers{zeros})"
    if shape != "9" * DIGITS:
        return shape
    other = next((name for kind, name in NAMES.items() if kind != column.kind and are_valid(kind, pa.array([text])).any()), "elfproef")
    return f"{shape} ({other})"


def digest(text: str) -> bytes:
    """Return a digest of a row's content, to compare rows without keeping them in memory."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def write(rows: Iterable[Rejected], path: Path) -> None:
    """Write rejected rows, in the order of the delivery."""
    ordered = sorted(rows, key=lambda row: row.position)
    columns = [pa.array([getattr(row, name) for row in ordered], SCHEMA.field(name).type) for name in SCHEMA.names]
    with writer(path) as file:
        file.write_table(pa.table(columns, schema=SCHEMA))


def writer(path: Path) -> Any:
    """Open a Parquet file for rejected rows, in the form that all of them have."""
    return parquet_file.writer(path, SCHEMA, compression="zstd")
