"""The report's tables on screen: gemeenten and schooljaren side by side, as the printed report lays them out.

Put here: which figures stand where. Keep out: everything about the night around them (`console.py`).
"""

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.table import Table

from orchestration.publication.extract import REGIO, Row

TITLES = {
    "leerplichtigen": "Leerplichtigen",
    "verzuim_naar_soort": "Verzuim naar soort",
    "juridisch_kader": "Juridisch kader",
    "incidenten": "Incidenten",
    "vrijstellingen": "Vrijstellingen",
    "thuiszitterstafel": "Thuiszitterstafel",
}
ONLY_REGIO = ("thuiszitterstafel",)
YEARS = 2
LABEL_WIDTHS = (16, 60)  # at least, and at most: the report's longest label
NARROWEST = 7  # holds 10.478 and 12,34%
GAP = 2
BREAK = "*"


def tables(figures: Sequence[Row], indicators: Sequence[Row], width: int) -> Iterator[tuple[str, Table]]:
    """Lay out each table of the report, its title first; cut by areas where the screen is too narrow for all.

    Args:
        figures: The rows of `kerncijfers`.
        indicators: The rows of `indicatoren`, in the report's order.
        width: How many characters fit on a line.
    """
    years = _years(figures)
    areas = _areas(figures)
    by_cell = {(row["indicator"], row["gemeente_code"], row["schooljaar"]): row for row in figures}
    column = min(max(NARROWEST, *(len(word) for _, name in areas for word in name.split())), 14)
    at_once = min(len(areas), max(1, (width - LABEL_WIDTHS[0]) // ((column + GAP) * len(years))))
    label = min(max(LABEL_WIDTHS[0], width - at_once * (column + GAP) * len(years)), LABEL_WIDTHS[1])
    widths = (label, column)
    for tabel, title in TITLES.items():
        rows = [row for row in indicators if row["tabel"] == tabel]
        wanted = [area for area in areas if tabel not in ONLY_REGIO or area[0] == REGIO]
        for start in range(0, len(wanted), at_once):
            if rows:
                block = wanted[start : start + at_once]
                yield (title if start == 0 else f"{title} (vervolg)"), _table(rows, block, years, by_cell, widths)


def notes(figures: Sequence[Row], indicators: Sequence[Row]) -> list[str]:
    """What must be known beside the tables: breaks in a series, earlier years, figures of nobody's gemeente, the signs."""
    years = _years(figures)
    found = []
    if any(row["trendbreuk"] for row in figures if row["schooljaar"] == years[-1]):
        found.append(f"{BREAK} trendbreuk: tussen {' en '.join(years)} veranderde de registratie; vergelijk die jaren niet zonder meer.")
    if earlier := sorted({row["schooljaar"] for row in figures} - set(years)):
        found.append(f"Eerdere schooljaren staan in kerncijfers.parquet: {', '.join(earlier)}.")
    order = {row["indicator"]: row["volgorde"] for row in indicators}
    nowhere = [row for row in figures if row["gemeente_code"] == "onbekend" and row["schooljaar"] in years and row["waarde"]]
    if nowhere:
        nowhere.sort(key=lambda row: (row["schooljaar"], order.get(row["indicator"], 0)))
        listed = "; ".join(f"{row['label']} {row['schooljaar']}: {row['weergave']}" for row in nowhere if row["tabel"] in TITLES)
        found.append(f"Zonder bekende gemeente, en in geen kolom hierboven: {listed}.")
    if any(row["status"] != "gepubliceerd" for row in figures if row["schooljaar"] in years and row["gemeente_code"] != "onbekend"):
        found.append("“.” is niet beschikbaar (de bron is er niet), “-” is niet van toepassing.")
    return found


def _years(figures: Sequence[Row]) -> list[str]:
    return sorted({row["schooljaar"] for row in figures})[-YEARS:]


def _areas(figures: Sequence[Row]) -> list[tuple[str, str]]:
    """Code and name of each gemeente, the largest first as in the report, the regio last."""
    names = {row["gemeente_code"]: row["gemeente"] for row in figures}
    size = {
        row["gemeente_code"]: row["waarde"] or 0
        for row in sorted(figures, key=lambda row: row["schooljaar"])
        if row["indicator"] == "leerplichtigen"
    }
    codes = sorted(names.keys() - {"onbekend"}, key=lambda code: (code == REGIO, -size.get(code, 0), code))
    return [(code, names[code]) for code in codes]


def _table(
    indicators: Sequence[Row],
    areas: Sequence[tuple[str, str]],
    years: Sequence[str],
    by_cell: Mapping[tuple[str, str, str], Row],
    widths: tuple[int, int],
) -> Table:
    """One table of the report; all have the same widths, so that a column stands under its like."""
    label_width, column_width = widths
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 0, 0, 1), header_style="")
    table.add_column("", width=label_width - 1, overflow="fold")
    for _, name in areas:
        for year in years:
            table.add_column(f"{name}\n{year[:5]}\n{year[5:]}", justify="right", vertical="bottom", width=column_width, overflow="fold")
    for indicator in indicators:
        cells = [by_cell.get((indicator["indicator"], code, year)) for code, _ in areas for year in years]
        broken = any(cell["trendbreuk"] for cell in cells if cell and cell["schooljaar"] == years[-1])
        label = indicator["label"] + (f" {BREAK}" if broken else "")
        table.add_row(label, *(cell["weergave"] if cell else "" for cell in cells))
    return table
