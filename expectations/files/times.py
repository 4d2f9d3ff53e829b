"""Rules on time: schooljaren, months, days, and breaks in series.

Put here: rules on dates and periods. Keep out: values of the previous schooljaar (`numbers.py`).
"""

from expectations.files.rule import rule
from expectations.files.staged import FIGURES, Faults, Staged
from expectations.reference import previous

MONTH = r"\d{4}-(0[1-9]|1[0-2])"
IN_YEAR = "rij.uitsplitsing_waarde >= rij.begin || '-08' and rij.uitsplitsing_waarde < (rij.begin + 1) || '-08'"
# of each series the reason of its first row
OF_SERIES = """
cijfers join (
    select schooljaar, gemeente_code, indicator, arg_min_null(trendbreuk_reden, nr) as reden
    from cijfers
    group by all
) as reeks on rij.schooljaar = reeks.schooljaar and rij.gemeente_code = reeks.gemeente_code and rij.indicator = reeks.indicator
"""


@rule("een schooljaar is een jaar en het jaar daarna", FIGURES, "schooljaar")
def one_year(staged: Staged) -> Faults:
    """Yield rows with a schooljaar such as `2024-2026` instead of `2024-2025`; the suite checks the pattern."""
    return staged.where(
        "cijfers", "rij.begin is null or rij.begin + 1 is distinct from try_cast(rij.schooljaar[-4:] as integer)", "schooljaar"
    )


@rule("de schooljaren volgen op elkaar, zonder gat", ("kerncijfers",), "schooljaar")
def no_year_missing(staged: Staged) -> Faults:
    """Yield gaps in the schooljaren."""
    years = [year for (year,) in staged.ask("select distinct schooljaar from kerncijfers order by schooljaar")]
    return (("kerncijfers.parquet", f"voor {year} ontbreekt een schooljaar") for year in years[1:] if previous(year) not in years)


@rule("een maand ligt in haar schooljaar", ("uitsplitsingen",), "uitsplitsing_waarde")
def month_in_schooljaar(staged: Staged) -> Faults:
    """Yield months outside August of the first year to July of the second."""
    is_month = "rij.uitsplitsing = 'maand' and rij.uitsplitsing_waarde <> 'onbekend'"
    inside = f"regexp_full_match(rij.uitsplitsing_waarde, '{MONTH}') and {IN_YEAR}"
    return staged.where("cijfers", f"{is_month} and not ({inside})", "uitsplitsing_waarde")


@rule("een peildatum ligt in zijn schooljaar", FIGURES, "peildatum")
def peildatum_in_schooljaar(staged: Staged) -> Faults:
    """Yield a peildatum outside 1 August to 31 July."""
    return staged.where("cijfers", "rij.peildatum not between make_date(rij.begin, 8, 1) and make_date(rij.begin + 1, 7, 31)", "peildatum")


@rule("of en waarom een reeks breekt, hangt van het schooljaar, de gemeente en de indicator af, en van niets anders", FIGURES, "trendbreuk")
def one_trendbreuk(staged: Staged) -> Faults:
    """Yield inconsistent breaks: a break is the same for every part of a figure, and it has a reason."""
    has_reason = "coalesce(rij.trendbreuk_reden, '') <> ''"
    return staged.where(
        OF_SERIES,
        f"{has_reason} is distinct from rij.trendbreuk or rij.trendbreuk_reden is distinct from reeks.reden",
        "trendbreuk",
    )


RULES = (one_year, no_year_missing, month_in_schooljaar, peildatum_in_schooljaar, one_trendbreuk)
