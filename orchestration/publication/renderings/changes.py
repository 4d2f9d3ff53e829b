"""Formats the difference of a figure from the previous schooljaar for a table: the published difference, never one computed here.

Put here: formatting a published difference. Keep out: sentences (`sentences.py`), and formatting of numbers (`weergave.py`).
"""

from decimal import Decimal

from orchestration.publication.extract import Row
from orchestration.publication.report_tables import PUBLISHED
from orchestration.publication.weergave import DECIMALS, count, decimal

HEADINGS = ("Verschil", "in %")
PERCENTAGE_DECIMALS = 1


def difference(row: Row | None) -> str:
    """Format the difference of a count (`+163`), or of a rate in its own unit (`+1,66`); empty if none is published."""
    if row is None or row["status"] != PUBLISHED:
        return ""
    if row["verschil"] is not None:
        return _sign(row["verschil"]) + count(row["verschil"])
    if row["verschil_punten"] is not None:
        return _sign(row["verschil_punten"]) + decimal(row["verschil_punten"], DECIMALS)
    return ""


def percentage(row: Row | None) -> str:
    """Format the difference as a percentage of the previous year (`+35,4%`); empty if none is published."""
    if row is None or row["status"] != PUBLISHED or row["verschil_percentage"] is None:
        return ""
    return _sign(row["verschil_percentage"]) + decimal(row["verschil_percentage"], PERCENTAGE_DECIMALS) + "%"


def _sign(value: int | Decimal) -> str:
    return "+" if value > 0 else ""
