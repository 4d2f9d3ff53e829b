"""Canaries: fictitious persons whose identifiers and names stand in every place of a delivery, and a search of all bytes for them.

The search shares no code with the scrubber. It looks at the bytes of each file, and at the values in Parquet, DuckDB, SQLite, JSON, zip and
gzip files.

Put here: the persons, their spellings, and the search. Keep out: deliveries and nights (`fault/test_canaries.py`).
"""

import gzip
import io
import json
import re
import sqlite3
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from leveringen import bsn, onderwijsnummer

SURNAME = "xanthippe"  # the begin of every surname, and of no other word
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
# a digit, up to three signs that may separate, a digit, …: nine digits, also where they overlap
NINE = re.compile(r"(?=((?:[0-9][ ./_,\-]{0,3}){8}[0-9]))")
EIGHT = re.compile(r"(?<![0-9])[0-9]{8}(?![0-9])")


@dataclass(frozen=True)
class Canary:
    """A fictitious person."""

    place: int
    bsn: str
    onderwijsnummer: str
    name: str
    born: date

    @property
    def spellings(self) -> tuple[str, ...]:
        """The BSN in every spelling that people use."""
        a, b, c = self.bsn[:4], self.bsn[4:6], self.bsn[6:]
        threes = [self.bsn[:3], self.bsn[3:6], self.bsn[6:]]
        joined = [sign.join(parts) for sign in ". /_,-" for parts in ((a, b, c), threes)]
        return (
            self.bsn,
            *joined,
            f"{a} - {b} - {c}",
            self.bsn.translate(WIDE),
            f"BSN{self.bsn}",
            f"{self.bsn}/1",
            f"{a}\u00a0{b}\u00a0{c}",
        )

    def spelled(self, place: int) -> str:
        """Return one of the spellings."""
        return self.spellings[place % len(self.spellings)]

    @property
    def with_birth(self) -> str:
        """The name with the birth date."""
        return f"{self.name} {self.born:%d-%m-%Y}"


def canaries(count: int) -> list[Canary]:
    """Return different persons; the BSN of every tenth one begins with a zero."""
    return [
        Canary(
            place=n,
            bsn=bsn(3_141_500 + n * 7 if n % 10 == 0 else 71_415_900 + n * 13),
            onderwijsnummer=onderwijsnummer(271_800 + n * 11),
            name=f"{('Sanne', 'Bo', 'Daan')[n % 3]} {SURNAME.title()}{chr(97 + n // 26)}{chr(97 + n % 26)}",
            born=date(2009, 1, 1) + timedelta(days=n * 9),
        )
        for n in range(count)
    ]


class Search:
    """Looks for canaries.

    Args:
        persons: The canaries.
    """

    def __init__(self, persons: Iterable[Canary]) -> None:
        persons = list(persons)
        self._numbers = {number for person in persons for number in (person.bsn, person.onderwijsnummer)}
        self._short = {person.bsn[1:] for person in persons if person.bsn.startswith("0")}
        self.seen = 0

    def text(self, text: str) -> set[str]:
        """Return what a text holds: identifiers, and `naam` for a surname."""
        self.seen += 1
        plain = text if text.isascii() else _plain(text)
        found = {"naam"} if SURNAME in plain.casefold() else set()
        found |= {re.sub("[^0-9]", "", spelled) for spelled in NINE.findall(plain)} & self._numbers
        return found | set(EIGHT.findall(plain)) & self._short

    def folder(self, folder: Path, *, leaving_out: Path | None = None) -> dict[str, set[str]]:
        """Return what the names and the content of all files in a folder hold, by path."""
        found: dict[str, set[str]] = {}
        for path in sorted(folder.rglob("*")):
            if leaving_out and path.is_relative_to(leaving_out):
                continue
            held = self.text(str(path.relative_to(folder)))
            if path.is_file() and not path.is_symlink():
                held |= self.content(path.read_bytes(), path)
            if held:
                found[str(path)] = held
        return found

    def content(self, content: bytes, path: Path | None = None) -> set[str]:
        """Return what bytes hold, as they are and decoded."""
        found = self.text(content.decode("latin-1"))
        if not content.isascii():
            found |= self.text(content.decode("utf-8", "ignore"))
        if b"\0" in content:
            found |= self.text(content.replace(b"\0", b"").decode("latin-1"))  # UTF-16 of either order
        for begin, values in _DECODERS.items():
            if content.startswith(begin):
                found |= self._values(values(content, path))
        if content[8:12] == b"DUCK" and path:
            found |= self._values(_duckdb(path))
        if content[:1] in b"{[":
            found |= self._values(_json(content))
        return found

    def _values(self, values: Iterable[str | bytes]) -> set[str]:
        found = set()
        for value in values:
            found |= self.content(value) if isinstance(value, bytes) else self.text(value)
        return found


def _plain(text: str) -> str:
    kept = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return "".join(str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in kept)


def _parquet(content: bytes, _path: Path | None) -> Iterator[str]:
    table = pq.read_table(io.BytesIO(content))
    yield str(table.schema)
    for name in table.column_names:
        yield from {str(value) for value in table.column(name).to_pylist() if value is not None}


def _duckdb(path: Path) -> Iterator[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            frame = connection.execute(f'select distinct columns(*)::varchar from "{schema}"."{table}"').fetchall()
            yield from {value for row in frame for value in row if value is not None}


def _sqlite(content: bytes, _path: Path | None) -> Iterator[str | bytes]:
    connection = sqlite3.connect(":memory:")
    # a file in WAL mode cannot be opened in memory: bytes 18 and 19 say how it is written
    connection.deserialize(content[:18] + b"\x01\x01" + content[20:])
    for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
        for row in connection.execute(f'select * from "{table}"'):
            yield from (value if isinstance(value, bytes) else str(value) for value in row if value is not None)
    connection.close()


def _zip(content: bytes, _path: Path | None) -> Iterator[str | bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name
            yield archive.read(name)


def _gzip(content: bytes, _path: Path | None) -> Iterator[bytes]:
    yield gzip.decompress(content)


def _pdf(content: bytes, _path: Path | None) -> Iterator[bytes]:
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            continue


def _json(content: bytes) -> Iterator[str]:
    for text in [content, *content.splitlines()]:
        try:
            yield json.dumps(json.loads(text), ensure_ascii=False)
        except ValueError:
            continue


_DECODERS: dict[bytes, Callable[[bytes, Path | None], Iterable[str | bytes]]] = {
    b"PAR1": _parquet,
    b"SQLite format 3\0": _sqlite,
    b"PK\x03\x04": _zip,
    b"\x1f\x8b": _gzip,
    b"%PDF": _pdf,
}
