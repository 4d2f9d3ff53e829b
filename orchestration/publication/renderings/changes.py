"""Formats the difference of a figure from the previous schooljaar for a table: the published difference, never one computed here.

Where a series breaks between the two, the difference itself has the mark.

Put here: formatting a published difference. Keep out: sentences (`sentences.py`), formatting of numbers (`weergave.py`), and what a
difference of rounded figures is worth (`precision.py`).
"""

from decimal import Decimal

from orchestration.publication.extract import Row
from orchestration.publication.renderings.precision import Precision, is_about
from orchestration.publication.report_tables import BREAK, has_figure
from orchestration.publication.weergave import ABOUT, DECIMALS, count, decimal, round_half_away

HEADINGS = ("Verschil", "in %")
PERCENTAGE_DECIMALS = 1
POINTS = {"procent": " procentpunt"}  # the unit of the difference of a rate, by the unit of the rate


def difference(row: Row | None, earlier: Row | None) -> str:
    """Format the difference of a count (`+163`), or of a rate (`+1,66 procentpunt`); empty if none is published.

    Args:
        row: The published row.
        earlier: That of the previous schooljaar: if one of both is rounded, so is their difference (`ca. +30`).
    """
    if row is None or not has_figure(row):
        return ""
    about = ABOUT if is_about(row, earlier) else ""
    if row["verschil"] is not None:
        return about + ("+" if row["verschil"] > 0 else "") + count(row["verschil"]) + mark(row)
    if row["verschil_punten"] is not None:
        return about + _signed(row["verschil_punten"], decimals(row, earlier)) + POINTS.get(row["eenheid"], "") + mark(row)
    return ""


def percentage(row: Row | None, earlier: Row | None, precision: Precision) -> str:
    """Format the difference as a percentage of the previous year (`+35,4%`); empty if none is published, or rounding may have made it.

    Args:
        row: The published row.
        earlier: That of the previous schooljaar.
        precision: How far rounded figures may be off.
    """
    if row is None or not has_figure(row) or row["verschil_percentage"] is None:
        return ""
    share = row["verschil_percentage"]
    if not is_about(row, earlier):
        return _signed(share, PERCENTAGE_DECIMALS) + "%" + mark(row)
    return ABOUT + _signed(share, 0) + "%" + mark(row) if tells_share(row, earlier, precision) else ""


def mark(row: Row) -> str:
    """Return the mark of a comparison with the previous schooljaar: empty unless the series breaks between the two."""
    return BREAK if row["trendbreuk"] else ""


def tells_share(row: Row, earlier: Row | None, precision: Precision) -> bool:
    """Return whether the difference of a count says anything as a percentage: not if rounding may have made it, or made the count 0."""
    return precision.tells(row, earlier) and not (is_about(row) and row["waarde"] == 0)


def decimals(row: Row, earlier: Row | None) -> int:
    """Return how many decimals the difference of two rates has: those of the rate that is shown with the fewest."""
    if not is_about(row, earlier):
        return DECIMALS
    shown = [one["weergave"].rstrip("%").partition(",")[2] for one in (row, earlier) if one is not None]
    return min(map(len, shown))


def _signed(value: Decimal, decimals: int) -> str:
    """Format a difference with its sign; what is rounded to 0 has none."""
    rounded = round_half_away(value, decimals) + 0  # not -0
    return ("+" if rounded > 0 else "") + decimal(rounded, decimals)
