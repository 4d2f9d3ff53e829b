"""An interactive SQL shell on the warehouse: a query ends with `;`, Tab completes names.

Put here: reading input. Keep out: opening the warehouse and printing. It uses Python's own console, as DuckDB's is not in its wheel. Input
may hold a pseudonym, so no history is kept.
"""

import code
from collections.abc import Callable
from typing import Any

import duckdb

from orchestration.warehouse.read import Answer, ask

GREETING = """Het magazijn, alleen om te lezen. Eindig een vraag met ; en stop met .quit of Ctrl-D.
.tabellen toont de tabellen, .kolommen kern.melding de kolommen van een tabel."""
QUIT = (".quit", ".exit", "quit", "exit")
HERE = "database_name = current_database()"  # not the attached night
FOR_ANALYSTS = "schema_name in ('kern', 'jaarverslag')"
TABLES = (
    "select schema_name as schema, table_name as tabel, comment as betekenis from duckdb_tables()"  # noqa: S608 – names of this module
    f" where {HERE} and {FOR_ANALYSTS} order by all;"
)
COLUMNS = (
    "select column_name as kolom, data_type as type, comment as betekenis from duckdb_columns()"  # noqa: S608 – names of the catalogue
    f" where {HERE} and schema_name || '.' || table_name = '{{}}' order by column_index;"
)
NAMES = (
    f"select schema_name || '.' || table_name from duckdb_tables() where {HERE} and {FOR_ANALYSTS}"  # noqa: S608 – names of this module
    f" union select column_name from duckdb_columns() where {HERE} and {FOR_ANALYSTS} order by all"
)


class Shell(code.InteractiveConsole):
    """Reads statements and passes on each answer.

    Args:
        connection: The opened warehouse.
        show: Called with each answer.
        tell: Called with an error message.
        at_most: Maximum number of rows of an answer.
    """

    def __init__(self, connection: Any, show: Callable[[Answer], None], tell: Callable[[str], None], at_most: int) -> None:
        super().__init__()
        self._connection, self._show, self._tell, self._at_most = connection, show, tell, at_most

    def runsource(self, source: str, filename: str = "", symbol: str = "") -> bool:  # noqa: ARG002 – the console's signature
        """Process the input so far; return True if the statement is incomplete."""
        typed = source.strip()
        if typed in QUIT:
            raise SystemExit
        query = _command(typed)
        if query and not query.endswith(";"):
            return True
        try:
            if query:
                self._show(ask(self._connection, query, self._at_most))
        except duckdb.Error as problem:
            self._tell(str(problem))
        return False

    def complete(self, text: str, state: int) -> str | None:
        """Return the next completion of a prefix; called by readline."""
        if not state:
            names = self._connection.execute(NAMES).fetchall()
            self._found = [name for (name,) in names if name.startswith(text)]
        return self._found[state] if state < len(self._found) else None


def _command(typed: str) -> str:
    """Translate a dot command into a query."""
    if typed == ".tabellen":
        return TABLES
    if typed.startswith(".kolommen "):
        return COLUMNS.format(typed.split()[1].replace("'", "''"))
    return typed


def run(shell: Shell) -> None:
    """Run the shell until the user exits."""
    import readline
    import sys

    readline.set_completer(shell.complete)
    readline.set_completer_delims(" \t\n,()=<>")
    readline.parse_and_bind("tab: complete")
    sys.ps1, sys.ps2 = "leerplicht> ", "       ...> "
    try:
        shell.interact(GREETING, exitmsg="")
    except SystemExit:
        return
