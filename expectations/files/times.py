"""Rules on time: schooljaren, months, days, and breaks in series.

Put here: rules on dates and periods. Keep out: values of the previous schooljaar (`numbers.py`).
"""

import re
from datetime import date
from typing import Any

from expectations.files.rule import Faults, rule
from expectations.files.staged import FIGURES, Staged
from expectations.reference import previous

UNKNOWN = "onbekend"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@rule("een schooljaar is een jaar en het jaar daarna", FIGURES, "schooljaar")
def one_year(staged: Staged) -> Faults:
    """Yield rows with a schooljaar such as `2024-2026` instead of `2024-2025`; the suite checks the pattern."""
    for where, row in staged.figures():
        if int(row["schooljaar"][:4]) + 1 != int(row["schooljaar"][-4:]):
            yield where, "schooljaar"


@rule("de schooljaren volgen op elkaar, zonder gat", ("kerncijfers",), "schooljaar")
def no_year_missing(staged: Staged) -> Faults:
    """Yield gaps in the schooljaren."""
    years = {row["schooljaar"] for _, row in staged.rows("kerncijfers")}
    yield from (
        ("kerncijfers.parquet", f"voor {year} ontbreekt een schooljaar") for year in sorted(years)[1:] if previous(year) not in years
    )


@rule("een maand ligt in haar schooljaar", ("uitsplitsingen",), "uitsplitsing_waarde")
def month_in_schooljaar(staged: Staged) -> Faults:
    """Yield months outside August of the first year to July of the second."""
    for where, row in staged.rows("uitsplitsingen"):
        month, first = row["uitsplitsing_waarde"], row["schooljaar"][:4]
        if row["uitsplitsing"] != "maand" or month == UNKNOWN:
            continue
        if not MONTH.fullmatch(month) or not f"{first}-08" <= month < f"{int(first) + 1}-08":
            yield where, "uitsplitsing_waarde"


@rule("een peildatum ligt in zijn schooljaar", FIGURES, "peildatum")
def peildatum_in_schooljaar(staged: Staged) -> Faults:
    """Yield a peildatum outside 1 August to 31 July."""
    for where, row in staged.figures():
        first = int(row["schooljaar"][:4])
        if row["peildatum"] is not None and not date(first, 8, 1) <= row["peildatum"] <= date(first + 1, 7, 31):
            yield where, "peildatum"


@rule("of en waarom een reeks breekt, hangt van het schooljaar, de gemeente en de indicator af, en van niets anders", FIGURES, "trendbreuk")
def one_trendbreuk(staged: Staged) -> Faults:
    """Yield inconsistent breaks: a break is the same for every part of a figure, and it has a reason."""
    breaks: dict[tuple[Any, ...], str | None] = {}
    for where, row in staged.figures():
        reason = row["trendbreuk_reden"]
        series = row["schooljaar"], row["gemeente_code"], row["indicator"]
        if bool(reason) != row["trendbreuk"] or breaks.setdefault(series, reason) != reason:
            yield where, "trendbreuk"


RULES = (one_year, no_year_missing, month_in_schooljaar, peildatum_in_schooljaar, one_trendbreuk)
