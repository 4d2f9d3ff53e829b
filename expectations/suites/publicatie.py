"""The gate of `intern`: the candidate of a release is complete, adds up, and describes itself correctly.

It reads the candidate's files, as a report builder will, and the reference data that determines which figures are required. It includes the
rules on the files to publish (`expectations.files`): codes, texts, years, consistency between rows, and the files as such.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from expectations import files
from expectations.suites import Table, existing, paired, sql_text
from orchestration.lake import Lake
from orchestration.settings import Settings

POORT, ZONE = "publicatie", "intern"
ROUNDED_TO = 5
VERDICTS_OF_CELLS = ["gelijk", "binnen_onderdrukking", "wijkt_af", "niet_berekend"]
BREAKDOWN = ["schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde"]
FIGURE = ["schooljaar", "gemeente_code", "gemeente", "indicator", "label", "status", "weergave"]
OVER = {
    "achtergehouden": ("kerncijfers", "uitsplitsingen"),
    "dekking": ("kerncijfers", "indicatoren"),
    "delen": ("kerncijfers", "uitsplitsingen"),
    "totalen": ("kerncijfers",),
    "percentages": ("kerncijfers",),
}
FILE_RULES = files.RULES
OPTIONAL = ("vergelijking",)  # without a delivery of that bron

FIGURES_QUERY = f"select {', '.join(FIGURE)}, waarde, noemer from kerncijfers"  # noqa: S608 – names of this module
BREAKDOWNS_QUERY = f"select {', '.join(BREAKDOWN)}, waarde from uitsplitsingen"  # noqa: S608

COVERAGE_QUERY = """
select jaar.schooljaar, gebied.gemeente_code, indicator.indicator, count(cijfer.indicator) as aanwezig
from (select distinct schooljaar from kerncijfers) as jaar
cross join (select unnest(?) as gemeente_code) as gebied
cross join indicatoren as indicator
left join kerncijfers as cijfer
    on jaar.schooljaar = cijfer.schooljaar
    and gebied.gemeente_code = cijfer.gemeente_code
    and indicator.indicator = cijfer.indicator
group by all
order by all
"""

TOTALS_QUERY = """
select
    totaal.schooljaar,
    totaal.gemeente_code,
    totaal.indicator,
    totaal.waarde as totaal,
    cast(sum(onderdeel.waarde) as bigint) as som
from kerncijfers as totaal
inner join optelling on totaal.indicator = optelling.totaal
left join kerncijfers as onderdeel
    on optelling.onderdeel = onderdeel.indicator
    and totaal.schooljaar = onderdeel.schooljaar
    and totaal.gemeente_code = onderdeel.gemeente_code
where totaal.status = 'gepubliceerd'
group by all
having bool_and(onderdeel.status not like 'onderdrukt%' and onderdeel.status <> 'afgerond')
order by all
"""

RATES_QUERY = """
select cijfer.teller, cijfer.noemer, cijfer.percentage, indicator.factor
from kerncijfers as cijfer
inner join indicatoren as indicator on cijfer.indicator = indicator.indicator
where cijfer.status = 'gepubliceerd' and cijfer.noemer is not null and cijfer.teller is not null
"""

# every melding or incident has one value of each breakdown, so counts add up; a jongere may have several, so counts are only a bound
PARTS_QUERY = """
select
    deel.schooljaar,
    deel.gemeente_code,
    deel.indicator,
    deel.uitsplitsing,
    geheel.waarde as geheel,
    cast(sum(deel.waarde) as bigint) as som,
    max(deel.waarde) as grootste,
    case when geheel.eenheid = 'jongeren' then geheel.waarde else cast(sum(deel.waarde) as bigint) end as gelijk_aan
from uitsplitsingen as deel
inner join kerncijfers as geheel
    on deel.schooljaar = geheel.schooljaar and deel.gemeente_code = geheel.gemeente_code and deel.indicator = geheel.indicator
