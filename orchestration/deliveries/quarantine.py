"""Rejected rows: what is needed to correct them at the source, without identifiers.

Put here: the fields of a rejected row and how its value is masked. Keep out: the rules that reject (`checks.py`, `duplicates.py`).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from expectations.contract import Column, Entity
from orchestration import parquet_file, scrub
from orchestration.deliveries.checks import NO_FAULT
from orchestration.deliveries.columns import NO_RESULT, SPREADSHEET_ERRORS
from orchestration.deliveries.identifiers import DIGITS, MAX_RESTORED, are_valid
from orchestration.deliveries.reasons import REJECTION_CODES
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


def collect(typed: TypedBatch, entity: Entity, offset: int) -> list[Rejected]:
    """Return the rejected rows of a batch.

    Args:
        typed: The batch.
        entity: Its entiteit.
        offset: Position of the batch's first row.
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
                waarde=safe_value(column, given[column.name][number]),
                sleutel=rows["sleutel"][number],
                moment=moments[number],
                content=digest("\x1f".join(["afgewezen", *(texts[number] for texts in given.values())])),
                **{name: rows[name][number] for name in persons},
            )
        )
    return found


def safe_value(column: Column, text: str) -> str:
    """Return a delivered value without identifiers: what is as short as a code and what is a date as it came, of the rest its shape.

    A date or a time is what a reader must see to correct it; a code that does not exist as well. A name or a number that stands in their
    place is not, and a pseudonym of a wrong text would help nobody.
    """
    if text in (*SPREADSHEET_ERRORS, NO_RESULT):
        return text
    if column.is_identifier:
        return _shape(column, text)
    return scrub.code_or_shape(text, is_date=column.kind == "date", allowed=column.allowed)


def _shape(column: Column, text: str) -> str:
    """Return what stood in a column of identifiers: each digit as 9, each letter as x, and what is wrong if that does not show."""
    whole, point, rest = text.partition(".0")
    if point and not rest:
        return f"{_shape(column, whole).partition(' ')[0]}.0"  # how a spreadsheet writes a number
    shape = scrub.shape(text)
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
