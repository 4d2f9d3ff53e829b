"""The gate of `openbaar`: as that of `intern`, but for figures of which some are withheld or rounded.

Sums are checked only where all their terms are public. Disclosure is not checked here: that is the purpose of the proof.
"""

from pathlib import Path
from typing import Any

from expectations.files import RULES
from expectations.files.numbers import nothing_withheld
from expectations.suites import Table, existing, paired, publicatie
from orchestration.lake import Lake
from orchestration.settings import Settings

POORT = "openbaar"
THRESHOLD = 5
ROUNDED_PARTS = "afgeronde delen"
SUMS = ("delen", "totalen", "percentages", ROUNDED_PARTS)
OVER = {**publicatie.OVER, ROUNDED_PARTS: ("kerncijfers", "uitsplitsingen")}
FILE_RULES = tuple(rule for rule in RULES if rule is not nothing_withheld)

# if a breakdown is rounded and nothing in it is withheld, its counts still add up to the whole, or to the whole rounded up or down
ROUNDED_PARTS_QUERY = """
select
    deel.schooljaar,
    deel.gemeente_code,
    deel.indicator,
    deel.uitsplitsing,
    abs(cast(sum(deel.waarde) as bigint) - geheel.waarde) as afwijking
from uitsplitsingen as deel
inner join kerncijfers as geheel
    on deel.schooljaar = geheel.schooljaar and deel.gemeente_code = geheel.gemeente_code and deel.indicator = geheel.indicator
where geheel.status = 'gepubliceerd' and (geheel.eenheid <> 'jongeren' or deel.uitsplitsing = 'geslacht')
group by deel.schooljaar, deel.gemeente_code, deel.indicator, deel.uitsplitsing, geheel.waarde
having bool_or(deel.status = 'afgerond') and bool_and(deel.status not like 'onderdrukt%')
order by deel.schooljaar, deel.gemeente_code, deel.indicator, deel.uitsplitsing
"""

TENS_QUERY = "select aantal % 10 as over from kwaliteit"


def expectations(threshold: int = THRESHOLD) -> dict[str, list[Any]]:
    """Return the expectations of the candidate's tables, and of their sums.

    Args:
        threshold: Counts below this are withheld; figures are rounded to it, or to 5 if that is more.
    """
    import great_expectations.expectations as gxe

    return publicatie.declared(
        quality=gxe.ExpectColumnValuesToBeInSet(column="over", value_set=[0], description="een aantal geleverde rijen staat in tientallen"),
        sums={
            ROUNDED_PARTS: [
                gxe.ExpectColumnValuesToBeBetween(
                    column="afwijking",
                    max_value=_base(threshold) - 1,
                    description="afgeronde delen tellen op tot het geheel, naar boven of beneden afgerond",
                )
            ]
        },
    )


def tables(candidate: Path, warehouse: Path, gemeenten: tuple[str, ...], threshold: int) -> list[Table]:
    """Read the candidate's tables and their sums; so much may be withheld that no sums are left.

    Args:
        candidate: Folder of the candidate release.
        warehouse: The DuckDB file it was made from, for the reference data; opened read-only.
        gemeenten: The codes of the gemeenten that are served.
        threshold: Counts below this are withheld.
    """
    shared = publicatie.queries(gemeenten, _base(threshold))
    wanted = {**shared, ROUNDED_PARTS: (ROUNDED_PARTS_QUERY, ()), "kwaliteit": (TENS_QUERY, ())}
    return paired(POORT, publicatie.frames(candidate, warehouse, wanted), optional=SUMS, threshold=threshold)


def standing(lake: Lake, settings: Settings) -> tuple[list[Table], Path]:
    """Return the tables and the path of the current release of `openbaar`."""
    release = existing(lake.published("openbaar") / "current")
    return tables(release, existing(lake.warehouse_current), settings.gemeenten, settings.suppression_threshold), release


def _base(threshold: int) -> int:
    return max(publicatie.ROUNDED_TO, threshold)
