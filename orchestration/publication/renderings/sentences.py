"""Generates two or three sentences per table of the report from the published rows: size, rise or fall, and limits on comparison.

The sentences only state figures: never a cause, for a withheld figure only that it is withheld, and of a rounded one nothing that rounding
may have made. Put here: the rules for sentences. Keep out: computing a figure.
"""

from collections.abc import Sequence
from decimal import Decimal

from expectations import reference
from orchestration.publication.extract import REGIO, Row
from orchestration.publication.renderings import changes, names
from orchestration.publication.renderings.precision import Precision, is_about
from orchestration.publication.report_tables import Area, ReportTable, has_figure
from orchestration.publication.weergave import ABOUT, DECIMALS, count, decimal

GENERATED = "Deze tekst is automatisch gemaakt uit de cijfers."
BY_ROUNDING = "Dat verschil is zo klein dat het door het afronden kan komen."
WITHHELD = ("onderdrukt_primair", "onderdrukt_secundair", "onderdrukt")

RATE = "verzuimpercentage"


def about(table: ReportTable, area: Area, year: str, precision: Precision) -> list[str]:
    """Describe a table for one area.

    Args:
        table: The table; `year` is compared with the schooljaar before it, if the table has that.
        area: One of its areas.
        year: The schooljaar to describe.
        precision: How far rounded figures may be off.

    Returns:
        The sentences; empty if the table lacks its main figure.
    """
    subject_of = next(row for row in reference.tables() if row["tabel"] == table.tabel)
    indicator, one, more = (subject_of[name] for name in ("onderwerp", "enkelvoud", "meervoud"))
    before = next((earlier for earlier in reversed(table.years) if earlier < year), None)
    lines = {line.indicator["indicator"]: line for line in table.lines}
    text: list[str] = []
    compared = False
    for line in (lines.get(indicator), lines.get(RATE)):
        row = line.cell(area, year) if line else None
        if line is None or row is None:
            continue
        earlier = line.cell(area, before) if before else None
        text += rate(row, earlier) if row["eenheid"] == "procent" else count_of(row, earlier, one, more, precision)
        compared |= earlier is not None and row["trendbreuk"] and _has_difference(row)
    if compared:
        text.append(f"Trendbreuk: {before} en {year} zijn niet goed te vergelijken.")
    elif _withholds_others(table, area, indicator):
        text.append("Sommige andere cijfers in deze tabel noemen we niet: ze zijn klein, of er zou een klein aantal uit volgen.")
    return text


def count_of(row: Row, earlier: Row | None, one: str, more: str, precision: Precision) -> list[str]:
    """Describe a count and its change, or the reason why it is not shown.

    Args:
        row: The published row of a count.
        earlier: That of the previous schooljaar; None if there is none to compare with.
        one: Singular of what is counted.
        more: Plural of what is counted.
        precision: How far rounded figures may be off.
    """
    where = f"in {names.area(row['gemeente'], row['gemeente_code'])}"
    year = row["schooljaar"]
    if row["status"] == "onderdrukt_primair":
        return [f"Het aantal {more} {where} in {year} is klein ({row['weergave']}); het precieze aantal noemen we niet."]
    if row["status"] in WITHHELD:
        return [f"Het aantal {more} {where} in {year} noemen we niet, omdat anders een klein aantal te berekenen is."]
    if row["status"] == "niet_beschikbaar":
        return [f"Het aantal {more} {where} in {year} is niet beschikbaar: de bron is er niet."]
    if not has_figure(row):
        return [f"Het aantal {more} {where} in {year} is niet van toepassing."]
    single = row["waarde"] == 1
    size = f"In {year} {'was' if single else 'waren'} er {where} {amount(row)} {one if single else more}"
    if earlier is not None and is_about(row, earlier) and row["verschil"] is not None:
        return _about(size, row, earlier, precision)
    return _compared(size, _difference(row), earlier)


def rate(row: Row, earlier: Row | None) -> list[str]:
    """Describe a percentage and its change; nothing if it is not published.

    Of a rounded one not its change but both percentages: by how much they differ is rounded twice.

    Args:
        row: The published row of the rate.
        earlier: That of the previous schooljaar; None if there is none to compare with.
    """
    if not has_figure(row):
        return []
    points, size = row["verschil_punten"], f"Het verzuimpercentage is {amount(row)}"
    if earlier is not None and points is not None and is_about(row, earlier):
        then = "dat ook" if earlier["weergave"] == row["weergave"] else amount(earlier)
        return [f"{size}; in {earlier['schooljaar']} was het {then}."]
    difference = None if points is None else _more(points, f"{decimal(abs(points), DECIMALS)} procentpunt", "hoger", "lager")
    return _compared(size, difference, earlier)


