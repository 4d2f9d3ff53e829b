"""Renders the report's tables on screen: gemeenten and schooljaren as columns, split where the screen is too narrow.

Put here: fitting the tables on a screen. Keep out: the position of figures (`report_tables.py`), and the rest of the summary
(`console.py`).
"""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from orchestration.publication import report_tables
from orchestration.publication.extract import Row
from orchestration.publication.report_tables import BREAK, ONBEKEND, Area, ReportTable
from orchestration.screen import GAP, longest_word, print_table

LABEL = 60  # the report's longest label
Rows = list[list[str]]


def print_tables(console: Console, figures: Sequence[Row], indicators: Sequence[Row]) -> None:
    """Print each table of the report, in parts where the screen is too narrow.

    As many gemeenten stand side by side as fit; if not even one does, one schooljaar at a time. All have the same widths, so that columns
    align, and no word is broken.

    Args:
        console: The terminal.
        figures: The rows of `kerncijfers`.
        indicators: The rows of `indicatoren`, in the report's order.
    """
    years = report_tables.years(figures)
    areas = report_tables.areas(figures)
    found = list(report_tables.tables(figures, indicators, areas, years))
    label = longest_word(line.indicator["label"] for table in found for line in table.lines)
    shown = max((len(row["weergave"]) for row in figures if row["schooljaar"] in years), default=0)  # `ca. 105` stays on one line
    column = max(shown, longest_word([*(area.name for area in areas), *years]))
    fitting = max(1, (console.width - label) // (column + GAP))
    at_once = fitting - fitting % len(years) or fitting
    for table in found:
        columns = [(area, year) for area in table.areas for year in table.years]
        width = min(max(label, console.width - (column + GAP) * min(at_once, len(columns))), LABEL)
        for start in range(0, len(columns), at_once):
            part = columns[start : start + at_once]
            console.print()
            console.print(Text(table.title if start == 0 else f"{table.title} (vervolg)", style="bold"))
            headers = ["", *(f">{area.name}\n{year}" for area, year in part)]
            print_table(console, headers, _rows(table, part), widths=[width, *(column for _ in part)])


def _rows(table: ReportTable, columns: Sequence[tuple[Area, str]]) -> Rows:
    found = []
    for line in table.lines:
        label = line.indicator["label"] + (f" {BREAK}" if line.broken(table.years[-1]) else "")
        cells = [line.cell(area, year) for area, year in columns]
        found.append([label, *(cell["weergave"] if cell else "" for cell in cells)])
    return found


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
