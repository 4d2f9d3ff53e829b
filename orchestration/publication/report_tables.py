"""The layout of the report's tables: which indicators, gebieden and schooljaren, in which order, with titles and notes.

The only definition of the layout; the screen, the factsheet and the workbook each render it. Plain data: the cells are the published rows
themselves. Put here: the position of each figure, and the notes next to it. Keep out: formatting, and computing anything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from expectations import reference
from orchestration.publication.extract import REGIO, Row
from orchestration.publication.weergave import ABOUT, ROUNDED

ONBEKEND = "onbekend"
PUBLISHED = "gepubliceerd"
YEARS = 2
BREAK = "*"
BETWEEN_REASONS = " · "
NOT_TOLD = "niet genoemd, omdat anders een klein aantal te berekenen is, of omdat het over te weinig meldingen gaat"
MEANING = {
    ROUNDED: "ongeveer: naar boven of naar beneden afgerond, zodat niemand een klein aantal kan berekenen",
    "onderdrukt_primair": "een klein aantal, dat we niet noemen om jongeren te beschermen",
    "onderdrukt_secundair": NOT_TOLD,
    "onderdrukt": NOT_TOLD,  # of releases with contract version 1
    "niet_beschikbaar": "niet beschikbaar: de bron is er niet",
    "niet_van_toepassing": "niet van toepassing",
}

ABOUT_NOTHING = "geen of een klein aantal: ook dit is afgerond"  # the meaning of a rounded figure that is a range: 0–4


@dataclass(frozen=True)
class Area:
    """A gemeente, the regio, or `onbekend`."""

    code: str
    name: str


@dataclass(frozen=True)
class Line:
    """One row of a table.

    Args:
        indicator: Its row in the dictionary.
        cells: The published row by area code and schooljaar; a key is missing if the release has no such row.
    """

    indicator: Row
    cells: Mapping[tuple[str, str], Row]

    def cell(self, area: Area, year: str) -> Row | None:
        """Return the published row of an area and a schooljaar."""
        return self.cells.get((area.code, year))

    def broken(self, year: str) -> bool:
        """Return whether the registration changed between a schooljaar and the previous one."""
        return any(cell["trendbreuk"] for (_, schooljaar), cell in self.cells.items() if schooljaar == year)


@dataclass(frozen=True)
class ReportTable:
    """One table of the report: lines in the report's order, and for each area a column per schooljaar, earliest first."""

    tabel: str
    title: str
    areas: tuple[Area, ...]
    years: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def cells(self) -> Iterator[Row]:
        """All published rows in the table."""
        return (cell for line in self.lines for area in self.areas for year in self.years if (cell := line.cell(area, year)))


def has_figure(row: Row) -> bool:
    """Return whether a row has a figure, exact or rounded."""
    return row["status"] in (PUBLISHED, ROUNDED)


def count_of(row: Row) -> int | None:
    """Return the published count of a row, rounded or not; None for a rate or a status without a figure, whatever other columns hold."""
    return row["waarde"] if has_figure(row) else None


def years(figures: Sequence[Row], until: str | None = None, at_most: int | None = YEARS) -> tuple[str, ...]:
    """Return the last schooljaren of a release, earliest first.

    Args:
        figures: The rows of `kerncijfers`.
        until: The last schooljaar to return; None for the last of the release.
        at_most: Maximum number; None for all.
    """
    there = sorted({row["schooljaar"] for row in figures if until is None or row["schooljaar"] <= until})
    return tuple(there if at_most is None else there[-at_most:])


def areas(figures: Sequence[Row], *, unknown: bool = False) -> tuple[Area, ...]:
    """Return each gemeente, largest first as in the report, and the regio last.

    A withheld size counts as 0.

    Args:
        figures: The rows of `kerncijfers`.
        unknown: Whether to append `onbekend`, if the release has it.
    """
    names = {row["gemeente_code"]: row["gemeente"] for row in figures}
    size = {
        row["gemeente_code"]: count_of(row) or 0
        for row in sorted(figures, key=lambda row: row["schooljaar"])
        if row["indicator"] == "leerplichtigen"
    }
    codes = sorted(names.keys() - {ONBEKEND}, key=lambda code: (code == REGIO, -size.get(code, 0), code))
    if unknown and ONBEKEND in names:
        codes.append(ONBEKEND)
    return tuple(Area(code, names[code]) for code in codes)