def subject(areas: Sequence[Area]) -> Area:
    """Return the area that the text describes if a table has several: the regio, which includes them all, else the first."""
    return next((area for area in areas if area.code == REGIO), areas[0])


def capital(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def amount(row: Row) -> str:
    """Return a figure in words: `12`, `geen`, `ongeveer 105`, `0 tot en met 4`."""
    text: str = row["weergave"]
    if not is_about(row):
        return "geen" if row["waarde"] == 0 else text
    return f"ongeveer {text.removeprefix(ABOUT)}" if text.startswith(ABOUT) else text.replace("–", " tot en met ")


def _about(size: str, row: Row, earlier: Row, precision: Precision) -> list[str]:
    """Append the difference of two counts of which at least one is rounded; where rounding may have made it, the other count instead."""
    before, difference = earlier["schooljaar"], row["verschil"]
    then = then_of(earlier)
    if precision.tells(row, earlier):
        told = f"ongeveer {count(abs(difference))} {'meer' if difference > 0 else 'minder'} dan in {before}"
        if earlier["waarde"] == 0:
            return [f"{size}.", f"Dat is {told}; toen {then}."]
        share = row["verschil_percentage"] if changes.tells_share(row, earlier, precision) else None
        return [f"{size}.", f"Dat is {told} (ongeveer {_more_of(share, 0)})." if share else f"Dat is {told}."]
    if difference:
        return [f"{size}.", f"In {before} {then}.", BY_ROUNDING]
    if row["waarde"]:
        return [f"{size}.", f"Dat is ongeveer evenveel als in {before}."]
    return [f"{size}.", f"In {before} {then}."]


def then_of(earlier: Row) -> str:
    """Say how many there were in an earlier schooljaar: `waren het er 460`, `waren er geen`."""
    told = amount(earlier)
    return "waren er geen" if told == "geen" else f"waren het er {told}"


def _compared(size: str, difference: str | None, earlier: Row | None) -> list[str]:
    """Append the difference from the previous year to the size, or the reason why it is not published."""
    if earlier is None:
        return [f"{size}."]
    before = earlier["schooljaar"]
    if difference is not None:
        return [f"{size}.", f"Dat is {difference.format(before=before)}."]
    if earlier["status"] in WITHHELD:
        return [f"{size}.", f"Een vergelijking met {before} is er niet, omdat we het cijfer van dat jaar niet noemen."]
    if earlier["status"] == "niet_beschikbaar":
        return [f"{size}.", f"Een vergelijking met {before} is er niet: over dat jaar is de bron er niet."]
    return [f"{size}.", f"Een vergelijking met {before} is er niet."]


def _difference(row: Row) -> str | None:
    """Describe the difference of a count from the previous year, `{before}`; None if it is not published."""
    difference = row["verschil"]
    if difference is None:
        return None
    text = _more(difference, count(abs(difference)), "meer", "minder")
    if difference and row["vorige_waarde"] == 0:
        return f"{text}; toen waren er geen"
    share = row["verschil_percentage"]
    return f"{text} ({_more_of(share, changes.PERCENTAGE_DECIMALS)})" if share else text


def _more(difference: int | Decimal, size: str, more: str, less: str) -> str:
    if difference == 0:
        return "evenveel als in {before}"
    return f"{size} {more if difference > 0 else less} dan in {{before}}"


def _more_of(share: Decimal, decimals: int) -> str:
    return f"{decimal(abs(share), decimals)}% {'meer' if share > 0 else 'minder'}"


def _has_difference(row: Row) -> bool:
    return has_figure(row) and (row["verschil"] is not None or row["verschil_punten"] is not None)


def _withholds_others(table: ReportTable, area: Area, indicator: str) -> bool:
    """Return whether a table withholds any figure other than those of the described indicator."""
    others = [line.cell(area, year) for line in table.lines if line.indicator["indicator"] != indicator for year in table.years]
    return any(row is not None and row["status"] in WITHHELD for row in others)