where geheel.status = 'gepubliceerd'
group by deel.schooljaar, deel.gemeente_code, deel.indicator, deel.uitsplitsing, geheel.waarde, geheel.eenheid
having bool_and(deel.status not like 'onderdrukt%' and deel.status <> 'afgerond')
order by deel.schooljaar, deel.gemeente_code, deel.indicator, deel.uitsplitsing
"""

# a withheld value must not be derivable from its own row, and a rounded count is a multiple
WITHHELD_QUERY = """
select
    status like 'onderdrukt%' or status = 'afgerond' as achtergehouden,
    achtergehouden and (
        case status
            when 'afgerond' then coalesce(waarde % ? <> 0, percentage is null)
                or not regexp_full_match(weergave, 'ca\\. [0-9.]+(,[0-9]+)?%?|0–[0-9]+')
            else coalesce(waarde, percentage, verschil, verschil_percentage, verschil_punten) is not null
                or not regexp_full_match(weergave, '<[0-9]+|x')
        end
    ) as verraadt
from (select * exclude (uitsplitsing, uitsplitsing_waarde) from uitsplitsingen union all by name select * from kerncijfers)
"""

# what others published is set beside ours as it is, so all that can be checked is that it is a rate at all
OTHERS_QUERY = """
select waarde, case indicator when 'vsv_percentage' then 100 else 1000 end as hoogstens
from vergelijking
"""

COUNTED_QUERY = """
select
    bron,
    levering,
    entiteit,
    cast(sum(aantal) filter (where ernst = 'gelezen') as bigint) as gelezen,
    cast(sum(aantal) filter (where ernst in ('geladen', 'herhaald', 'afgewezen')) as bigint) as verantwoord
from kwaliteit
group by all
order by all
"""


Queries = Mapping[str, tuple[str, Sequence[Any]]]


def expectations() -> dict[str, list[Any]]:
    """Return the expectations of the candidate's tables, and of their sums."""
    import great_expectations.expectations as gxe

    counted = gxe.ExpectColumnPairValuesToBeEqual(
        column_A="gelezen", column_B="verantwoord", description="gelezen = geladen + afgewezen + herhaald"
    )
    accepted = gxe.ExpectColumnDistinctValuesToContainSet(
        column="oordeel", value_set=["geaccepteerd"], description="er is minstens één levering aanvaard"
    )
    return declared() | {"kwaliteit": [counted], "leveringen": [accepted]}


def declared() -> dict[str, list[Any]]:
    """Return the expectations that both zones share, in order of publication."""
    import great_expectations.expectations as gxe

    def filled(names: Sequence[str]) -> list[Any]:
        return [gxe.ExpectColumnValuesToNotBeNull(column=name, description="de kolom is gevuld") for name in names]

    def once(names: list[str]) -> Any:
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=names, description="elk cijfer staat er één keer")

    def equal(left: str, right: str, description: str) -> Any:
        return gxe.ExpectColumnPairValuesToBeEqual(column_A=left, column_B=right, description=description)

    def at_least(larger: str, smaller: str, description: str) -> Any:
        return gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A=larger, column_B=smaller, or_equal=True, description=description)

    def one_of(column: str, values: Sequence[Any], description: str) -> Any:
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values), description=description)

    def from_(column: str, least: int, description: str) -> Any:
        return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=least, description=description)

    year = gxe.ExpectColumnValuesToMatchRegex(column="schooljaar", regex=r"^\d{4}-\d{4}$", description="een schooljaar staat als 2024-2025")
    return {
        "kerncijfers": [
            once(["schooljaar", "gemeente_code", "indicator"]),
            *filled(FIGURE),
            year,
            from_("waarde", 0, "een aantal is niet negatief"),
            from_("noemer", 1, "een noemer is minstens 1"),
        ],
        "uitsplitsingen": [once(BREAKDOWN), *filled(BREAKDOWN), from_("waarde", 0, "een aantal is niet negatief")],
        "achtergehouden": [one_of("verraadt", [False], "een cijfer dat is achtergehouden, staat niet alsnog in zijn eigen rij")],
        "dekking": [one_of("aanwezig", [1], "elk schooljaar × gemeente × indicator staat er precies één keer")],
        "delen": [
            equal("geheel", "gelijk_aan", "wat één waarde heeft, telt uitgesplitst op tot het geheel"),
            at_least("geheel", "grootste", "een deel is niet groter dan het geheel"),
            at_least("som", "geheel", "de delen dekken het geheel"),
        ],
        "totalen": [equal("totaal", "som", "een totaal is de som van zijn onderdelen")],
        "percentages": [equal("percentage", "herrekend", "een percentage is zijn teller gedeeld door zijn noemer")],
        "reconciliatie": [one_of("oordeel", VERDICTS_OF_CELLS, "elk gedrukt cijfer heeft een oordeel")],
        "vergelijking": [
            from_("waarde", 0, "een verhouding van anderen is niet negatief"),
            at_least("hoogstens", "waarde", "een verhouding van anderen is hoogstens 1.000 per 1.000, of 100 procent"),
        ],
        "bronnen": [
            from_("leveringen", 1, "een bron heeft minstens één aanvaarde levering"),
            gxe.ExpectColumnValuesToBeBetween(
                column="afgewezen_procent", min_value=0, max_value=100, description="een deel is niet meer dan het geheel"
            ),
        ],
    }


