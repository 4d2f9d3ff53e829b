"""Renders the report's tables on screen: gemeenten and schooljaren as columns, split where the screen is too narrow.

Put here: fitting the tables on a screen. Keep out: the position of figures (`report_tables.py`), and the rest of the summary
(`console.py`).
"""

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table

from orchestration.publication import report_tables
from orchestration.publication.extract import Row
from orchestration.publication.report_tables import BREAK, ONBEKEND, Area, ReportTable

LABEL_WIDTHS = (16, 60)  # minimum, and maximum: the report's longest label
NARROWEST, WIDEST = 7, 14  # the first fits 10.478 and 12,34%
GAP = 2


def tables(figures: Sequence[Row], indicators: Sequence[Row], width: int) -> Iterator[tuple[str, Table]]:
    """Yield the title and the rendering of each table of the report; split by area where the screen is too narrow.

    Args:
        figures: The rows of `kerncijfers`.
        indicators: The rows of `indicatoren`, in the report's order.
        width: Width of the screen in characters.
    """
    years = report_tables.years(figures)
    areas = report_tables.areas(figures)
    texts = [word for area in areas for word in area.name.split()] + [row["weergave"] for row in figures if row["schooljaar"] in years]
    column = min(max(NARROWEST, *map(len, texts)), WIDEST)
    at_once = min(len(areas), max(1, (width - LABEL_WIDTHS[0]) // ((column + GAP) * len(years))))
    label = min(max(LABEL_WIDTHS[0], width - at_once * (column + GAP) * len(years)), LABEL_WIDTHS[1])
    for table in report_tables.tables(figures, indicators, areas, years):
        for start in range(0, len(table.areas), at_once):
            title = table.title if start == 0 else f"{table.title} (vervolg)"
            yield title, _table(table, table.areas[start : start + at_once], (label, column))


def notes(figures: Sequence[Row], indicators: Sequence[Row]) -> list[str]:
    """Return the notes to the tables: breaks in a series, earlier years, figures without a known gemeente, the signs."""
    years = report_tables.years(figures)
    found = [report_tables.break_note(years, figures)]
    if earlier := sorted({row["schooljaar"] for row in figures} - set(years)):
        found.append(f"Eerdere schooljaren staan in kerncijfers.parquet: {', '.join(earlier)}.")
    found.append(report_tables.unknown_note(figures, indicators, years))
    shown = [row for row in figures if row["schooljaar"] in years and row["gemeente_code"] != ONBEKEND]
    found += [f"“{sign}” is {meaning}." for sign, meaning in report_tables.legend(shown)]
    return [note for note in found if note]


def _table(table: ReportTable, areas: Sequence[Area], widths: tuple[int, int]) -> Table:
    """Return one table of the report; all have the same column widths, so that columns align."""
    label_width, column_width = widths
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 0, 0, 1), header_style="")
    shown.add_column("", width=label_width - 1, overflow="fold")
    for area in areas:
        for year in table.years:
            heading = f"{area.name}\n{year[:5]}\n{year[5:]}"
            shown.add_column(heading, justify="right", vertical="bottom", width=column_width, overflow="fold")
    for line in table.lines:
        label = line.indicator["label"] + (f" {BREAK}" if line.broken(table.years[-1]) else "")
        cells = [line.cell(area, year) for area in areas for year in table.years]
        shown.add_row(label, *(cell["weergave"] if cell else "" for cell in cells))
    return shown
