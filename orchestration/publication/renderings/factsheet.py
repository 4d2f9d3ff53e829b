"""Builds the contents of the long version of a factsheet: bijlage 1 of the report and more, as plain data for templates without logic.

One factsheet covers a schooljaar, compared with the previous one, of one gemeente or of several with the regio. Put here: the contents, in
order. Keep out: formatting (`factsheet_html.py`, `factsheet_pdf.py` and their templates).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from expectations import reference
from orchestration.publication import report_tables
from orchestration.publication.extract import Row
from orchestration.publication.renderings import changes, charts, names, others, precision, sentences, series
from orchestration.publication.renderings.others import Other
from orchestration.publication.renderings.precision import Precision
from orchestration.publication.renderings.sender import Colours, Sender
from orchestration.publication.renderings.series import Series
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import Area, ReportTable

AT_ONCE = 3  # gebieden that fit the width of a page
EMPTY_NOTE = "Een leeg vak bij verschil: er is geen cijfer om mee te vergelijken, of we noemen het niet."
NO_MONTH = "Een leeg vak: in die maand van dat schooljaar waren er geen meldingen."
NO_ROW = "Een leeg vak: daarover is er geen cijfer."
NO_BREAKDOWN = "Van {year} is er geen verdeling."
NOT_DRAWN = "Van deze cijfers is er geen grafiek: we noemen ze niet, of ze zijn er niet."


@dataclass(frozen=True)
class Line:
    """One row: its label, the anchor of its definition, and the text of each cell."""

    label: str
    anchor: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A formatted table.

    Args:
        anchor: Short name, for links.
        title: Its title.
        caption: Full description, for use without the title.
        groups: The gebieden above the columns; empty for a single one.
        columns: The column headings, repeated for each gebied.
        lines: Its rows.
        notes: The notes below it.
    """

    anchor: str
    title: str
    caption: str
    groups: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One table of the report, split where the page is too narrow for all gebieden, with sentences about its figures."""

    anchor: str
    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Chart:
    """A chart with its table below it.

    Args:
        svg: The drawing; empty if there is nothing to draw.
        alternative: Text alternative of the drawing.
        absent: The reason why there is no drawing.
        row_heading: Heading of the row labels of its table.
        table: The same figures as a table.
    """

    svg: str
    alternative: str
    absent: str
    row_heading: str
    table: Table


@dataclass(frozen=True)
class Definition:
    """The definition of a row."""

    anchor: str
    label: str
    text: str


@dataclass(frozen=True)
class Factsheet:
    """The contents of one factsheet, in reading order."""

    title: str
    subject: str
    year: str
    intern: bool
    facts: tuple[tuple[str, str], ...]
    generated: str
    sections: tuple[Section, ...]
    remarks: tuple[str, ...]
    charts_about: str
    charts: tuple[Chart, ...]
    others: tuple[Section, ...]
    legend: tuple[tuple[str, str], ...]
    explained: tuple[str, ...]
    definitions: tuple[Definition, ...]

    @property
    def wide(self) -> bool:
        """Whether it has several gebieden next to each other."""
        return any(table.groups for section in self.sections for table in section.tables)


def make(source: Source, areas: Sequence[Area], year: str, sender: Sender) -> Factsheet:
    """Build one factsheet.

    Args:
        source: The release.
        areas: The gebieden to show next to each other.
        year: The schooljaar; must be in the release.
        sender: Who publishes.
    """
    years = source.years(until=year)
    laid_out = report_tables.tables(source.figures_of(areas), source.indicators, areas, years)
    about = sentences.subject(areas)
    last = source.years(until=year, at_most=series.YEARS)
    seen = series.of(source.figures_of([about]), source.breakdowns_of(about), source.indicators, about, last)
    beside = list(_beside(source, areas, year))
    shown = [cell for table in laid_out for cell in table.cells] + [cell for one in seen for cell in one.cells]
    shown += [cell for table, _ in beside for cell in table.cells]
    several = len(areas) > 1
    rounded = source.precision
    remarks = [report_tables.unknown_note(source.figures, source.indicators, years)] if several else []
    return Factsheet(
        title=f"Factsheet leerplicht {year}",
        subject=names.listed([area.name for area in areas]),
        year=year,
        intern=source.zone == "intern",
        facts=(*_facts(source), ("Uitgave van", sender.name)),
        generated=sentences.GENERATED,
        sections=tuple(_section(table, year, rounded) for table in laid_out),
        remarks=tuple(note for note in (*remarks, EMPTY_NOTE) if note),
        charts_about=about.name,
        charts=tuple(_chart(one, sender.colours, rounded if source.is_rounded else None) for one in seen),
        others=tuple(_others(source, areas, beside, year)),
        legend=tuple(report_tables.legend(shown)),
        explained=tuple(precision.explained(rounded, shown)) if source.is_rounded else (),
        definitions=tuple(_definitions([*laid_out, *(table for table, _ in beside)])),
    )


def _facts(source: Source) -> tuple[tuple[str, str], ...]:
    worth = {"voorlopig": "voorlopig: de cijfers kunnen nog veranderen", "definitief": "definitief: de cijfers zijn vastgesteld"}
    return (
        ("Status", worth[source.status]),
        ("Bekend tot en met", names.day_of(source.kennisdatum)),
        ("Versie", f"{source.release} ({source.zone})"),
    )


def _section(table: ReportTable, year: str, rounded: Precision) -> Section:
    text = sentences.about(table, sentences.subject(table.areas), year, rounded)
    blocks = [table.areas[start : start + AT_ONCE] for start in range(0, len(table.areas), AT_ONCE)]
    laid_out = tuple(_table(table, block, number, rounded) for number, block in enumerate(blocks))
    return Section(table.tabel, table.title, tuple(text), laid_out)


def _table(table: ReportTable, areas: Sequence[Area], number: int, rounded: Precision) -> Table:
    year, compares = table.years[-1], len(table.years) > 1
    lines = []
    for line in table.lines:
        label = line.indicator["label"] + (f" {report_tables.BREAK}" if compares and line.broken(year) else "")
        cells = [text for area in areas for text in _cells(line, area, table.years, rounded)]
        lines.append(Line(label, f"definitie-{line.indicator['indicator']}", tuple(cells)))
    return Table(
        anchor=f"{table.tabel}-{number}",
        title=table.title,
        caption=f"{table.title}: {names.listed([area.name for area in areas])}, {names.listed(table.years)}",
        groups=tuple(area.name for area in areas) if len(table.areas) > 1 else (),
        columns=(*table.years, *(changes.HEADINGS if compares else ())),
        lines=tuple(lines),
        notes=tuple(_notes(table, areas)),
    )


def _cells(line: report_tables.Line, area: Area, years: Sequence[str], rounded: Precision) -> Iterator[str]:
    """Yield the cells of one line and one gebied: the schooljaren, and the difference between the last two."""
    for year in years:
        cell = line.cell(area, year)
        yield cell["weergave"] if cell else ""
    if len(years) > 1:
        last, earlier = line.cell(area, years[-1]), line.cell(area, years[-2])
        yield changes.difference(last, earlier)
        yield changes.percentage(last, earlier, rounded)


def _notes(table: ReportTable, areas: Sequence[Area]) -> Iterator[str]:
    shown = [cell for line in table.lines for area in areas for year in table.years if (cell := line.cell(area, year))]
    if len(table.years) > 1 and (note := report_tables.break_note(table.years, shown)):
        yield note
    sources = dict.fromkeys(name for line in table.lines for name in names.sources(line.indicator["bron"]))
    counted = {cell["peildatum"] for cell in shown if cell["peildatum"] and cell["schooljaar"] == table.years[-1]}
    on = f" Leerplichtigen zijn geteld op {names.day(max(counted))}." if counted else ""
    yield f"Bron: {names.listed(list(sources))}.{on}"


def _chart(one: Series, colours: Colours, rounded: Precision | None) -> Chart:
    """Return a chart with its table; `rounded` is given for a release of which breakdowns leave out what is rounded to nothing."""
    lines = tuple(Line(line.label, "", tuple(_shown(line.cells.get(year)) for year in one.years)) for line in one.lines)
    notes = []
    if broken := [year for year in one.years if any(row["trendbreuk"] and row["schooljaar"] == year for row in one.cells)]:
        mark = f"{report_tables.BREAK} trendbreuk" if any(line.label.endswith(report_tables.BREAK) for line in one.lines) else "Trendbreuk"
        why = "".join(f" {reason}" for reason in report_tables.reasons(row for row in one.cells if row["trendbreuk"]))
        notes.append(f"{mark} in {names.listed(broken)}: niet goed te vergelijken met het jaar ervoor.{why}")
    notes += _absent(one, rounded)
    notes.append(f"Bron: {names.listed(list(dict.fromkeys(name for row in one.cells for name in names.sources(row['bron']))))}.")
    caption = f"{one.title}: {one.area.name}, {names.listed(one.years)}"
    table = Table(f"grafiek-{one.name}", one.title, caption, (), one.years, lines, (" ".join(notes),))
    if not one.can_be_drawn:
        return Chart("", "", NOT_DRAWN, one.heading, table)
    return Chart(charts.draw(one, colours), charts.alternative(one), "", one.heading, table)


def _absent(one: Series, rounded: Precision | None) -> Iterator[str]:
    """Yield what it means that a cell is empty, or that a value has no line at all."""
    there = [year for year in one.years if any(year in line.cells for line in one.lines)]
    yield from (NO_BREAKDOWN.format(year=year) for year in one.years if year not in there)
    if one.is_breakdown and rounded:
        yield precision.absent_values(rounded, one.area.code)
    elif any(year not in line.cells for line in one.lines for year in there):
        yield NO_MONTH if one.shape == "months" else NO_ROW


def _beside(source: Source, areas: Sequence[Area], year: str) -> Iterator[tuple[ReportTable, list[Other]]]:
    """Yield each of our indicators that stands beside figures of others, as a table of one line, with their lines."""
    until, own = _last_years(year), source.figures_of(areas)
    for indicator in source.indicators:
        if lines := others.near(others.beside(source, indicator["indicator"]), (area.code for area in areas), until):
            cells = {(row["gemeente_code"], row["schooljaar"]): row for row in own if row["indicator"] == indicator["indicator"]}
            table = ReportTable(indicator["indicator"], indicator["label"], tuple(areas), until, (report_tables.Line(indicator, cells),))
            yield table, lines


def _others(source: Source, areas: Sequence[Area], beside: Sequence[tuple[ReportTable, list[Other]]], year: str) -> Iterator[Section]:
    """Yield the tables of our own figures beside those of others, and the tables that only others fill."""
    if beside:
        yield Section("naast-anderen", others.TITLE, (), tuple(_table_beside(table, lines) for table, lines in beside))
    until = _last_years(year)
    near = {label: others.near(lines, (area.code for area in areas), until) for label, lines in others.alone(source).items()}
    alone = [_table_of("van-anderen", label, label, until, _lines_of(lines, until), lines) for label, lines in near.items() if lines]
    if alone:
        yield Section("van-anderen", others.TITLE_ALONE, (), tuple(alone))


def _table_beside(table: ReportTable, lines: Sequence[Other]) -> Table:
    [own] = table.lines
    anchor = f"definitie-{own.indicator['indicator']}"
    ours = [Line(area.name, anchor, tuple(_shown(own.cell(area, year)) for year in table.years)) for area in table.areas]
    caption = f"{table.title}: {names.listed([area.name for area in table.areas])}, naast cijfers van anderen"
    return _table_of(f"naast-{table.tabel}", table.title, caption, table.years, [*ours, *_lines_of(lines, table.years)], lines)


def _table_of(anchor: str, title: str, caption: str, years: Sequence[str], lines: Sequence[Line], of: Sequence[Other]) -> Table:
    return Table(anchor, title, caption, (), tuple(years), tuple(lines), (*others.origins(of), *others.reading(of)))


def _lines_of(lines: Sequence[Other], years: Sequence[str]) -> list[Line]:
    return [Line(line.label, "", tuple(others.text(line.cells.get(year)) for year in years)) for line in lines]


def _last_years(year: str) -> tuple[str, ...]:
    """Return as many schooljaren as a chart has, up to this one, also those from before our own first figure."""
    found = [year]
    while len(found) < series.YEARS:
        found.insert(0, reference.previous(found[0]))
    return tuple(found)


def _shown(row: Row | None) -> str:
    return row["weergave"] if row else ""


def _definitions(tables: Iterable[ReportTable]) -> Iterator[Definition]:
    for table in tables:
        for line in table.lines:
            label = line.indicator["label"]
            full = f"{table.title}: {label[0].lower()}{label[1:]}" if label == "Totaal" else label
            yield Definition(f"definitie-{line.indicator['indicator']}", full, line.indicator["definitie"])
