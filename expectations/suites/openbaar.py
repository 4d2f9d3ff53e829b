"""The gate of `openbaar`: as that of `intern`, but for figures of which most are rounded and some withheld.

Sums are checked only where all their terms are exact. Disclosure is not checked here: that is the purpose of the proof.
"""

from pathlib import Path
from typing import Any

from expectations.counted import where
from expectations.files import RULES
from expectations.files.numbers import nothing_withheld
from expectations.suites import Table, existing, paired, publicatie
from orchestration.lake import Lake
from orchestration.memory import limit
from orchestration.settings import Settings

POORT, ZONE = "openbaar", "openbaar"
KINDS, YEARS = "soort van cijfer", "schooljaren"
OPTIONAL = ("uitsplitsingen", "delen", "totalen", "percentages", *publicatie.OPTIONAL)
OVER = {**publicatie.OVER, KINDS: ("kerncijfers", "uitsplitsingen", "indicatoren"), YEARS: ("kerncijfers",)}
FILE_RULES = tuple(rule for rule in RULES if rule is not nothing_withheld)

# a count is shown as it is only if its indicator is exact, and never in a breakdown
KINDS_QUERY = """
select
    cijfer.status = 'gepubliceerd' and (cijfer.uitsplitsing is not null or indicator.openbaar is distinct from 'exact') as te_precies
from (select * from uitsplitsingen union all by name select * from kerncijfers) as cijfer
inner join indicatoren as indicator on cijfer.indicator = indicator.indicator
where cijfer.percentage is null
"""

YEARS_QUERY = """
select coalesce(jaar.is_afgesloten, false) as is_afgesloten
from (select distinct schooljaar from kerncijfers) as cijfer
left join warehouse.kern.schooljaar as jaar on cijfer.schooljaar = jaar.schooljaar
"""


DEVIATIONS = {
    **publicatie.SHARED,
    KINDS: [where("te_precies", "te_precies", "alleen een exacte indicator toont een aantal zelf, en geen enkele uitsplitsing")],
    YEARS: [where("nog open", "not is_afgesloten", "elk schooljaar is afgesloten", column="is_afgesloten")],
}


def expectations() -> dict[str, list[Any]]:
    """Return the expectations of the candidate's tables, and of their sums."""
    return {table: [deviation.expectation for deviation in found] for table, found in DEVIATIONS.items()}


def tables(candidate: Path, warehouse: Path, gemeenten: tuple[str, ...], threshold: int, memory: str = "") -> list[Table]:
    """Count what deviates in the candidate's tables and their sums; so little may be exact that no sums are left.

    Args:
        candidate: Folder of the candidate release.
        warehouse: The DuckDB file it was made from, for the reference data; opened read-only.
        gemeenten: The codes of the gemeenten that are served.
        threshold: Counts below this are withheld; figures are rounded to it, or to 5 if that is more.
        memory: What DuckDB may use, as `orchestration.memory.limit` returns it; empty: DuckDB's own limit.
    """
    shared = publicatie.queries(gemeenten, max(publicatie.ROUNDED_TO, threshold))
    wanted = {**shared, KINDS: (f"({KINDS_QUERY})", ()), YEARS: (f"({YEARS_QUERY})", ())}
    return paired(POORT, publicatie.frames(candidate, warehouse, wanted, DEVIATIONS, memory), optional=OPTIONAL)


def standing(lake: Lake, settings: Settings) -> tuple[list[Table], Path]:
    """Return the tables and the path of the current release of `openbaar`."""
    release = existing(lake.published("openbaar") / "current")
    memory = limit(settings.memory_share)
    return tables(release, existing(lake.warehouse_current), settings.gemeenten, settings.suppression_threshold, memory), release
