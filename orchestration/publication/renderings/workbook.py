"""Writes the figures as a workbook, laid out as the report: a sheet per table with all gebieden as columns, and a sheet with definitions.

What others published has a sheet of its own, a row for each figure.

Exact figures are numbers; rounded ones and signs are text, as a sum of them means nothing; and nothing is ever a formula. Put here:
formatting of the workbook. Keep out: the layout of the tables (`report_tables.py`).
"""

import textwrap
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from expectations.files.form import STARTS_FORMULA
from orchestration.publication import report_tables
from orchestration.publication.extract import Row
from orchestration.publication.renderings import changes, names, precision, telling
from orchestration.publication.renderings.precision import Precision, is_about
from orchestration.publication.renderings.telling import Block
from orchestration.publication.report_tables import PUBLISHED, Area, Line, ReportTable

FILE = "jaarverslag.xlsx"
INTERN = "INTERN – niet publiceren"
EXPLANATION = "Toelichting"
OTHERS = "Cijfers van anderen"
# of each column of that sheet: its heading, its column in the published table, its width
OF_OTHERS = (
    ("Indicator", "indicator", 32), ("Soort gebied", "gebied_soort", 13), ("Gebied", "gebied_code", 9), ("Bron", "bron", 40),
    ("Peiljaar", "peiljaar", 11), ("Schooljaar", "schooljaar", 11), ("Cijfer", "waarde", 9), ("Gepubliceerd", "publicatiedatum", 13),
    ("Licentie", "licentie", 14), ("Vindplaats", "vindplaats", 90),
)  # fmt: skip
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed creation time, so that the bytes are reproducible
LABEL_WIDTH = 64
DEFINITION_WIDTH = 90
LINE_HEIGHT = 15
CELL_WIDTH = 11
FIRST_LINE = 5

DUTCH = "[$-413]"  # thousands dots and decimal commas, in a spreadsheet program of any language
LOOKS: dict[str, dict[str, Any]] = {
    "count": {"num_format": f"{DUTCH}#,##0"},
    "decimal": {"num_format": f"{DUTCH}#,##0.00"},
    "plain": {"num_format": f"{DUTCH}0.####", "valign": "top"},
    "procent": {"num_format": f"{DUTCH}0.00%"},
    "difference": {"num_format": f"{DUTCH}+#,##0;-#,##0;0"},
    "points": {"num_format": f"{DUTCH}+0.00;-0.00;0.00"},
    "share": {"num_format": f"{DUTCH}+0.0%;-0.0%;0.0%"},
    "title": {"bold": True, "font_size": 14},
    "warning": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#A3161B"},
    "group": {"bold": True, "align": "center", "bottom": 1},
    "heading": {"bold": True, "align": "right", "text_wrap": True, "bottom": 2},
    "first_heading": {"bold": True, "bottom": 2},
    "label": {"text_wrap": True, "valign": "top"},
    "sign": {"align": "right"},
    "note": {"font_color": "#4D5B6B", "italic": True},
}


def write(
    path: Path,
    figures: Sequence[Row],
    indicators: Sequence[Row],
    zone: str,
    breakdowns: Sequence[Row] = (),
    others: Sequence[Row] = (),
) -> None:
    """Write the workbook of a release, with all its schooljaren and gebieden; the same rows give the same bytes.

    Args:
        path: File to write.
        figures: The rows of `kerncijfers`, as published or about to be.
        indicators: The rows of `indicatoren`, in the report's order.
        zone: `intern` or `openbaar`; the first is marked as not to be published.
        breakdowns: The rows of `uitsplitsingen`, for the form of the Leerplichttelling.
        others: The rows of `vergelijking`; without any there is no sheet for them.
    """
    years = report_tables.years(figures, at_most=None)
    areas = report_tables.areas(figures, unknown=True)
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), safe) as workbook:
        workbook.set_properties({"title": "Jaarverslag leerplicht", "created": MADE})
        sheets = _Sheets(workbook, Precision.of(figures), intern=zone == "intern")
        for table in report_tables.tables(figures, indicators, areas, years, report_tables.all_titles(indicators)):
            sheets.add_table(table)
        if blocks := list(telling.blocks(figures, breakdowns, areas, years)):
            sheets.add_telling(blocks)
        if others:
            sheets.add_others(others)
        sheets.add_explanation(figures, indicators)


