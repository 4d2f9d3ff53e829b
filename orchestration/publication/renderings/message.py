"""Says what a schooljaar was in one or two sentences, and what a key figure was in one.

Whether there were more or fewer is said only where the two schooljaren can be compared and rounding cannot have made the difference;
otherwise both figures are told, with the mark if the series breaks. A withheld figure is never told. Put here: these rules. Keep out: the
sentences next to a table (`sentences.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from expectations import reference
from orchestration.publication.extract import Row
from orchestration.publication.renderings import changes, names, series
from orchestration.publication.renderings.precision import Precision, is_about
from orchestration.publication.renderings.sentences import RATE, amount, then_of
from orchestration.publication.renderings.source import Source
from orchestration.publication.report_tables import Area, has_figure
from orchestration.publication.weergave import DECIMALS, count, decimal

MAIN = "totaal_jongeren"
NOTHING = "Van {area} noemen we over {year} geen kerncijfers: zij zijn er niet, of zij zijn te klein."


def key_figures(indicators: Sequence[Row]) -> list[Row]:
    """Return the indicators that are told first, in order."""
    return sorted((row for row in indicators if row["tegel"] is not None), key=lambda row: row["tegel"])


def of_the_year(source: Source, area: Area, years: Sequence[str], precision: Precision) -> tuple[str, ...]:
    """Return the message of a schooljaar for an area.

    Args:
        source: The release.
        area: The area.
        years: The schooljaren, earliest first: the last one is told, next to the one before it.
        precision: How far rounded figures may be off.
    """
    cells = source.of_area(area)
    named = {row["indicator"]: row for row in source.indicators}
    first = [code for code in (MAIN, *(row["indicator"] for row in key_figures(source.indicators))) if code in named]
    for code in first:
        if (row := cells.get((code, years[-1]))) and has_figure(row):
            text = told(named[code], row, cells.get((code, years[-2])) if len(years) > 1 else None, precision)
            return (text, *_comparable(source, cells, years, precision, beside=row)) if code == MAIN else (text,)
    return (NOTHING.format(area=names.area(area.name, area.code), year=years[-1]),)


def told(indicator: Row, row: Row, earlier: Row | None, precision: Precision) -> str:
    """Tell a published figure in one sentence.

    Args:
        indicator: Its row in the dictionary.
        row: Its published row, with a figure.
        earlier: That of the previous schooljaar; None if there is none.
        precision: How far rounded figures may be off.
    """
    year, where = row["schooljaar"], f"in {names.area(row['gemeente'], row['gemeente_code'])}"
    nouns = next((table for table in reference.tables() if table["onderwerp"] == indicator["indicator"]), None)
    then: Callable[[Row], str] = amount
    if nouns:
        single = row["waarde"] == 1
        size = f"In {year} {'was' if single else 'waren'} er {where} {amount(row)} {nouns['enkelvoud' if single else 'meervoud']}"
        then = then_of
    elif indicator["indicator"] == RATE:
        size = f"In {year} was het verzuimpercentage {where} {amount(row)}"
        then = _then_it_was
    else:
        size = f"{indicator['naam']} – {amount(row)} {where} in {year}"
    if earlier is None or not has_figure(earlier):
        return f"{size}."
    difference = None if row["trendbreuk"] else _difference(row, earlier, precision)
    both = f", in {earlier['schooljaar']} {then(earlier)}{changes.mark(row)}"
    return f"{size}{difference or both}."


def _then_it_was(earlier: Row) -> str:
    return f"was het {amount(earlier)}"


def _difference(row: Row, earlier: Row, precision: Precision) -> str | None:
    """Say how much more or less a figure is; None if that is not published, or if rounding may have made it."""
    before = earlier["schooljaar"]
    if row["verschil"] is not None and precision.tells(row, earlier):
        about = "ongeveer " if is_about(row, earlier) else ""
        return _more(row["verschil"], f"{about}{count(abs(row['verschil']))}", "meer", "minder", before)
    if row["verschil_punten"] is not None and not is_about(row, earlier):
        size = decimal(abs(row["verschil_punten"]), DECIMALS) + changes.POINTS.get(row["eenheid"], "")
        return _more(row["verschil_punten"], size, "hoger", "lager", before)
    return None


def _more(difference: int | Decimal, size: str, more: str, less: str, before: str) -> str:
    if difference == 0:
        return f", evenveel als in {before}"
    return f": {size} {more if difference > 0 else less} dan in {before}"


def _comparable(
    source: Source, cells: Mapping[tuple[str, str], Row], years: Sequence[str], precision: Precision, beside: Row
) -> tuple[str, ...]:
    """Tell of one soort verzuim that rose or fell: of those that can be compared, that with the largest published difference."""
    if len(years) < 2:
        return ()
    found = []
    for indicator in series.soorten(source.indicators):
        row, earlier = (cells.get((indicator["indicator"], year)) for year in (years[-1], years[-2]))
        if row and earlier and _is_certain(row, earlier, precision):
            found.append((indicator["naam"], row, earlier))
    if not found:
        return ()
    name, row, earlier = max(found, key=lambda one: abs(one[1]["verschil"]))
    went = f"Dat {'steeg' if row['verschil'] > 0 else 'daalde'} van {_digits(earlier)} naar {_digits(row)}"
    intro = "Wel te vergelijken is" if beside["trendbreuk"] else "Een van de soorten verzuim is"
    return (f"{intro} ‘{name}’. {went} {'jongere' if row['waarde'] == 1 else 'jongeren'}.",)


def _is_certain(row: Row, earlier: Row, precision: Precision) -> bool:
    """Return whether a count certainly rose or fell between two schooljaren that can be compared, and both can be told as a number."""
    are_numbers = all(has_figure(one) and not (is_about(one) and one["waarde"] == 0) for one in (row, earlier))
    return are_numbers and not row["trendbreuk"] and bool(row["verschil"]) and precision.tells(row, earlier)


def _digits(row: Row) -> str:
    return "0" if row["weergave"] == "0" else amount(row)
