"""The warehouse as analysts open it: read only, and with nothing outside it in reach.

Put here: opening the file and asking it something. Keep out: what is asked of it, and printing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake

# the last two: a misspelt table must not become a Python variable of that name, and readers of one file would share a folder to spill in
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
NAME, BESIDE = "leerplicht", "ander"
NUMBERS = ("BIGINT", "DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "INTEGER", "NUMBER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER")


class NoWarehouseError(LeerplichtError):
    """There is no finished warehouse yet."""


@contextmanager
def opened(lake: Lake, beside: Path | None = None) -> Iterator[Any]:
    """Open the finished warehouse: read only, no files, no network, no extensions.

    Whoever holds it open while another night takes its place goes on with the night that was opened.

    Args:
        lake: The lake.
        beside: Another warehouse to compare with, in the same session, as database `ander`.

    Raises:
        NoWarehouseError: no night has finished on this lake, or there is nothing at `beside`.
    """
    import duckdb

    for path in (lake.warehouse_current, beside):
        if path and not path.is_file():
            raise NoWarehouseError("er is nog geen magazijn; draai eerst leerplicht run")
    # an empty database with the night attached: two sessions on one file in one process would otherwise be one session, locks and all
    with duckdb.connect(":memory:", config=dict(CONFIG)) as connection:
        _attach_current(connection, lake)
        if beside:
            _attach(connection, beside, BESIDE)
        connection.execute(f"use {NAME}")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def _attach_current(connection: Any, lake: Lake) -> None:
    """Attach the night in place, also when it loses its place, and its name, while DuckDB is between the link and the file."""
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
    """The rows of a query, each by column name."""
    found = connection.execute(query, list(arguments))
    names = [column[0] for column in found.description]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


@dataclass(frozen=True)
class Answer:
    """What a query gave.

    Args:
        columns: Their names.
        numeric: Of each column whether it holds numbers.
        rows: The rows, at most as many as were asked for.
        is_cut: Whether there are more.
    """

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool


def ask(connection: Any, query: str, at_most: int | None = None) -> Answer:
    """Ask a query, and take its first rows.

    Raises:
        duckdb.Error: DuckDB cannot do it; its message says why.
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
