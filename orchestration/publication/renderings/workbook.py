"""Writes the figures as a workbook, laid out as the report: a sheet per table with all gebieden as columns.

The first sheet tells what it is and how to read it, the last what each row counts. What others published has a sheet of its own, a row for
each figure. Exact figures are numbers; rounded ones and signs are text, as a sum of them means nothing; and nothing is ever a formula. Put
here: formatting of the workbook. Keep out: the layout of the tables (`report_tables.py`).
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
from orchestration.publication.renderings.sender import CALLED, Sender
from orchestration.publication.renderings.source import Source
from orchestration.publication.renderings.telling import Block
from orchestration.publication.report_tables import PUBLISHED, Area, Line, ReportTable

FILE = "jaarverslag.xlsx"
INTERN = "INTERN – niet publiceren"
GUIDE = "Leeswijzer"
EXPLANATION = "Toelichting"
OTHERS = "Cijfers van anderen"
WHAT = (
    "De cijfers van het jaarverslag leerplicht: van elke tabel een blad, met alle gemeenten en schooljaren naast elkaar.",
    f"Wat elke rij telt, staat op het blad {EXPLANATION}.",
    "Een getal is precies: u kunt ermee rekenen. Wat is afgerond of niet wordt genoemd, is tekst: tel dat niet op.",
)
NO_STATUS = "Of de cijfers voorlopig of definitief zijn, staat niet in dit bestand: kijk in het portaal of in status.json."
# of each column of that sheet: its heading, its column in the published table, its width
OF_OTHERS = (
    ("Cijfer", "indicator", 32), ("Soort gebied", "gebied_soort", 13), ("Gebied", "gebied_code", 9), ("Bron", "bron", 40),
    ("Peiljaar", "peiljaar", 11), ("Schooljaar", "schooljaar", 13), ("Cijfer", "waarde", 9), ("Gepubliceerd", "publicatiedatum", 14),
    ("Licentie", "licentie", 14), ("Vindplaats", "vindplaats", 60),
)  # fmt: skip
OF_EXPLANATION = (("Tabel", 26), ("Onderdeel", 46), ("Wat wordt geteld", 80), ("Bron", 40))
OF_GUIDE = (24, 110)
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed creation time, so that the bytes are reproducible
LABEL_WIDTH = 40
CELL_WIDTH = 10
POINTS_WIDTH = 22  # of a column with differences in procentpunten: ca. +1,4 procentpunt*
LINE_HEIGHT, LETTERS = 14, 1.15  # of a line of text; letters that fit in a unit of width
FIRST_LINE = 5
# Arial, as other programs have letters of the same width; a column of width w is 7 w + 5 pixels, A4 between its margins 1047. Where there
# are no such letters, columns are up to a fifth wider.
FONT = {"font_name": "Arial", "font_size": 10}
MARGIN, PAGE_PIXELS, SPARE = 0.4, 1047, 1.2
SMALLEST = 0.7  # of a printed sheet: with more gebieden it goes on to the next page

DUTCH = "[$-413]"  # thousands dots and decimal commas, in a spreadsheet program of any language
LOOKS: dict[str, dict[str, Any]] = {
    "count": {"num_format": f"{DUTCH}#,##0", "valign": "top"},
    "decimal": {"num_format": f"{DUTCH}#,##0.00", "valign": "top"},
    "plain": {"num_format": f"{DUTCH}0.####", "valign": "top"},
    "procent": {"num_format": f"{DUTCH}0.00%", "valign": "top"},
    "difference": {"num_format": f"{DUTCH}+#,##0@;-#,##0@;0@", "valign": "top"},
    "points": {"num_format": f"{DUTCH}+0.00@;-0.00@;0.00@", "valign": "top"},
    "share": {"num_format": f"{DUTCH}+0.0%@;-0.0%@;0.0%@", "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "warning": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#A3161B"},
    "group": {"bold": True, "align": "center", "bottom": 1},
    "heading": {"bold": True, "align": "right", "text_wrap": True, "bottom": 2},
    "first_heading": {"bold": True, "bottom": 2},
    "label": {"text_wrap": True, "valign": "top"},
    "topic": {"bold": True, "valign": "top"},
    "sign": {"align": "right", "valign": "top"},
    "note": {"font_color": "#4D5B6B", "italic": True},
}


def origin(source: Source, sender: Sender) -> list[tuple[str, str]]:
    """Return what the first sheet tells of a published release and its sender: each time a topic, and its text."""
    contact = [("Vragen", sender.contact)] if sender.contact else []
    return [
        ("Status", f"{CALLED[source.status].capitalize()}, stand van {names.day_of(source.kennisdatum)}."),
        ("Uitgave", sender.name),
        *contact,
        ("Licentie", f"{sender.licence_name}."),
        ("Zo verwijst u hiernaar", sender.citation(source)),
    ]


def write(
    path: Path,
    figures: Sequence[Row],
    indicators: Sequence[Row],
    zone: str,
    breakdowns: Sequence[Row] = (),
    others: Sequence[Row] = (),
    told: Sequence[tuple[str, str]] = (("Status", NO_STATUS),),
) -> None:
    """Write the workbook of a release, with all its schooljaren and gebieden; the same rows give the same bytes.

    Args:
        path: File to write.
        figures: The rows of `kerncijfers`, as published or about to be.
        indicators: The rows of `indicatoren`, in the report's order.
        zone: `intern` or `openbaar`; the first is marked as not to be published.
        breakdowns: The rows of `uitsplitsingen`, for the form of the Leerplichttelling.
        others: The rows of `vergelijking`; without any there is no sheet for them.
        told: What the first sheet tells of the release and its sender: see `origin`.
    """
    years = report_tables.years(figures, at_most=None)
    areas = report_tables.areas(figures, unknown=True)
    tables = report_tables.tables(figures, indicators, areas, years, report_tables.all_titles(indicators))
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), {**safe, "default_format_properties": {**FONT}}) as workbook:
        workbook.set_properties({"title": "Jaarverslag leerplicht", "created": MADE})
        sheets = _Sheets(workbook, Precision.of(figures), intern=zone == "intern")
        blocks = list(telling.blocks(figures, breakdowns, areas, years))
        further = [telling.TITLE] * bool(blocks) + [OTHERS] * bool(others)
        sheets.add_guide([*(table.title for table in tables), *further, EXPLANATION], figures, told)
        for table in tables:
            sheets.add_table(table)
        if blocks:
            sheets.add_telling(blocks)
        if others:
            sheets.add_others(others)
        sheets.add_explanation(indicators)


class _Sheets:
    """The sheets of one workbook, and their shared formats."""

    def __init__(self, workbook: Workbook, rounded: Precision, *, intern: bool) -> None:
        self._workbook = workbook
        self._rounded = rounded
        self._intern = intern
        self._formats: dict[tuple[str, str, bool], Format] = {}

    def add_guide(self, sheets: Sequence[str], figures: Sequence[Row], told: Sequence[tuple[str, str]]) -> None:
        """Add the first sheet: what the workbook is, its status, its sheets, the signs, the source, and how to cite it."""
        sheet = self._sheet(GUIDE, "Jaarverslag leerplicht: alle cijfers")
        for column, width in enumerate(OF_GUIDE):
            sheet.set_column(column, column, width)
        signs = [f"{sign} – {meaning}" for sign, meaning in report_tables.legend(figures)]
        exact = [] if self._intern else precision.explained(self._rounded, figures)
        sources = dict.fromkeys(name for row in figures for name in names.sources(row["bron"]))
        topics = [("Wat dit is", WHAT), *((topic, [text]) for topic, text in told), ("Bladen", sheets), ("Tekens", signs)]
        topics += [("Precies of afgerond", exact), ("Bron", [f"{names.listed(list(sources))}."])]
        row = FIRST_LINE - 2
        for topic, lines in topics:
            for number, line in enumerate(lines):
                if number == 0:
                    self._text(sheet, row, 0, topic, "topic")
                self._wrapped(sheet, row, [(1, line, OF_GUIDE[1])])
                row += 1
            row += bool(lines)
        self._print(sheet, row, OF_GUIDE)

    def add_table(self, table: ReportTable) -> None:
        """Add the sheet of one table."""
        compares = len(table.years) > 1
        headings = (*table.years, *(changes.HEADINGS if compares else ()))
        of_area = [CELL_WIDTH] * len(headings)
        if compares and any(line.indicator["eenheid"] in changes.POINTS for line in table.lines):
            of_area[-2] = POINTS_WIDTH
        widths = [LABEL_WIDTH, *(of_area * len(table.areas))]
        sheet = self._sheet(table.title, table.title)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
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
            label = line.indicator["label"] + (f" {report_tables.BREAK}" if marked else "")
            self._wrapped(sheet, row, [(0, label, LABEL_WIDTH)])
        notes = _notes(table)
        for row, note in enumerate(notes, FIRST_LINE + len(table.lines) + 1):
            self._text(sheet, row, 0, note, "note")
        sheet.freeze_panes(FIRST_LINE, 1)
        sheet.repeat_rows(FIRST_LINE - 2, FIRST_LINE - 1)
        sheet.repeat_columns(0)
        self._print(sheet, FIRST_LINE + len(table.lines) + len(notes), widths, len(headings))

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
        self._print(sheet, row, (LABEL_WIDTH, *[CELL_WIDTH] * (len(blocks[0].columns) + 1)))

    def add_others(self, rows: Sequence[Row]) -> None:
        """Add the sheet of what others published, as they published it."""
        sheet = self._list(OTHERS, [(heading, width) for heading, _, width in OF_OTHERS], len(rows))
        for number, row in enumerate(rows, FIRST_LINE):
            texts = [(column, str(row[name] or ""), width) for column, (_, name, width) in enumerate(OF_OTHERS) if name != "waarde"]
            self._wrapped(sheet, number, texts)
            self._number(sheet, number, [name for _, name, _ in OF_OTHERS].index("waarde"), row["waarde"], "plain")

    def add_explanation(self, indicators: Sequence[Row]) -> None:
        """Add the sheet with the definition of each row."""
        sheet = self._list(EXPLANATION, OF_EXPLANATION, len(indicators))
        titles = report_tables.all_titles(indicators)
        for row, one in enumerate(indicators, FIRST_LINE):
            cells = (titles[one["tabel"]], one["label"], one["definitie"], names.listed(names.sources(one["bron"])))
            self._wrapped(sheet, row, [(column, text, OF_EXPLANATION[column][1]) for column, text in enumerate(cells)])

    def _list(self, name: str, columns: Sequence[tuple[str, int]], rows: int) -> Worksheet:
        """Add a sheet with a row per item, which can be filtered."""
        sheet = self._sheet(name, name)
        for column, (heading, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            self._text(sheet, FIRST_LINE - 1, column, heading, "first_heading")
        sheet.freeze_panes(FIRST_LINE, 0)
        sheet.repeat_rows(FIRST_LINE - 1)
        sheet.autofilter(FIRST_LINE - 1, 0, FIRST_LINE + rows - 1, len(columns) - 1)
        self._print(sheet, FIRST_LINE + rows - 1, [width for _, width in columns])
        return sheet

    def _sheet(self, name: str, title: str) -> Worksheet:
        sheet: Worksheet = self._workbook.add_worksheet(name)
        self._text(sheet, 0, 0, title, "title")
        if self._intern:
            sheet.set_tab_color("#A3161B")
            self._text(sheet, 1, 0, INTERN, "warning")
        return sheet

    def _print(self, sheet: Worksheet, last_row: int, widths: Sequence[int], at_once: int = 0) -> None:
        """Set up printing on A4: all columns on one page, or as many gebieden as stay readable.

        Args:
            sheet: The sheet.
            last_row: Its last row.
            widths: The width of each column.
            at_once: Number of columns of a gebied, which stay together; 0 if there are no gebieden.
        """
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(MARGIN, MARGIN, MARGIN, 0.6)
        sheet.set_footer(f"&L&8{INTERN if self._intern else '&A'}&R&8&P / &N")
        sheet.print_area(0, 0, last_row, len(widths) - 1)
        pixels = [7 * width + 5 for width in widths]
        if not at_once or sum(pixels) * SMALLEST <= PAGE_PIXELS:
            sheet.fit_to_pages(1, 0)
            return
        of_area = sum(pixels[1 : 1 + at_once])
        together = max(1, int((PAGE_PIXELS / SMALLEST - pixels[0]) // of_area))
        sheet.set_print_scale(min(100, int(100 * PAGE_PIXELS / SPARE / (pixels[0] + together * of_area))))
        sheet.set_v_pagebreaks(range(1 + together * at_once, len(widths), together * at_once))

    def _wrapped(self, sheet: Worksheet, row: int, texts: Sequence[tuple[int, str, int]]) -> None:
        """Write texts in the cells of a row, which is made as high as the longest needs: not every program does that on opening."""
        for column, text, _ in texts:
            self._text(sheet, row, column, text, "label")
        lines = max(len(textwrap.wrap(text, int(width * LETTERS))) for _, text, width in texts)
        sheet.set_row(row, LINE_HEIGHT * max(1, lines))

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
            mark = changes.mark(last)
            self._number(sheet, row, column, last["verschil"], "difference", mark)
            self._number(sheet, row, column, last["verschil_punten"], "points", changes.POINTS.get(last["eenheid"], "") + mark)
            self._number(sheet, row, column + 1, last["verschil_percentage"], "share", mark)

    def _figure(self, sheet: Worksheet, row: int, column: int, cell: Row) -> None:
        if cell["status"] != PUBLISHED:
            self._text(sheet, row, column, cell["weergave"], "sign")
        elif cell["waarde"] is not None:
            self._number(sheet, row, column, cell["waarde"], "count")
        else:
            self._number(sheet, row, column, cell["percentage"], "procent" if cell["eenheid"] == "procent" else "decimal")

    def _number(self, sheet: Worksheet, row: int, column: int, value: int | Decimal | None, kind: str, unit: str = "") -> None:
        if value is not None:
            sheet.write_number(row, column, float(value / 100 if kind in ("procent", "share") else value), self._format(kind, unit))

    def _over(self, sheet: Worksheet, row: int, first: int, width: int, text: str) -> None:
        """Write a heading across several columns."""
        if width > 1:
            sheet.merge_range(row, first, row, first + width - 1, "", self._format("group"))
        self._text(sheet, row, first, text, "group")

    def _text(self, sheet: Worksheet, row: int, column: int, text: str, look: str) -> None:
        """Write text that stays text, also when the sheet is saved in an untyped format such as CSV and opened again."""
        sheet.write_string(row, column, text, self._format(look, quoted=text.startswith(STARTS_FORMULA)))

    def _format(self, look: str, unit: str = "", *, quoted: bool = False) -> Format:
        """Return a format; of a difference with its unit and mark behind the number, which stays a number."""
        if (look, unit, quoted) not in self._formats:
            properties = LOOKS[look] | {"quote_prefix": quoted}
            if "num_format" in properties:
                properties["num_format"] = properties["num_format"].replace("@", f'"{unit}"' if unit else "")
            self._formats[look, unit, quoted] = self._workbook.add_format(FONT | properties)
        return self._formats[look, unit, quoted]


def _notes(table: ReportTable) -> list[str]:
    found = [report_tables.break_note(table.years[-2:], table.cells)] if len(table.years) > 1 else []
    found += [f"{sign}: {meaning}" for sign, meaning in report_tables.legend(table.cells)]
    sources = dict.fromkeys(name for line in table.lines for name in names.sources(line.indicator["bron"]))
    return [*(note for note in found if note), f"Bron: {names.listed(list(sources))}.", "Wat elke rij telt, staat op het blad Toelichting."]
