"""Selects the data of the charts: the lines and schooljaren of each, as the published rows themselves.

Put here: the data, order and title of a chart. Keep out: drawing it (`charts.py`), and the tables of the report
(`report_tables.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from expectations import reference
from orchestration.publication.extract import Row
from orchestration.publication.renderings import names
from orchestration.publication.report_tables import BREAK, ONBEKEND, Area, count_of, has_figure

YEARS = 5  # a chart with more is hard to read
FOLLOWED_UP = ("meldingen_totaal", "meldingen_opgevolgd")
HOW_FOLLOWED_UP = ("opgevolgd_percentage", "doorlooptijd_mediaan_dagen")
FIRST_MONTH = 8

OfArea = Mapping[tuple[str, str], Row]  # by indicator and schooljaar


@dataclass(frozen=True)
class SeriesLine:
    """One line of a chart and of the table below it.

    Args:
        label: Its label.
        cells: The published row by schooljaar; a key is missing if the release has no such row.
        drawn: Whether the chart shows it too; False for a rate among counts.
    """

    label: str
    cells: Mapping[str, Row]
    drawn: bool = True


@dataclass(frozen=True)
class Series:
    """The data of one chart.

    Args:
        name: Short name, for links and files.
        title: Its title.
        heading: Column heading of the lines.
        area: Its area.
        years: Its schooljaren, earliest first.
        lines: Its lines, in order.
        shape: How it is drawn: `bars` below each other, a column per month (`months`), or one per schooljaar of its only line (`years`).
    """

    name: str
    title: str
    heading: str
    area: Area
    years: tuple[str, ...]
    lines: tuple[SeriesLine, ...]
    shape: Literal["bars", "months", "years"] = "bars"

    @property
    def cells(self) -> Iterator[Row]:
        """All published rows of the lines."""
        return (row for line in self.lines for row in line.cells.values())

    @property
    def drawn(self) -> list[Row]:
        """The published rows of the lines that the chart shows."""
        return [row for line in self.lines if line.drawn for row in line.cells.values()]

    @property
    def is_breakdown(self) -> bool:
        """Whether the lines are the values of a breakdown, and not indicators."""
        return any("uitsplitsing" in row for row in self.cells)

    @property
    def can_be_drawn(self) -> bool:
        """Whether any figure of the chart is published."""
        return any(size_of(row) is not None for row in self.drawn)


def of(figures: Sequence[Row], breakdowns: Sequence[Row], indicators: Sequence[Row], area: Area, years: Sequence[str]) -> list[Series]:
    """Return the charts of one area, except those without rows in the release.

    Args:
        figures: The rows of `kerncijfers`.
        breakdowns: The rows of `uitsplitsingen`.
        indicators: The rows of `indicatoren`, in the report's order.
        area: The area.
        years: The schooljaren, earliest first.
    """
    shown = tuple(years)[-YEARS:]
    follow_up = [row for row in indicators if row["indicator"] in (*FOLLOWED_UP, *HOW_FOLLOWED_UP)]
    of_area = [row for row in figures if row["gemeente_code"] == area.code and row["schooljaar"] in shown]
    broken_down = [row for row in breakdowns if row["gemeente_code"] == area.code and row["schooljaar"] in shown]
    found = [
        Series("soort", "Jongeren met verzuim, naar soort", "Soort verzuim", area, shown, _indicators(of_area, soorten(indicators))),
        Series("maand", "Meldingen van verzuim, per maand", "Maand", area, shown, _months(broken_down), "months"),
        Series("aanleiding", "Meldingen van verzuim, naar aanleiding", "Aanleiding", area, shown, _values(broken_down, "aanleiding")),
        Series(
            "onderwijssoort",
            "Meldingen van verzuim, naar onderwijssoort",
            "Onderwijssoort",
            area,
            shown,
            _values(broken_down, "onderwijssoort"),
        ),
        Series("opvolging", "Van melding naar interventie", "Stap", area, shown, _indicators(of_area, follow_up)),
        Series("interventies", "Interventies, naar soort", "Interventie", area, shown, _values(broken_down, "soort", "interventies")),
    ]
    return [one for one in found if one.lines]


def soorten(indicators: Sequence[Row]) -> list[Row]:
    """Return the indicators that are a soort verzuim: without totals, which would dwarf their parts."""
    totals = {*reference.totals(), *reference.covers()}
    counted = (row for row in indicators if row["tabel"] == "verzuim_naar_soort" and row["eenheid"] == "jongeren")
    return [row for row in counted if row["indicator"] not in totals]


def by_size(of_area: OfArea, indicators: Sequence[Row], area: Area, years: Sequence[str]) -> Series:
    """Return the chart of the message of a schooljaar: the soorten verzuim, largest first, without those of which nothing is to be drawn.

    Args:
        of_area: The figures of the area by indicator and schooljaar.
        indicators: The rows of `indicatoren`.
        area: The area.
        years: The schooljaren, earliest first.
    """
    lines = (_line(row, of_area, years) for row in soorten(indicators))
    drawn = [line for line in lines if any(size_of(row) for row in line.cells.values())]
    drawn.sort(key=lambda line: -(size_of(line.cells[years[-1]]) or 0) if years[-1] in line.cells else 0)
    return Series("soort", "Jongeren met verzuim, naar soort", "Soort verzuim", area, tuple(years), tuple(drawn))


def over_years(indicator: Row, of_area: OfArea, area: Area, years: Sequence[str]) -> Series:
    """Return the chart of one indicator over the schooljaren.

    Args:
        indicator: Its row in the dictionary.
        of_area: The figures of the area by indicator and schooljaar.
        area: The area.
        years: The schooljaren, earliest first.
    """
    line = _line(indicator, of_area, tuple(years)[-YEARS:])
    return Series(indicator["indicator"], indicator["naam"], "Cijfer", area, tuple(line.cells), (line,), "years")


def size_of(row: Row) -> float | None:
    """Return the length of a figure in a chart: a published count or rate, rounded or not; None if it is withheld or absent."""
    if not has_figure(row):
        return None
    return float(row["percentage"] if row["waarde"] is None else row["waarde"])


def _line(indicator: Row, of_area: OfArea, years: Sequence[str]) -> SeriesLine:
    cells = {year: row for year in years if (row := of_area.get((indicator["indicator"], year)))}
    broken = any(row["trendbreuk"] for row in list(cells.values())[1:])  # of the first, the one before it is not shown
    return SeriesLine(f"{indicator['naam']}{BREAK if broken else ''}", cells)


def _indicators(figures: Sequence[Row], indicators: Sequence[Row]) -> tuple[SeriesLine, ...]:
    lines = []
    for indicator in indicators:
        cells = {row["schooljaar"]: row for row in figures if row["indicator"] == indicator["indicator"]}
        if cells:
            lines.append(SeriesLine(_marked(indicator["label"], cells), cells, drawn=indicator["indicator"] not in HOW_FOLLOWED_UP))
    return tuple(lines)


def _values(breakdowns: Sequence[Row], uitsplitsing: str, indicator: str = "meldingen_totaal") -> tuple[SeriesLine, ...]:
    """Return the values of a breakdown by size in the last schooljaar, largest first, then withheld ones, `onbekend` last."""
    by_value = _by_value(breakdowns, uitsplitsing, indicator)
    last = max((year for cells in by_value.values() for year in cells), default="")

    def place(code: str) -> tuple[bool, int, str]:
        row = by_value[code].get(last)
        size = count_of(row) if row else None
        return code == ONBEKEND, 1 if size is None else -size, code

    return tuple(SeriesLine(names.value(next(iter(by_value[code].values()))), by_value[code]) for code in sorted(by_value, key=place))


def _months(breakdowns: Sequence[Row]) -> tuple[SeriesLine, ...]:
    """Return the months from August to July, with one line per calendar month for all schooljaren."""
    by_month: dict[str, dict[str, Row]] = {}
    for code, cells in _by_value(breakdowns, "maand", "meldingen_totaal").items():
        if code != ONBEKEND:
            by_month.setdefault(code.partition("-")[2], {}).update(cells)
    in_order = sorted(by_month, key=lambda month: (int(month) - FIRST_MONTH) % 12)
    return tuple(SeriesLine(names.month(month), by_month[month]) for month in in_order)


def _by_value(breakdowns: Sequence[Row], uitsplitsing: str, indicator: str) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for row in breakdowns:
        if (row["indicator"], row["uitsplitsing"]) == (indicator, uitsplitsing):
            found.setdefault(row["uitsplitsing_waarde"], {})[row["schooljaar"]] = row
    return found


def _marked(label: str, cells: Mapping[str, Row]) -> str:
    return f"{label} {BREAK}" if any(row["trendbreuk"] for row in cells.values()) else label
