"""Deviating rows, counted by DuckDB and judged by Great Expectations: of a table of any size a gate holds one row of counts.

Put here: the form of such a count, its SQL and its expectation, and opening DuckDB for a gate. Keep out: what deviates (`suites/`), and
evaluating an expectation (`gate.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.verdict import CRITICAL

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS = "aantal rijen"  # the column of a counted frame with the number of rows behind it
COLUMN = "kolom"  # in the metadata of an expectation: the column that it is about


@dataclass(frozen=True)
class Deviation:
    """A kind of deviation of the rows of a table, and the column of a counted frame with the number of rows that have it.

    Args:
        name: That column.
        number: Its value, in SQL over the rows `rij`.
        holds: The rule that these rows violate, in Dutch.
        column: What findings call it, if not by `name`.
        tolerated: How many rows may deviate, in SQL; empty: none.
        severity: Of the rule.
    """

    name: str
    number: str
    holds: str
    column: str = ""
    tolerated: str = ""
    severity: str = CRITICAL

    @property
    def numbers(self) -> dict[str, str]:
        """The SQL of each column of the frame."""
        return {self.name: self.number} | ({self._most: self.tolerated} if self.tolerated else {})

    @property
    def expectation(self) -> Any:
        """The expectation of Great Expectations on the frame."""
        import great_expectations.expectations as gxe

        told: Any = {"description": self.holds, "severity": self.severity, "meta": {COLUMN: self.column} if self.column else None}
        if self.tolerated:
            return gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A=self._most, column_B=self.name, or_equal=True, **told)
        return gxe.ExpectColumnValuesToBeInSet(column=self.name, value_set=[0], **told)

    @property
    def _most(self) -> str:
        return f"{self.name}, hoogstens"


def where(name: str, condition: str, holds: str, **more: str) -> Deviation:
    """Return the deviation of rows that satisfy a condition in SQL."""
    return Deviation(name, f"count(*) filter (where {condition})", holds, **more)


def double(name: str, key: Sequence[str], holds: str, **more: str) -> Deviation:
    """Return the deviation of rows that share their key with another row."""
    shared = f"select count(*) as n from rij group by {', '.join(key)} having count(*) > 1"  # noqa: S608 – columns of this project
    return Deviation(name, f"(select coalesce(cast(sum(n) as bigint), 0) from ({shared}))", holds, **more)  # noqa: S608 – the same


def query(rows: str, deviations: Sequence[Deviation]) -> str:
    """Return the query of a counted frame, or of one row of it.

    Args:
        rows: The rows: a table, or any other relation of DuckDB.
        deviations: What is counted.
    """
    numbers = {ROWS: "count(*)"} | {name: number for one in deviations for name, number in one.numbers.items()}
    selected = ", ".join(f'{number} as "{name}"' for name, number in numbers.items())
    # a row is read for its columns that are counted: materialised, it would be read whole
    return f"with rij as not materialized (from {rows}) select {selected} from rij"  # noqa: S608 – names of contracts and of this project


def row(connection: "DuckDBPyConnection", query: str, parameters: Sequence[object] = ()) -> dict[str, int]:
    """Return the only row of a query, by column."""
    result = connection.execute(query, parameters)
    return dict(zip((name for name, *_ in result.description or ()), result.fetchall()[0], strict=True))


def deviating(expected: Any) -> str:
    """Return the column of a counted frame with the number of rows that violate an expectation, by its configuration."""
    return str(expected.kwargs.get("column_B") or expected.kwargs["column"])


def opened(database: Path | None, spill: Path | None = None, memory: str = "") -> "DuckDBPyConnection":
    """Open DuckDB for a gate, or for what reads the warehouse as a whole.

    Args:
        database: A file to open read-only; None: a database in memory.
        spill: A folder for what does not fit in memory, made when it is needed, and removed; None: nothing goes to the disk.
        memory: What `orchestration.memory.limit` returns; empty: DuckDB's own limit.
    """
    import duckdb

    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(spill or ""),
    }
    config |= {"memory_limit": memory} if memory else {}
    return duckdb.connect(str(database or ":memory:"), read_only=database is not None, config=config)