def tables(candidate: Path, warehouse: Path, gemeenten: tuple[str, ...]) -> list[Table]:
    """Read the candidate's tables and their sums.

    Args:
        candidate: Folder of the candidate release.
        warehouse: The DuckDB file it was made from, for the reference data; opened read-only.
        gemeenten: The codes of the gemeenten that are served.
    """
    wanted = {
        **queries(gemeenten, ROUNDED_TO),
        "kwaliteit": (COUNTED_QUERY, ()),
        "leveringen": ("select oordeel from leveringen", ()),
    }
    return paired(POORT, frames(candidate, warehouse, wanted), optional=OPTIONAL)


def standing(lake: Lake, settings: Settings) -> tuple[list[Table], Path]:
    """Return the tables and the path of the current release of `intern`."""
    release = existing(lake.published("intern") / "current")
    return tables(release, existing(lake.warehouse_current), settings.gemeenten), release


def queries(gemeenten: tuple[str, ...], base: int) -> Queries:
    """Return the query of each table that both zones have, with its parameters.

    Args:
        gemeenten: The codes of the gemeenten that are served.
        base: Base of rounding.
    """
    return {
        "kerncijfers": (FIGURES_QUERY, ()),
        "uitsplitsingen": (BREAKDOWNS_QUERY, ()),
        "achtergehouden": (WITHHELD_QUERY, [base]),
        "dekking": (COVERAGE_QUERY, [[*gemeenten, "regio", "onbekend"]]),
        "delen": (PARTS_QUERY, ()),
        "totalen": (TOTALS_QUERY, ()),
        "percentages": (RATES_QUERY, ()),
        "reconciliatie": ("select oordeel from reconciliatie where soort = 'cel'", ()),
        "vergelijking": (OTHERS_QUERY, ()),
        "bronnen": ("select leveringen, afgewezen_procent from bronnen", ()),
    }


def frames(candidate: Path, warehouse: Path, wanted: Queries) -> dict[str, Any]:
    """Run queries on the candidate's files and the warehouse's reference data.

    Returns:
        A pandas DataFrame for each query; `percentages` also with the percentage recomputed from teller and noemer.
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(warehouse)} as warehouse (read_only)")
        connection.execute("create view optelling as select totaal, onderdeel from warehouse.kern.optelling")
        for file in candidate.glob("*.parquet"):
            connection.execute(f"create view {file.stem} as select * from read_parquet({sql_text(file)})")  # noqa: S608
        found: dict[str, Any] = {name: connection.execute(query, parameters).df() for name, (query, parameters) in wanted.items()}
    rates = found["percentages"]
    rates["herrekend"] = [
        str((Decimal(int(row.factor)) * int(row.teller) / int(row.noemer)).quantize(Decimal("0.01"), ROUND_HALF_UP))
        for row in rates.itertuples()
    ]
    rates["percentage"] = [str(Decimal(str(value)).quantize(Decimal("0.01"))) for value in rates["percentage"]]
    return found
