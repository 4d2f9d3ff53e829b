"""What others published, as lines for a rendering: of the country, and of the RMC-regio's of our gemeenten.

Only our own `ocw_*` may stand beside such figures, because only these are defined as theirs; what we do not count stands by itself. Nothing
else is ever set beside. Put here: which lines there are, and where they come from. Keep out: laying them out, and our own figures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from expectations import published as contract
from expectations import reference
from orchestration.publication.extract import REGIO, Row
from orchestration.publication.renderings import names
from orchestration.publication.renderings.source import Source
from orchestration.publication.weergave import plain

TABLE = "vergelijking"
# what stands by itself, and how it is called: the dictionary has only what we count
ALONE: Mapping[str, str] = {"vsv_percentage": "Nieuwe voortijdig schoolverlaters"}
COUNTRY, RMC = ("land", "NL"), "rmc"
TITLE = "Naast cijfers van anderen"
TITLE_ALONE = "Alleen cijfers van anderen"
CALENDAR = "Het cijfer van een kalenderjaar staat bij het schooljaar dat in dat jaar eindigt."
EMPTY = "Een leeg vak: van dat jaar is er geen cijfer."


@dataclass(frozen=True)
class Other:
    """One line: an area, as one source published it.

    Args:
        label: The area, and who published it.
        beside: The codes of our areas that it may stand beside.
        cells: The published row by schooljaar.
    """

    label: str
    beside: frozenset[str]
    cells: Mapping[str, Row]


def beside(source: Source, indicator: str) -> list[Other]:
    """Return the lines beside one of our indicators; none if the release does not have it, or if it may not be compared."""
    own = {row["indicator"] for row in source.indicators}
    return _lines(source, indicator) if indicator in own & _comparable() else []


@cache
def _comparable() -> frozenset[str]:
    """Return what the contract lets others publish of what we count."""
    [column] = [column for column in contract.table(TABLE).columns if column.name == "indicator"]
    return frozenset(column.allowed)


def alone(source: Source) -> dict[str, list[Other]]:
    """Return the lines of each indicator that stands by itself, by its label."""
    found = {label: _lines(source, indicator) for indicator, label in ALONE.items()}
    return {label: lines for label, lines in found.items() if lines}


def near(lines: Iterable[Other], codes: Iterable[str], schooljaren: Iterable[str]) -> list[Other]:
    """Return the lines that stand beside any of our areas, and have a figure in any of these schooljaren."""
    areas, years = {*codes}, {*schooljaren}
    return [line for line in lines if areas & line.beside and years & line.cells.keys()]


def text(row: Row | None) -> str:
    """Write a figure as it was published: `1,8`, `27`, `1,64%`; empty if there is none."""
    return "" if row is None else plain(Decimal(row["waarde"])) + ("%" if row["indicator"] in ALONE else "")


def origins(lines: Iterable[Other]) -> list[str]:
    """Tell where lines come from, each publication once; of which years, if a source has several."""
    found: dict[tuple[str, ...], set[str]] = {}
    for row in (row for line in lines for row in line.cells.values()):
        found.setdefault(tuple(row[name] for name in ("bron", "publicatiedatum", "licentie", "vindplaats")), set()).add(row["peiljaar"])
    publications = Counter(bron for bron, *_ in found)
    return [
        f"{bron}{f' over {names.listed(sorted(years))}' if publications[bron] > 1 else ''}: gepubliceerd op "
        f"{names.day(date.fromisoformat(day))}, licentie {licence}. Vindplaats: {place}"
        for (bron, day, licence, place), years in found.items()
    ]


def reading(lines: Sequence[Other]) -> list[str]:
    """Tell how to read a table with these lines."""
    return [*[CALENDAR] * any(_is_calendar(row) for line in lines for row in line.cells.values()), EMPTY]


def years_of(lines: Iterable[Other]) -> list[str]:
    """Return the schooljaren of which any line has a figure, earliest first."""
    return sorted({year for line in lines for year in line.cells})


def _lines(source: Source, indicator: str) -> list[Other]:
    areas = _beside(source)
    found: dict[tuple[str, str, str, bool], dict[str, Row]] = {}
    for row in source.tables.get(TABLE, ()):  # releases before contract version 3.1 do not have it
        place = row["gebied_soort"], row["gebied_code"]
        if row["indicator"] == indicator and row["schooljaar"] and place in areas:
            found.setdefault((*place, row["bron"], _is_calendar(row)), {})[row["schooljaar"]] = row
    return [
        Other(_label(soort, code, bron, calendar=calendar), areas[soort, code], found[soort, code, bron, calendar])
        for soort, code, bron, calendar in sorted(found)
    ]


def _beside(source: Source) -> dict[tuple[str, str], frozenset[str]]:
    """Return which of our areas each area of others may stand beside: the country all, an RMC-regio its gemeenten and our regio."""
    ours = frozenset(area.code for area in source.areas)
    found = {COUNTRY: ours}
    for row in reference.rows("gemeente"):
        if row["gemeente_code"] in ours:
            place = RMC, row["rmc_regio"]
            found[place] = found.get(place, frozenset({REGIO} & ours)) | {row["gemeente_code"]}
    return found


def _label(soort: str, code: str, bron: str, *, calendar: bool) -> str:
    area = "Nederland" if (soort, code) == COUNTRY else f"RMC-regio {code}"
    return f"{area}, per kalenderjaar ({bron})" if calendar else f"{area} ({bron})"


def _is_calendar(row: Row) -> bool:
    return len(row["peiljaar"]) == len("2023")
