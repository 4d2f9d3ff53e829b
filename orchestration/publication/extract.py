"""What the publication takes from the finished warehouse: our figures, the printed ones, and the reference data that ties them.

Put here: reading `jaarverslag`, `kern` and `referentie`, in the order in which it is published. Keep out: judging or computing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.errors import LeerplichtError
from orchestration.publication.printed import UNREADABLE, Printed, parse
from orchestration.publication.weergave import weergave

Row = dict[str, Any]
Sums = Mapping[str, tuple[str, ...]]

REGIO = "regio"
PRINTED_REGIO = "Regio Twente"  # the report's name for all gemeenten together; the served ones are our regio

_FIGURES = """
select
    schooljaar, gemeente_code, gemeente, tabel, indicator, label, waarde, percentage, teller, noemer, eenheid, status,
    vorige_waarde, verschil, verschil_percentage, vorig_percentage, verschil_punten, trendbreuk, bron, peildatum
from jaarverslag.kerncijfers
order by schooljaar, gemeente_code, volgorde, indicator
"""
_BREAKDOWNS = """
select
    schooljaar, gemeente_code, gemeente, tabel, indicator, label, uitsplitsing, uitsplitsing_waarde, waarde, null as percentage,
    null as teller, null as noemer, eenheid, status, vorige_waarde, verschil, verschil_percentage, null as vorig_percentage,
    null as verschil_punten, trendbreuk, bron, null as peildatum
from jaarverslag.uitsplitsingen
order by schooljaar, gemeente_code, volgorde, indicator, uitsplitsing, uitsplitsing_waarde
"""
_INDICATORS = """
select indicator, label, tabel, definitie, eenheid, teller, noemer, factor, afronding, bron, volgorde
from kern.indicator
order by volgorde, indicator
"""
_QUALITY = "select bron, levering, entiteit, ernst, coalesce(code, '') as code, aantal from kern.kwaliteit order by all"
_DELIVERIES = """
select bron, levering, kennisdatum, aard, oordeel, code, reden, bestanden, rijen, sha256 from kern.levering order by all
"""
_SUMS = """
select totaal, onderdeel
from kern.optelling
left join kern.indicator on onderdeel = indicator
order by volgorde, totaal, onderdeel
"""
_PRINTED = "select document, tabel, indicator, label, gemeente, schooljaar, gepubliceerd from referentie.gepubliceerd_cijfer order by all"
_OF_MONITOR = """
select
    'monitor' as document,
    coalesce(indicatoren.tabel, 'geen') as tabel,
    eigen.indicator,
    coalesce(indicatoren.label, eigen.indicator) as label,
    gemeenten.gemeente,
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
        """What a report has one figure of."""
        return (self.document, self.indicator, self.gemeente, self.schooljaar)


@dataclass(frozen=True)
class Rate:
    """How a rate is made: `factor` × the indicator `teller` / the indicator `noemer`."""

    indicator: str
    teller: str
    noemer: str
    factor: int


@dataclass(frozen=True)
class Reference:
    """What ties indicators to one another.

    Args:
        order: The place of each indicator in the report.
        sums: Of each total its parts.
        relatief: The rows under the number of jongeren with relatief verzuim: a jongere counts once in each.
    """

    order: Mapping[str, int]
    sums: Sums
    relatief: frozenset[str]
    rates: tuple[Rate, ...]


def figures(connection: duckdb.DuckDBPyConnection, threshold: int) -> list[Row]:
    """Read our figures as they are published, each with what a report prints for it."""
    return _shown(_rows(connection, _FIGURES), threshold)


def breakdowns(connection: duckdb.DuckDBPyConnection, threshold: int) -> list[Row]:
    """Read the figures broken down: counts only, so without a rate."""
    return _shown(_rows(connection, _BREAKDOWNS), threshold)


def _shown(rows: list[Row], threshold: int) -> list[Row]:
    for row in rows:
        row["weergave"] = weergave(row["status"], row["waarde"], row["percentage"], row["eenheid"], threshold)
    return rows


def indicators(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Read the dictionary, in the report's order."""
    return _rows(connection, _INDICATORS)


def quality(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Read what became of every delivered row."""
    return _rows(connection, _QUALITY)


def deliveries(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Read every delivery ever seen, with its verdict."""
    return _rows(connection, _DELIVERIES)


def cells(connection: duckdb.DuckDBPyConnection) -> list[Cell]:
    """Read the printed figures.

    Raises:
        PrintedError: A figure that is none, or one that a document prints twice.
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


def of_monitor(connection: duckdb.DuckDBPyConnection) -> list[Cell]:
    """Read the monitor's own figures as if it had printed them: of the gemeenten that are served, and the schooljaren that are published.

    What it delivered that is no figure is `UNREADABLE`.
    """
    return [_readable_or_not(row) for row in _rows(connection, _OF_MONITOR)]


def _readable_or_not(row: Row) -> Cell:
    try:
        return as_cell(row)
    except ValueError:
        return _cell(row, UNREADABLE)


def as_cell(row: Row) -> Cell:
    """Make a printed figure of the texts of a row.

    Raises:
        ValueError: What is printed is no figure.
    """
    return _cell(row, parse(str(row["gepubliceerd"])))


def _cell(row: Row, printed: Printed) -> Cell:
    schooljaar = re.sub(r"\s*/\s*", "-", row["schooljaar"])  # the report writes 2023/2024 and 2023 / 2024 too
    names = {name: row[name] for name in ("document", "tabel", "indicator", "label", "gemeente")}
    return Cell(**names, schooljaar=schooljaar, printed=printed)


def reference(connection: duckdb.DuckDBPyConnection) -> Reference:
    """Read what ties indicators to one another."""
    parts: dict[str, tuple[str, ...]] = {}
    for total, part in connection.execute(_SUMS).fetchall():
        parts[total] = (*parts.get(total, ()), part)
    dictionary = indicators(connection)
    relatief = connection.execute("select distinct verzuimsoort from kern.verzuimsoort where is_relatief").fetchall()
    rates = [Rate(row["indicator"], row["teller"], row["noemer"], row["factor"]) for row in dictionary if row["factor"] is not None]
    return Reference(
        order={row["indicator"]: row["volgorde"] for row in dictionary},
        sums=parts,
        relatief=frozenset(name for (name,) in relatief),
        rates=tuple(rates),
    )


def printed_place(row: Row) -> tuple[str, str, str]:
    """Where a report prints one of our figures: (indicator, gemeente as printed, schooljaar)."""
    return row["indicator"], PRINTED_REGIO if row["gemeente_code"] == REGIO else row["gemeente"], row["schooljaar"]


def value(row: Row) -> Decimal | None:
    """The value of one of our figures, count or rate; None where there is none."""
    return Decimal(row["waarde"]) if row["waarde"] is not None else row["percentage"]


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
