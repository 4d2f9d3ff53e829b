"""Reads from the finished warehouse: our figures, the printed ones, and the reference data that relates them.

The columns of each published table, and the warehouse table that they come from, are defined in `publicatie.odcs.yaml`. Put here: reading
the warehouse. Keep out: validating or computing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from expectations import published
from expectations import reference as seeds
from expectations.published import PublishedContractError
from orchestration.errors import LeerplichtError
from orchestration.publication.printed import UNREADABLE, Printed, parse
from orchestration.publication.weergave import weergave

Row = dict[str, Any]
Sums = Mapping[str, tuple[str, ...]]

REGIO = "regio"
SHOWN = "weergave"  # the column that the publication adds
PRINTED_REGIO = "Regio Twente"  # the report's name for all gemeenten together; our regio is the gemeenten that are served

_PRINTED = "select document, tabel, indicator, label, gemeente, schooljaar, gepubliceerd from kern.gepubliceerd_cijfer order by all"
_OF_MONITOR = """
select
    'monitor' as document,
    coalesce(indicatoren.tabel, 'geen') as tabel,
    eigen.indicator,
    coalesce(indicatoren.label, eigen.indicator) as label,
    gemeenten.naam as gemeente,
    eigen.schooljaar,
    eigen.waarde as gepubliceerd
