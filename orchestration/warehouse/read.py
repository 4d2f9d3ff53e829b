"""The warehouse as analysts open it: read only, and with nothing outside it in reach.

Put here: opening the file. Keep out: what is asked of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from orchestration.lake import Lake


class NoWarehouseError(Exception):
    """There is no finished warehouse yet."""


@contextmanager
def opened(lake: Lake) -> Iterator[Any]:
    """Open the finished warehouse: read only, no files, no network, no extensions.

    Raises:
        NoWarehouseError: no night has finished on this lake.
    """
    import duckdb

    path = lake.warehouse_current
    if not path.is_file():
        raise NoWarehouseError("er is nog geen magazijn; draai eerst leerplicht run")
    with duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false", "lock_configuration": "true"}) as connection:
        yield connection


def rows(connection: Any, query: str, *arguments: object) -> list[dict[str, Any]]:
    """The rows of a query, each by column name."""
    found = connection.execute(query, list(arguments))
    names = [column[0] for column in found.description]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]
