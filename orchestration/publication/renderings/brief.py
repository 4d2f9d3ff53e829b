"""Builds the contents of a factsheet of two pages, as plain data for templates without logic.

The first page has the message of the schooljaar, one chart that carries it, and the key figures; the second has the tables of the report
and the notes. Put here: these contents, in order. Keep out: the long version with all charts and definitions (`factsheet.py`), formatting
(`factsheet_html.py`, `factsheet_pdf.py` and their templates), and the rules of the message (`message.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestration.publication import report_tables
from orchestration.publication.extract import Row
from orchestration.publication.renderings import changes, charts, factsheet, message, names, precision, sentences, series
from orchestration.publication.renderings.factsheet import Line, Table
from orchestration.publication.renderings.precision import Precision
from orchestration.publication.renderings.sender import CALLED, Sender
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import BREAK, Area, ReportTable, has_figure

AT_ONCE = 3  # gebieden of which all figures fit on a page; of more, only the key figures
NO_CHART = "Van deze cijfers is er geen grafiek: we noemen ze niet, of ze zijn er niet."
LONG_VERSION = "Alle tabellen, grafieken en definities staan in de uitgebreide factsheet ({name})."
ONLY_KEY_FIGURES = "Van zoveel gemeenten passen hier alleen de kerncijfers."


@dataclass(frozen=True)
class Tile:
    """A key figure: its name, the figure, the previous schooljaar with the difference, and what it counts."""

    name: str
    figure: str
    before: str
    meaning: str


@dataclass(frozen=True)
class Note:
    """A note at the back; the sentences of one that is a list each have a line."""

    title: str
    sentences: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Brief:
    """The contents of one factsheet of two pages, in reading order."""

    title: str
    subject: str
    year: str
    intern: bool
    sender: str
    standing: str
    message: tuple[str, ...]
    generated: str
    chart_title: str
    svg: str
    alternative: str
    chart_note: str
    tiles: tuple[Tile, ...]
    table: Table
    notes: tuple[Note, ...]
    long_version: str

    @property
    def whole(self) -> bool:
        """Whether its table has all figures of the report; of many gebieden it has only the key figures."""
        return any(not line.cells for line in self.table.lines)


def make(source: Source, areas: Sequence[Area], year: str, sender: Sender, long_version: str) -> Brief:
    """Build one factsheet of two pages.

    Args:
        source: The release.
        areas: The gebieden to show; of several, the message is about the regio.
        year: The schooljaar; must be in the release.
        sender: Who publishes.
        long_version: File name of the long version, without its ending.
    """
    years = source.years(until=year)
    about, rounded = sentences.subject(areas), source.precision
    chart = series.by_size(source.of_area(about), source.indicators, about, years)
    laid_out = report_tables.tables(source.figures_of(areas), source.indicators, areas, years)
    whole = len(areas) <= AT_ONCE
    table, shown = _all_figures(laid_out, areas, rounded) if whole else _key_figures(source, areas, years)
    shown = [*shown, *chart.cells, *_key_figures(source, (about,), years)[1]]
    return Brief(
        title=f"Leerplicht {year}",
        subject=names.listed([area.name for area in areas]) if whole else f"{about.name}: {len(areas) - 1} gemeenten",
        year=year,
        intern=source.zone == "intern",
        sender=sender.name,
        standing=f"{sentences.capital(CALLED[source.status])}, stand van {names.day_of(source.kennisdatum)}",
        message=message.of_the_year(source, about, years, rounded),
        generated=sentences.GENERATED,
        chart_title=f"{chart.title}: {names.area(about.name, about.code)}",
        svg=charts.draw(chart, sender.colours) if chart.can_be_drawn else "",
        alternative=charts.alternative(chart) if chart.can_be_drawn else NO_CHART,
        chart_note=report_tables.break_note(years, shown) or "" if len(years) > 1 else "",
        tiles=tuple(_tiles(source, about, years, rounded)),
        table=table,
        notes=tuple(_notes(source, areas, years, shown, sender, long_version)),
        long_version=long_version,
    )


def _tiles(source: Source, area: Area, years: Sequence[str], rounded: Precision) -> Iterator[Tile]:
    cells = source.of_area(area)
    for indicator in message.key_figures(source.indicators):
        if row := cells.get((indicator["indicator"], years[-1])):
            earlier = cells.get((indicator["indicator"], years[-2])) if len(years) > 1 else None
            yield Tile(indicator["naam"], row["weergave"], _before(row, earlier, rounded), indicator["definitie_kort"])


def _before(row: Row, earlier: Row | None, rounded: Precision) -> str:
    """Return the figure of the previous schooljaar, with the difference unless rounding may have made it."""
    if earlier is None:
        return ""
    told = f"{earlier['schooljaar']}: {earlier['weergave']}"
    if not (has_figure(row) and has_figure(earlier)):
        return told
    return f"{told} ({changes.difference(row, earlier)})" if rounded.direction(row, earlier) else told + changes.mark(row)


def _all_figures(laid_out: Sequence[ReportTable], areas: Sequence[Area], rounded: Precision) -> tuple[Table, list[Row]]:
    """Return the tables of the report as one, with a heading for each, and the figures in it."""
    years = laid_out[0].years if laid_out else ()
    several = len(areas) > 1
    headings = changes.HEADINGS[: 1 if several else 2] if len(years) > 1 else ()
    lines = []
    for table in laid_out:
        lines.append(Line(table.title, "", ()))
        for line in table.lines:
            blank = ("",) * (len(years) + len(headings))
            told = (_cells(line, area, years, rounded, len(headings)) if area in table.areas else blank for area in areas)
            cells = [cell for of_area in told for cell in of_area]
            lines.append(Line(line.indicator["naam"], "", tuple(cells)))
    caption = f"De cijfers van het jaarverslag: {names.listed(years)}"
    groups = tuple(area.name for area in areas) if several else ()
    shown = [cell for table in laid_out for cell in table.cells]
    return Table("cijfers", "Alle cijfers van het jaarverslag", caption, groups, (*years, *headings), tuple(lines), ()), shown


def _cells(line: report_tables.Line, area: Area, years: Sequence[str], rounded: Precision, compared: int) -> Iterator[str]:
    cells = [line.cell(area, year) for year in years]
    yield from (cell["weergave"] if cell else "" for cell in cells)
    if compared:
        told = changes.difference(cells[-1], cells[-2]), changes.percentage(cells[-1], cells[-2], rounded)
        yield from told[:compared]


def _key_figures(source: Source, areas: Sequence[Area], years: Sequence[str]) -> tuple[Table, list[Row]]:
    """Return the key figures with a line for each gebied, and the figures in it."""
    indicators = message.key_figures(source.indicators)
    of_all = [row for one in indicators for area in areas for year in years if (row := source.of_area(area).get((one["indicator"], year)))]
    broken = {row["indicator"] for row in of_all if row["trendbreuk"] and row["schooljaar"] == years[-1]}
    lines = [
        Line(area.name, "", tuple(_shown(source.of_area(area).get((one["indicator"], year))) for one in indicators for year in years))
        for area in areas
    ]
    marks = {one["indicator"]: BREAK if one["indicator"] in broken and len(years) > 1 else "" for one in indicators}
    groups = tuple(one["naam"] + marks[one["indicator"]] for one in indicators)
    caption = f"De kerncijfers van elk gebied: {names.listed(years)}"
    return Table("cijfers", "De kerncijfers per gemeente", caption, groups, tuple(years), tuple(lines), (ONLY_KEY_FIGURES,)), of_all


def _shown(row: Row | None) -> str:
    return row["weergave"] if row else ""


def _notes(
    source: Source, areas: Sequence[Area], years: Sequence[str], shown: Sequence[Row], sender: Sender, long_version: str
) -> Iterator[Note]:
    if len(years) > 1 and (note := report_tables.break_note(years, shown)):
        yield Note("Vergelijken", (note,))
    if signs := report_tables.legend(shown):
        empty = [factsheet.EMPTY_NOTE] if len(areas) <= AT_ONCE else []
        yield Note("Tekens", (*(f"{sign}: {meaning}." for sign, meaning in signs), *empty), is_list=True)
    sources = dict.fromkeys(name for row in shown for name in names.sources(row["bron"]))
    counted = {row["peildatum"] for row in shown if row["peildatum"] and row["schooljaar"] == years[-1]}
    on = [f"Leerplichtigen zijn geteld op {names.day(max(counted))}."] if counted else []
    unknown = report_tables.unknown_note(source.figures, source.indicators, years) if len(areas) > 1 else None
    yield Note("Bron", (f"{names.listed(list(sources))}.", *on, *filter(None, [unknown])))
    contact = [f"Vragen: {sender.contact}."] if sender.contact else []
    meaning = LONG_VERSION.format(name=f"{long_version}.pdf")
    yield Note("Over deze factsheet", (f"Uitgave van {sender.name}.", *contact, f"{sender.licence_name}.", meaning))
    yield Note("Zo verwijst u hiernaar", (sender.citation(source, year=years[-1]),))
    if source.is_rounded:
        yield Note("Precies of afgerond", tuple(precision.explained(source.precision, shown)))