from kern.monitor_kerncijfer as eigen
inner join kern.gemeente as gemeenten on eigen.gemeente_code = gemeenten.gemeente_code and gemeenten.is_bediend
inner join kern.schooljaar as schooljaren on eigen.schooljaar = schooljaren.schooljaar
left join kern.indicator as indicatoren on eigen.indicator = indicatoren.indicator
order by all
"""


class PrintedError(LeerplichtError):
    """A row of the printed figures that cannot be read."""


@dataclass(frozen=True)
class Cell:
    """One printed figure."""

    document: str
    tabel: str
    indicator: str
    label: str
    gemeente: str
    schooljaar: str
    printed: Printed

    @property
    def key(self) -> tuple[str, ...]:
        """The key of a figure, unique within a report."""
        return (self.document, self.indicator, self.gemeente, self.schooljaar)


@dataclass(frozen=True)
class Rate:
    """Definition of a rate: `factor` × the indicator `teller` / the indicator `noemer`."""

    indicator: str
    teller: str
    noemer: str
    factor: int


@dataclass(frozen=True)
class Reference:
    """Relations between indicators.

    Args:
        order: Position of each indicator in the report.
        sums: The parts of each total.
        covers: The rows under each number of jongeren: a jongere counts in at least one of them, and once in each.
    """

    order: Mapping[str, int]
    sums: Sums
    covers: Sums
    rates: tuple[Rate, ...]


def figures(connection: duckdb.DuckDBPyConnection, threshold: int) -> list[Row]:
    """Read our figures as published, each with its `weergave`, the text that a report prints for it."""
    return table_of(connection, "kerncijfers", threshold).to_pylist()


def printed_of(figures: pa.Table, cells: Sequence[Cell]) -> list[Row]:
    """Return those of our figures that printed ones can be compared with; a report prints few of all gemeenten.

    Args:
        figures: Our figures, as of `table_of`.
        cells: The printed figures.
    """
    places = {(cell.indicator, cell.gemeente, cell.schooljaar) for cell in cells}
    named = pc.is_in(figures["gemeente"], pa.array({cell.gemeente for cell in cells}, pa.string()))
    there = figures.filter(pc.or_(named, pc.equal(figures["gemeente_code"], pa.scalar(REGIO))))
    return [row for row in there.to_pylist() if printed_place(row) in places]


def table_of(connection: duckdb.DuckDBPyConnection, name: str, threshold: int) -> pa.Table:
    """Read a published table, with the columns of its contract; as columns, as of all gemeenten there are a million rows.

    Args:
        connection: The warehouse.
        name: A table of the contract that has an origin.
        threshold: Counts below this are the ones that a report withholds.

    Raises:
        PublishedContractError: The warehouse lacks a column of the contract.
    """
    table = published.table(name)
    origin = table.origin
    if origin is None:
        raise ValueError(f"{name} has no origin in the warehouse")
    wanted = [column.name for column in table.columns if column.name not in (*origin.computed, *origin.empty)]
    there = {column for column, *_ in connection.execute(f"describe {origin.table}").fetchall()}
    if missing := [column for column in wanted if column not in there]:
        model = f"dbt_project/models/marts/{origin.table.replace('.', '/')}.sql"
        raise PublishedContractError(
            f"{published.CONTRACT.name} belooft van {name} {', '.join(missing)}, en {model} heeft die kolommen niet"
        )
    order = ", ".join(origin.order or wanted)
    query = f"select {', '.join(wanted)} from {origin.table} order by {order}"  # noqa: S608 – names of the contract
    found = connection.execute(query).to_arrow_table()
    for column in origin.empty:
        found = found.append_column(column, pa.nulls(len(found), table.schema.field(column).type))
    return found.append_column(SHOWN, _shown(found, threshold)) if SHOWN in origin.computed else found


def _shown(figures: pa.Table, threshold: int) -> "pa.ChunkedArray[Any]":
    """Return the text that a report prints for each figure."""
    chunks = []
    for batch in figures.to_batches():
        parts = (batch[name].to_pylist() for name in ("status", "waarde", "percentage", "eenheid"))
        told = zip(*parts, strict=True)
        chunks.append(pa.array([weergave(status, waarde, rate, unit, threshold) for status, waarde, rate, unit in told], pa.string()))
    return pa.chunked_array(chunks, pa.string())


def cells(connection: duckdb.DuckDBPyConnection) -> list[Cell]:
    """Read the printed figures.

    Raises:
        PrintedError: A text is not a figure, or a document prints the same figure twice.
    """
    found: dict[tuple[str, ...], Cell] = {}
    for row in _rows(connection, _PRINTED):
        named = f"gepubliceerd_cijfer: {row['document']}, {row['indicator']}, {row['gemeente']}, {row['schooljaar']}"
        try:
            cell = as_cell(row)
        except ValueError as problem:
            raise PrintedError(f"{named}: {problem}") from problem
        if cell.key in found:
            raise PrintedError(f"{named}: staat er twee keer")
        found[cell.key] = cell
    return list(found.values())


def monitor_cells(connection: duckdb.DuckDBPyConnection) -> list[Cell]:
    """Read the monitor's own figures as printed cells, for the gemeenten that are served and the schooljaren that are published.

    A delivered text that is not a figure becomes `UNREADABLE`.
    """
    return [_readable_or_not(row) for row in _rows(connection, _OF_MONITOR)]


def _readable_or_not(row: Row) -> Cell:
    try:
        return as_cell(row)
    except ValueError:
        return _cell(row, UNREADABLE)


def as_cell(row: Row) -> Cell:
    """Parse the texts of a row into a printed figure.

    Raises:
        ValueError: The printed text is not a figure.
    """
    return _cell(row, parse(str(row["gepubliceerd"])))


def _cell(row: Row, printed: Printed) -> Cell:
    schooljaar = re.sub(r"\s*/\s*", "-", row["schooljaar"])  # the report writes 2023/2024 and 2023 / 2024 too
    names = {name: row[name] for name in ("document", "tabel", "indicator", "label", "gemeente")}
    return Cell(**names, schooljaar=schooljaar, printed=printed)


@cache
def reference() -> Reference:
    """Read the relations between indicators."""
    dictionary = seeds.rows("indicator")
    return Reference(
        order={row["indicator"]: int(row["volgorde"]) for row in dictionary},
        sums=seeds.totals(),
        covers=seeds.covers(),
        rates=tuple(Rate(row["indicator"], row["teller"], row["noemer"], int(row["factor"])) for row in dictionary if row["factor"]),
    )


def printed_place(row: Row) -> tuple[str, str, str]:
    """Return the key under which a report prints one of our figures: (indicator, gemeente as printed, schooljaar)."""
    return row["indicator"], PRINTED_REGIO if row["gemeente_code"] == REGIO else row["gemeente"], row["schooljaar"]


def value(row: Row) -> Decimal | None:
    """Return the value of one of our figures, count or rate; None if it has none."""
    return Decimal(row["waarde"]) if row["waarde"] is not None else row["percentage"]


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