def tables(
    figures: Sequence[Row],
    indicators: Sequence[Row],
    wanted: Sequence[Area],
    schooljaren: Sequence[str],
    titles: Mapping[str, str] | None = None,
) -> list[ReportTable]:
    """Lay out the tables; skip a table without lines or areas.

    Args:
        figures: The rows of `kerncijfers`.
        indicators: The rows of `indicatoren`, in the report's order.
        wanted: The areas, in order.
        schooljaren: The schooljaren, earliest first.
        titles: The tables in order, with their titles; None for those of the report.
    """
    by_indicator: dict[str, dict[tuple[str, str], Row]] = {}
    for row in figures:
        by_indicator.setdefault(row["indicator"], {})[row["gemeente_code"], row["schooljaar"]] = row
    found = []
    only_regio = {row["tabel"] for row in reference.tables() if row["alleen_regio"] == "true"}
    for tabel, title in (report_titles() if titles is None else titles).items():
        shown = tuple(area for area in wanted if tabel not in only_regio or area.code == REGIO)
        lines = tuple(Line(row, by_indicator.get(row["indicator"], {})) for row in indicators if row["tabel"] == tabel)
        if lines and shown:
            found.append(ReportTable(tabel, title, shown, tuple(schooljaren), lines))
    return found


def report_titles() -> dict[str, str]:
    """Return the title of each table of the report, in order."""
    return {row["tabel"]: row["titel"] for row in reference.tables() if row["in_jaarverslag"] == "true"}


def title_of(tabel: str) -> str:
    """Return the title of a table; its code if the reference data does not have it."""
    return {row["tabel"]: row["titel"] for row in reference.tables()}.get(tabel, tabel)


def all_titles(indicators: Sequence[Row]) -> dict[str, str]:
    """Return the title of each table of a release, those of the report first."""
    order = {row["tabel"]: number for number, row in enumerate(reference.tables())}
    there = dict.fromkeys(row["tabel"] for row in indicators)
    return {tabel: title_of(tabel) for tabel in sorted(there, key=lambda tabel: order.get(tabel, len(order)))}


def break_note(schooljaren: Sequence[str], found: Iterable[Row]) -> str | None:
    """Return a note with the reasons if a series breaks before the last of these schooljaren, otherwise None."""
    broken = [row for row in found if row["schooljaar"] == schooljaren[-1] and row["trendbreuk"]]
    if not broken:
        return None
    why = "".join(f" {reason}" for reason in reasons(broken))
    return f"{BREAK} trendbreuk: {' en '.join(schooljaren)} zijn niet goed te vergelijken.{why}"


def reasons(rows: Iterable[Row]) -> list[str]:
    """Return the reasons of the breaks in these rows, each once; none of a release from before breaks had one."""
    texts = (str(row.get("trendbreuk_reden") or "") for row in rows)
    return list(dict.fromkeys(reason for text in texts for reason in text.split(BETWEEN_REASONS) if reason))


def unknown_note(figures: Sequence[Row], indicators: Sequence[Row], schooljaren: Sequence[str]) -> str | None:
    """Return a note on the figures without a known gemeente, which are in no column; withheld ones are left out."""
    order, titles = {row["indicator"]: row["volgorde"] for row in indicators}, report_titles()
    unknown = [row for row in figures if row["gemeente_code"] == ONBEKEND and row["schooljaar"] in schooljaren]
    nowhere = [row for row in unknown if count_of(row) and row["tabel"] in titles]
    if not nowhere:
        return None
    nowhere.sort(key=lambda row: (row["schooljaar"], order.get(row["indicator"], 0)))
    listed = "; ".join(f"{row['label']} {row['schooljaar']}: {row['weergave']}" for row in nowhere)
    return f"Zonder bekende gemeente, en in geen kolom hierboven: {listed}."


def legend(cells: Iterable[Row]) -> list[tuple[str, str]]:
    """Return the signs in these cells, each with its meaning: `ca.` before all rounded figures, and those that replace a figure."""
    order = list(MEANING)
    found = {sign_of(cell): cell["status"] for cell in cells if cell["status"] != PUBLISHED}
    about = ABOUT.strip()

    def place(sign: str) -> tuple[int, bool]:
        return order.index(found[sign]), sign != about

    return [
        (sign, ABOUT_NOTHING if found[sign] == ROUNDED and sign != about else MEANING[found[sign]]) for sign in sorted(found, key=place)
    ]


def sign_of(cell: Row) -> str:
    """Return the sign of a cell that does not show an exact figure: `ca.`, `0–4`, `<5`, `x`, `.` or `-`."""
    shown: str = cell["weergave"]
    return ABOUT.strip() if shown.startswith(ABOUT) else shown
