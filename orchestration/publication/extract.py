"""Reads from the finished warehouse: our figures, the printed ones, and the reference data that relates them.

The columns of each published table, and the warehouse table that they come from, are defined in `publicatie.odcs.yaml`. Put here: reading
the warehouse. Keep out: validating or computing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb

from expectations import published
from expectations import reference as seeds
from expectations.published import PublishedContractError
from orchestration.errors import LeerplichtError
from orchestration.publication.printed import UNREADABLE, Printed, parse
from orchestration.publication.weergave import weergave

Row = dict[str, Any]
Sums = Mapping[str, tuple[str, ...]]

REGIO = "regio"
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
    return _shown(rows_of(connection, "kerncijfers"), threshold)


def breakdowns(connection: duckdb.DuckDBPyConnection, threshold: int) -> list[Row]:
    """Read the broken-down figures: counts only, no rates."""
    return _shown(rows_of(connection, "uitsplitsingen"), threshold)


def _shown(rows: list[Row], threshold: int) -> list[Row]:
    for row in rows:
        row["weergave"] = weergave(row["status"], row["waarde"], row["percentage"], row["eenheid"], threshold)
    return rows


def rows_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    """Read the rows of a published table: all columns of its contract, except those that the publication computes.

    Args:
        connection: The warehouse.
        name: A table of the contract that has an origin.

    Raises:
        PublishedContractError: The warehouse lacks a column of the contract.
    """
    table = published.table(name)
    origin = table.origin
    if origin is None:
        raise ValueError(f"{name} has no origin in the warehouse")
    wanted = [column.name for column in table.columns if column.name not in origin.computed]
    there = {column for column, *_ in connection.execute(f"describe {origin.table}").fetchall()}
    if missing := [column for column in wanted if column not in there and column not in origin.empty]:
        model = f"dbt_project/models/marts/{origin.table.replace('.', '/')}.sql"
        raise PublishedContractError(
            f"{published.CONTRACT.name} belooft van {name} {', '.join(missing)}, en {model} heeft die kolommen niet"
        )
    selected = ", ".join(f"null as {column}" if column in origin.empty else column for column in wanted)
    order = ", ".join(origin.order) or "all"
    return _rows(connection, f"select {selected} from {origin.table} order by {order}")  # noqa: S608 – names of the contract


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
