"""Canaries: fictitious persons whose identifiers and names stand in every place of a delivery, and a search of all bytes for them.

The search shares no code with the scrubber. It looks at the bytes of each file, and at the values in Parquet, DuckDB, SQLite, JSON, zip and
gzip files.

Put here: the persons, their spellings, and the search. Keep out: deliveries and nights (`fault/test_canaries.py`).
"""

import gzip
import hashlib
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
import pyarrow as pa
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
        self._known: dict[bytes, set[str]] = {}

    def text(self, text: str, texts: int = 1) -> set[str]:
        """Return what a text, or several on lines of their own, hold: identifiers, and `naam` for a surname."""
        self.seen += texts
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
                held |= self._file(path)
            if held:
                found[str(path)] = held
        return found

    def _file(self, path: Path) -> set[str]:
        """Return what a file holds; the same bytes are searched once."""
        content = path.read_bytes()
        seal = hashlib.sha256(content).digest()
        if seal not in self._known:
            self._known[seal] = self.content(content, path)
        return self._known[seal]

    def content(self, content: bytes, path: Path | None = None) -> set[str]:
        """Return what bytes hold, as they are and decoded."""
        found = self.text(_latin(content))
        if not content.isascii():
            found |= self.text(content.decode("utf-8", "ignore"))
        if b"\0" in content:
            found |= self.text(_latin(content.replace(b"\0", b"")))  # UTF-16 of either order
        for begin, values in _DECODERS.items():
            if content.startswith(begin):
                found |= self._values(values(content, path))
        if content[8:12] == b"DUCK" and path:
            found |= self._values(_duckdb(path))
        if content[:1] in b"{[":
            found |= self._values(_json(content))
        return found

    def _values(self, values: Iterable[str | bytes]) -> set[str]:
        found, texts = set(), []
        for value in values:
            if isinstance(value, bytes):
                found |= self.content(value)
            else:
                texts.append(value)
        return found | self.text("\n".join(texts), len(texts))  # no number and no name continues on the next line


class _Signs(dict[int, int | str | None]):
    """Every sign without its form: a digit of any script is 0 to 9, and an invisible one is nothing."""

    def __missing__(self, code: int) -> int | str | None:
        sign = chr(code)
        kind = unicodedata.category(sign)
        self[code] = made = None if kind == "Cf" else str(unicodedata.decimal(sign)) if kind == "Nd" else code
        return made


_SIGNS = _Signs()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


# of these 256 signs, the ones that separate or are part of a number or a name, as `_plain` gives them; bytes are translated much faster
_BYTES = bytes.maketrans("¹²³ªº\u00a0".encode("latin-1"), b"123ao ")
_INVISIBLE = "\u00ad".encode("latin-1")


def _latin(content: bytes) -> str:
    """Return bytes as Latin-1, in which only what is part of no canary is not ASCII."""
    return content.translate(_BYTES, _INVISIBLE).translate(_ASCII).decode("ascii")


_ASCII = bytes(code if code < 128 else 0 for code in range(256))


def _parquet(content: bytes, _path: Path | None) -> Iterator[str]:
    if not content.endswith(b"PAR1") or len(content) < 12:
        return  # half written by a process that was killed: only its bytes can be searched
    table = pq.read_table(io.BytesIO(content))
    yield str(table.schema)
    for name in table.column_names:
        column = table.column(name)
        values = column if pa.types.is_nested(column.type) else column.unique()
        yield from {str(value) for value in values.to_pylist() if value is not None}


def _duckdb(path: Path) -> Iterator[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        for schema, table, column in connection.execute(columns).fetchall():
            rows = connection.execute(f'select distinct "{column}"::varchar from "{schema}"."{table}"').fetchall()
            yield from (value for (value,) in rows if value is not None)


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
