"""Opens the warehouse for analysts: read-only, and without access to anything outside it.

Put here: opening the file and running a query. Keep out: the queries themselves, and printing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake

# the last two: a misspelt table must not resolve to a Python variable of that name, and readers of one file would share a spill folder
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
NAME, BESIDE = "leerplicht", "ander"
NUMBERS = ("BIGINT", "DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "INTEGER", "NUMBER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER")


class NoWarehouseError(LeerplichtError):
    """There is no finished warehouse."""


class DamagedWarehouseError(LeerplichtError):
    """A block of the warehouse is not what was written: DuckDB compares its checksum when it reads it."""


@contextmanager
def opened(lake: Lake, beside: Path | None = None) -> Iterator[Any]:
    """Open the finished warehouse: read-only, no files, no network, no extensions.

    A connection keeps the night that it opened, also when another night becomes current.

    Args:
        lake: The lake.
        beside: Another warehouse to attach in the same session, as database `ander`.

    Raises:
        NoWarehouseError: No night has finished on this lake, or there is no file at `beside`.
        DamagedWarehouseError: It is damaged; a question may raise it too.
    """
    import duckdb

    for path in (lake.warehouse_current, beside):
        if path and not path.is_file():
            raise NoWarehouseError("er is nog geen magazijn; draai eerst leerplicht run")
    # attach the night to an empty database: two direct connections to one file in one process would share a session and its locks
    with _naming_damage(), duckdb.connect(":memory:", config=dict(CONFIG)) as connection:
        _attach_current(connection, lake)
        if beside:
            _attach(connection, beside, BESIDE)
        connection.execute(f"use {NAME}")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


@contextmanager
def _naming_damage() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as problem:
        if "checksum" not in str(problem):
            raise
        raise DamagedWarehouseError(
            "het magazijn is beschadigd; leerplicht run bouwt het opnieuw, en tot dan zet leerplicht rollback een eerdere nacht terug"
        ) from None


def _attach_current(connection: Any, lake: Lake) -> None:
    """Attach the current night; retry if it is replaced and unlinked after DuckDB resolved the link."""
    import duckdb

    while True:
        night = lake.warehouse_current.resolve()
        try:
            return _attach(connection, night, NAME)
        except duckdb.IOException:
            if night.exists():
                raise


def _attach(connection: Any, path: Path, name: str) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as {name} (read_only)")


def rows(connection: Any, query: str, *arguments: object) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts by column name."""
    found = connection.execute(query, list(arguments))
    names = [column[0] for column in found.description]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


@dataclass(frozen=True)
class Answer:
    """The result of a query.

    Args:
        columns: Column names.
        numeric: Whether each column holds numbers.
        rows: The rows, at most as many as requested.
        is_cut: Whether there are more.
    """

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool


def count_statements(query: str) -> int:
    """Return the number of statements in a text; comments and empty statements do not count."""
    import duckdb

    written = query.encode()
    signs = [written[place : place + 1] for place, kind in duckdb.tokenize(query) if kind != duckdb.token_type.comment]
    return sum(not is_end for is_end, _ in groupby(signs, lambda sign: sign == b";"))


def ask(connection: Any, query: str, at_most: int | None = None) -> Answer:
    """Run a query and fetch its first rows.

    Raises:
        duckdb.Error: The query fails; DuckDB's message gives the reason.
    """
    found = connection.execute(query)
    described = found.description or []
    taken = found.fetchall() if at_most is None else found.fetchmany(at_most + 1)
    kinds = [str(column[1]) for column in described]
    return Answer(
        columns=tuple(column[0] for column in described),
        numeric=tuple(any(kind.startswith(number) for number in NUMBERS) for kind in kinds),
        rows=taken[:at_most],
        is_cut=at_most is not None and len(taken) > at_most,
    )
