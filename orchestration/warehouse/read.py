"""The warehouse as analysts open it: read only, and with nothing outside it in reach.

Put here: opening the file. Keep out: what is asked of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestration.lake import Lake

# the last two: a misspelt table must not become a Python variable of that name, and readers of one file would share a folder to spill in
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
BESIDE = "ander"


class NoWarehouseError(Exception):
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
    with duckdb.connect(str(lake.warehouse_current), read_only=True, config=dict(CONFIG)) as connection:
        if beside:
            quoted = str(beside).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {BESIDE} (read_only)")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


def rows(connection: Any, query: str, *arguments: object) -> list[dict[str, Any]]:
    """The rows of a query, each by column name."""
    found = connection.execute(query, list(arguments))
    names = [column[0] for column in found.description]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]