class _Sheets:
    """The sheets of one workbook, and their shared formats."""

    def __init__(self, workbook: Workbook, rounded: Precision, *, intern: bool) -> None:
        self._workbook = workbook
        self._rounded = rounded
        self._intern = intern
        self._formats: dict[tuple[str, bool], Format] = {}

    def add_table(self, table: ReportTable) -> None:
        """Add the sheet of one table."""
        compares = len(table.years) > 1
        headings = (*table.years, *(changes.HEADINGS if compares else ()))
        sheet = self._sheet(table.title, f"{table.title}, {names.listed([area.name for area in table.areas])}")
        sheet.set_column(0, 0, LABEL_WIDTH)
        sheet.set_column(1, len(headings) * len(table.areas), CELL_WIDTH)
        self._text(sheet, FIRST_LINE - 1, 0, "Onderdeel", "first_heading")
        for number, area in enumerate(table.areas):
            first = 1 + number * len(headings)
            self._over(sheet, FIRST_LINE - 2, first, len(headings), area.name)
            for place, heading in enumerate(headings):
                self._text(sheet, FIRST_LINE - 1, first + place, heading, "heading")
            for row, line in enumerate(table.lines, FIRST_LINE):
                self._cells(sheet, row, first, line, area, table.years)
        for row, line in enumerate(table.lines, FIRST_LINE):
            marked = compares and line.broken(table.years[-1])
            self._text(sheet, row, 0, line.indicator["label"] + (f" {report_tables.BREAK}" if marked else ""), "label")
        for row, note in enumerate(_notes(table), FIRST_LINE + len(table.lines) + 1):
            self._text(sheet, row, 0, note, "note")
        sheet.freeze_panes(FIRST_LINE, 1)
        sheet.repeat_rows(FIRST_LINE - 2, FIRST_LINE - 1)

    def add_telling(self, blocks: Sequence[Block]) -> None:
        """Add the form of the Leerplichttelling: below each other one per schooljaar and area, to copy from."""
        sheet = self._sheet(telling.TITLE, "Leerplichttelling (artikel 25), naar onderwijssoort")
        sheet.set_column(0, 0, LABEL_WIDTH)
        row = FIRST_LINE - 1
        for block in blocks:
            sheet.set_column(1, len(block.columns) + 1, CELL_WIDTH)
            self._text(sheet, row, 0, f"{block.area.name}, {block.year}", "first_heading")
            for column, (code, _) in enumerate(block.columns, 1):
                self._text(sheet, row, column, code, "heading")
            self._text(sheet, row, len(block.columns) + 1, "Totaal", "heading")
            for row, (label, parts, whole) in enumerate(block.lines, row + 1):  # noqa: B020 – the next block goes below
                self._text(sheet, row, 0, label, "label")
                for column, part in enumerate(parts, 1):
                    if part:
                        self._figure(sheet, row, column, part)
                    elif self._intern and whole["status"] == PUBLISHED:  # a value that does not occur has no row
                        self._number(sheet, row, column, 0, "count")
                    elif any(parts):  # one that is rounded to nothing has none either
                        self._text(sheet, row, column, f"0–{self._rounded.to - 1}", "sign")
                self._figure(sheet, row, len(block.columns) + 1, whole)
            row += 2
        meanings = "; ".join(f"{code}: {name}" for code, name in blocks[0].columns)
        self._text(
            sheet, row, 0, f"{meanings}. Een jongere met meer onderwijssoorten telt bij elk daarvan, en één keer in het totaal.", "note"
        )
        sheet.freeze_panes(0, 1)

    def add_others(self, rows: Sequence[Row]) -> None:
        """Add the sheet of what others published, as they published it."""
        sheet = self._sheet(OTHERS, OTHERS)
        for column, (heading, name, width) in enumerate(OF_OTHERS):
            sheet.set_column(column, column, width)
            self._text(sheet, FIRST_LINE - 1, column, heading, "first_heading")
            for number, row in enumerate(rows, FIRST_LINE):
                if name == "waarde":
                    self._number(sheet, number, column, row[name], "plain")
                else:
                    self._text(sheet, number, column, str(row[name] or ""), "label")
        sheet.freeze_panes(FIRST_LINE, 0)

    def add_explanation(self, figures: Sequence[Row], indicators: Sequence[Row]) -> None:
        """Add the sheet with the definition of each row and the meaning of the signs."""
        sheet = self._sheet(EXPLANATION, EXPLANATION)
        titles = report_tables.all_titles(indicators)
        for column, (heading, width) in enumerate(
            (("Tabel", 26), ("Onderdeel", LABEL_WIDTH), ("Wat wordt geteld", DEFINITION_WIDTH), ("Bron", 46))
        ):
            sheet.set_column(column, column, width)
            self._text(sheet, FIRST_LINE - 1, column, heading, "first_heading")
        for row, indicator in enumerate(indicators, FIRST_LINE):
            cells = (titles[indicator["tabel"]], indicator["label"], indicator["definitie"], names.listed(names.sources(indicator["bron"])))
            # spreadsheet programs do not adjust the row height on opening
            sheet.set_row(row, LINE_HEIGHT * len(textwrap.wrap(indicator["definitie"], DEFINITION_WIDTH - 6)))
            for column, text in enumerate(cells):
                self._text(sheet, row, column, text, "label")
        signs = report_tables.legend(figures)
        for row, (sign, meaning) in enumerate(signs, FIRST_LINE + len(indicators) + 1):
            self._text(sheet, row, 0, sign, "label")
            self._text(sheet, row, 1, meaning, "label")
        told = [] if self._intern else precision.explained(self._rounded, figures)
        for row, sentence in enumerate(told, FIRST_LINE + len(indicators) + len(signs) + 2):
            self._text(sheet, row, 1, sentence, "note")
        sheet.freeze_panes(FIRST_LINE, 0)

    def _sheet(self, name: str, title: str) -> Worksheet:
        sheet: Worksheet = self._workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        self._text(sheet, 0, 0, title, "title")
        if self._intern:
            sheet.set_tab_color("#A3161B")
            self._text(sheet, 1, 0, INTERN, "warning")
        return sheet

    def _cells(self, sheet: Worksheet, row: int, first: int, line: Line, area: Area, years: Sequence[str]) -> None:
        """Write the schooljaren of one line and one gebied, and the difference between the last two."""
        for place, year in enumerate(years):
            if cell := line.cell(area, year):
                self._figure(sheet, row, first + place, cell)
        if len(years) > 1:
            self._change(sheet, row, first + len(years), line.cell(area, years[-1]), line.cell(area, years[-2]))

    def _change(self, sheet: Worksheet, row: int, column: int, last: Row | None, earlier: Row | None) -> None:
        """Write the difference between two schooljaren, and in percent; as text if one of both is rounded."""
        if last and is_about(last, earlier):
            texts = changes.difference(last, earlier), changes.percentage(last, earlier, self._rounded)
            for place, text in enumerate(texts, column):
                if text:
                    self._text(sheet, row, place, text, "sign")
        elif last and last["status"] == PUBLISHED:
            self._number(sheet, row, column, last["verschil"], "difference")
            self._number(sheet, row, column, last["verschil_punten"], "points")
            self._number(sheet, row, column + 1, last["verschil_percentage"], "share")

    def _figure(self, sheet: Worksheet, row: int, column: int, cell: Row) -> None:
        if cell["status"] != PUBLISHED:
            self._text(sheet, row, column, cell["weergave"], "sign")
        elif cell["waarde"] is not None:
            self._number(sheet, row, column, cell["waarde"], "count")
        else:
            self._number(sheet, row, column, cell["percentage"], "procent" if cell["eenheid"] == "procent" else "decimal")

    def _number(self, sheet: Worksheet, row: int, column: int, value: int | Decimal | None, kind: str) -> None:
        if value is not None:
            sheet.write_number(row, column, float(value / 100 if kind in ("procent", "share") else value), self._format(kind))

    def _over(self, sheet: Worksheet, row: int, first: int, width: int, text: str) -> None:
        """Write a heading across several columns."""
        if width > 1:
            sheet.merge_range(row, first, row, first + width - 1, "", self._format("group"))
        self._text(sheet, row, first, text, "group")

    def _text(self, sheet: Worksheet, row: int, column: int, text: str, look: str) -> None:
        """Write text that stays text, also when the sheet is saved in an untyped format such as CSV and opened again."""
        sheet.write_string(row, column, text, self._format(look, quoted=text.startswith(STARTS_FORMULA)))

    def _format(self, look: str, *, quoted: bool = False) -> Format:
        if (look, quoted) not in self._formats:
            self._formats[look, quoted] = self._workbook.add_format(LOOKS[look] | {"quote_prefix": quoted})
        return self._formats[look, quoted]


def _notes(table: ReportTable) -> list[str]:
    found = [report_tables.break_note(table.years[-2:], table.cells)] if len(table.years) > 1 else []
    found += [f"{sign}: {meaning}" for sign, meaning in report_tables.legend(table.cells)]
    sources = dict.fromkeys(name for line in table.lines for name in names.sources(line.indicator["bron"]))
    return [*(note for note in found if note), f"Bron: {names.listed(list(sources))}.", "Wat elke rij telt, staat op het blad Toelichting."]
