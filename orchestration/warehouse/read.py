"""Opens the warehouse for analysts: read-only, and without access to anything outside it.

DuckDB itself refuses files, network, extensions and settings; it still runs statements that are no query, and table functions that act: one
that logs to a file aborts the process. So a session accepts one query at a time, with only the table functions that this module lists.

Put here: opening the file and running a query. Keep out: the queries themselves, and printing.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.outcome import Afloop

# the last two: a misspelt table must not resolve to a Python variable of that name, and readers of one file would share a spill folder
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
NAME, BESIDE, PROVENANCE = "leerplicht", "ander", "herkomst"
# the table functions of a query: they compute, or read the catalogue; any other of DuckDB, also of a later version, is refused
COMPUTING = {"generate_series", "json_each", "json_tree", "range", "repeat", "repeat_row", "summary", "unnest"}
CATALOGUE = {f"duckdb_{name}" for name in ("columns", "constraints", "functions", "schemas", "tables", "types", "views")} | {
    "pragma_table_info"
}
NOT_A_QUERY = "dit is niet één vraag (select, with, from, describe, show, summarize, pivot, explain); er is niets uitgevoerd"
EXPLAIN = re.compile(r"\A(\s|--[^\n]*(\n|\Z)|/\*.*?\*/)*explain(\s+analyze\b)?", re.IGNORECASE | re.DOTALL)
NUMBERS = ("BIGINT", "DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "INTEGER", "NUMBER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER")


class NoWarehouseError(LeerplichtError):
    """There is no finished warehouse."""


class DamagedWarehouseError(LeerplichtError):
    """A block of the warehouse is not what was written: DuckDB compares its checksum when it reads it."""

    afloop = Afloop.BESCHADIGD


class ProvenanceError(LeerplichtError):
    """This user may not read the tables behind the warehouse."""


class Session:
    """An opened warehouse, which runs queries and nothing else.

    Args:
        connection: DuckDB's connection.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, query: str, parameters: object = None) -> Any:
        """Run one query, and return DuckDB's result.

        Raises:
            duckdb.Error: The text is not one query, names a table function that a query may not use, or fails; the message is the reason.
        """
        import duckdb

        used = self._table_functions(query)
        if used is None:
            raise duckdb.PermissionException(NOT_A_QUERY)
        if refused := sorted(used - COMPUTING - CATALOGUE):
            raise duckdb.PermissionException(f"{refused[0]}() kan hier niet: een vraag leest alleen het magazijn; er is niets uitgevoerd")
        return self._connection.execute(query, parameters)

    def _table_functions(self, query: str) -> set[str] | None:
        """Return the table functions that a query names, in lower case; None if the text is not one query, or an explanation of one."""
        kinds = [statement.type.name for statement in self._connection.extract_statements(query)]
        if kinds == ["EXPLAIN"]:
            explained = EXPLAIN.sub("", query)
            return self._table_functions(explained) if explained != query else None
        if len(kinds) > 1 and set(kinds[:-1]) == {"CREATE"} and kinds[-1] == "SELECT" and count_statements(query) == 1:
            # a pivot without its values, which DuckDB first looks up and cannot serialise: any of its words may be a function
            known = "select distinct lower(function_name) from duckdb_functions() where function_type = 'table'"
            return set(re.findall(r"\w+", query.lower())) & {name for (name,) in self._connection.execute(known).fetchall()}
        [(parsed,)] = self._connection.execute("select json_serialize_sql(?::varchar)", [query]).fetchall()
        statements = json.loads(parsed).get("statements", [])
        return set(_named(statements[0])) if kinds == ["SELECT"] and len(statements) == 1 else None


def _named(node: Any) -> Iterator[str]:
    """Yield the names of the table functions in DuckDB's tree of a query."""
    if isinstance(node, dict):
        if node.get("type") == "TABLE_FUNCTION":
            yield str(node["function"]["function_name"]).lower()
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _named(part)


@contextmanager
def opened(lake: Lake, beside: Path | None = None, *, provenance: bool = False) -> Iterator[Any]:
    """Open the finished warehouse: read-only, no files, no network, no extensions.

    A connection keeps the night that it opened, also when another night becomes current.

    Args:
        lake: The lake.
        beside: Another warehouse to attach in the same session, as database `ander`.
        provenance: Whether to attach the tables behind the warehouse as well, as database `herkomst`; never for a query of an analyst.

    Raises:
        NoWarehouseError: No night has finished on this lake, there is no file at `beside`, or the night has nothing behind it.
        ProvenanceError: This user may not read what is behind the warehouse.
        DamagedWarehouseError: It is damaged; a question may raise it too.
    """
    import duckdb

    for path in (lake.warehouse_current, beside):
        if path and not path.is_file():
            raise NoWarehouseError("er is nog geen magazijn; draai eerst leerplicht run")
    # attach the night to an empty database: two direct connections to one file in one process would share a session and its locks
    with _naming_damage(), duckdb.connect(":memory:", config=dict(CONFIG)) as connection:
        night = _attach_current(connection, lake)
        if provenance:
            _attach(connection, _provenance(lake, night), PROVENANCE)
        if beside:
            _attach(connection, beside, BESIDE)
        connection.execute(f"use {NAME}")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield Session(connection)


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


def _provenance(lake: Lake, night: Path) -> Path:
    path = lake.provenance(night.parent.name)
    try:
        if path.stat() and os.access(path, os.R_OK):
            return path
    except FileNotFoundError:
        raise NoWarehouseError("van deze nacht is niet bewaard waar zij van gemaakt is; draai eerst leerplicht run") from None
    except PermissionError:
        pass
    raise ProvenanceError("wat er achter het magazijn ligt is niet voor analisten; vraag het aan wie de nacht draait")


def _attach_current(connection: Any, lake: Lake) -> Path:
    """Attach the current night and return it; retry if it is replaced and unlinked after DuckDB resolved the link."""
    import duckdb

    while True:
        night = lake.warehouse_current.resolve()
        try:
            _attach(connection, night, NAME)
        except duckdb.IOException:
            if night.exists():
                raise
        else:
            return night


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
