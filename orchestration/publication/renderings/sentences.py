"""Two or three sentences beside each table of the report, by rule from the published rows: size, rise or fall, what cannot be compared.

They say what the figures hold and nothing more: never a cause, and of a withheld figure only that it is withheld. Put here: those rules.
Keep out: computing a figure.
"""

from collections.abc import Sequence
from decimal import Decimal

from expectations import reference
from orchestration.publication.extract import REGIO, Row
from orchestration.publication.renderings import names
from orchestration.publication.report_tables import PUBLISHED, Area, ReportTable
from orchestration.publication.weergave import DECIMALS, count, decimal

GENERATED = "Deze tekst is automatisch gemaakt uit de cijfers."
WITHHELD = ("onderdrukt_primair", "onderdrukt_secundair", "onderdrukt")

RATE = "verzuimpercentage"


def about(table: ReportTable, area: Area, year: str) -> list[str]:
    """Tell what a table says of one area.

    Args:
        table: The table; with the schooljaar before `year` among its years, that is what it is compared with.
        area: One of its areas.
        year: The schooljaar that is told.

    Returns:
        The sentences; none where the table lacks the figure that it is about.
    """
    told_of = next(row for row in reference.tables() if row["tabel"] == table.tabel)
    indicator, one, more = (told_of[name] for name in ("onderwerp", "enkelvoud", "meervoud"))
    before = next((earlier for earlier in reversed(table.years) if earlier < year), None)
    lines = {line.indicator["indicator"]: line for line in table.lines}
    told: list[str] = []
    compared = False
    for line in (lines.get(indicator), lines.get(RATE)):
        row = line.cell(area, year) if line else None
        if line is None or row is None:
            continue
        earlier = line.cell(area, before) if before else None
        told += rate(row, earlier) if row["eenheid"] == "procent" else count_of(row, earlier, one, more)
        compared |= earlier is not None and row["trendbreuk"] and _has_difference(row)
    if compared:
        told.append(f"Tussen {before} en {year} veranderde de registratie: deze jaren zijn niet zonder meer te vergelijken.")
    elif _withheld_beside(table, area, indicator):
        told.append("Sommige andere cijfers in deze tabel noemen we niet, omdat ze klein zijn of een klein aantal zouden verraden.")
    return told


def count_of(row: Row, earlier: Row | None, one: str, more: str) -> list[str]:
    """How many there are and how many more or fewer than before, or why that is not said.

    Args:
        row: The published row of a count.
        earlier: That of the schooljaar before; None where there is none to compare with.
        one: What one of it is called.
        more: What several of it are called.
    """
    where = f"in {names.area(row['gemeente'], row['gemeente_code'])}"
    year = row["schooljaar"]
    if row["status"] == "onderdrukt_primair":
        return [f"Het aantal {more} {where} in {year} is klein ({row['weergave']}); het precieze aantal noemen we niet."]
    if row["status"] in WITHHELD:
        return [f"Het aantal {more} {where} in {year} noemen we niet, omdat anders een klein aantal te berekenen is."]
    if row["status"] == "niet_beschikbaar":
        return [f"Het aantal {more} {where} in {year} is niet beschikbaar: de bron is er niet."]
    if row["status"] != PUBLISHED:
        return [f"Het aantal {more} {where} in {year} is niet van toepassing."]
    if row["waarde"] == 0:
        size = f"In {year} waren er {where} geen {more}"
    else:
        size = f"In {year} {'was' if row['waarde'] == 1 else 'waren'} er {where} {row['weergave']} {one if row['waarde'] == 1 else more}"
    return _compared(size, _difference(row), earlier)


def rate(row: Row, earlier: Row | None) -> list[str]:
    """How large a percentage is and how much higher or lower than before; nothing where it is unsaid.

    Args:
        row: The published row of the rate.
        earlier: That of the schooljaar before; None where there is none to compare with.
    """
    if row["status"] != PUBLISHED:
        return []
    points = row["verschil_punten"]
    difference = None if points is None else _more(points, f"{decimal(abs(points), DECIMALS)} procentpunt", "hoger", "lager")
    return _compared(f"Het verzuimpercentage is {row['weergave']}", difference, earlier)


def subject(areas: Sequence[Area]) -> Area:
    """Of which area the text is about when several stand side by side: the regio, which holds them all, else the first."""
    return next((area for area in areas if area.code == REGIO), areas[0])


def _compared(size: str, difference: str | None, earlier: Row | None) -> list[str]:
    """The size, with how it differs from the year before where that may be said, else with why not."""
    if earlier is None:
        return [f"{size}."]
    before = earlier["schooljaar"]
    if difference is not None:
        return [f"{size}: {difference.format(before=before)}."]
    if earlier["status"] in WITHHELD:
        return [f"{size}.", f"Een vergelijking met {before} is er niet, omdat we het cijfer van dat jaar niet noemen."]
    if earlier["status"] == "niet_beschikbaar":
        return [f"{size}.", f"Een vergelijking met {before} is er niet: over dat jaar is de bron er niet."]
    return [f"{size}.", f"Een vergelijking met {before} is er niet."]


def _difference(row: Row) -> str | None:
    """How a count differs from the year before, `{before}`; None where that is not published."""
    difference = row["verschil"]
    if difference is None:
        return None
    told = _more(difference, count(abs(difference)), "meer", "minder")
    if difference and row["vorige_waarde"] == 0:
        return f"{told}; toen waren er geen"
    share = row["verschil_percentage"]
    return f"{told} ({_more_of(share)})" if share else told


def _more(difference: int | Decimal, size: str, more: str, less: str) -> str:
    if difference == 0:
        return "evenveel als in {before}"
    return f"{size} {more if difference > 0 else less} dan in {{before}}"


def _more_of(share: Decimal) -> str:
    return f"{decimal(abs(share), 1)}% {'meer' if share > 0 else 'minder'}"


def _has_difference(row: Row) -> bool:
    return row["status"] == PUBLISHED and (row["verschil"] is not None or row["verschil_punten"] is not None)


def _withheld_beside(table: ReportTable, area: Area, told: str) -> bool:
    """Whether a table withholds anything else than the figure that the text is about."""
    beside = [line.cell(area, year) for line in table.lines if line.indicator["indicator"] != told for year in table.years]
    return any(row is not None and row["status"] in WITHHELD for row in beside)
