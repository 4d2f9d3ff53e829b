"""The gate of `intern`: the candidate of a release is complete, adds up, and describes itself correctly.

It reads the candidate's files, as a report builder will, and the reference data that determines which figures are required. It includes the
rules on the files to publish (`expectations.files`): codes, texts, years, consistency between rows, and the files as such.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from expectations import counted, files
from expectations.counted import Deviation, double, where
from expectations.suites import Table, existing, paired, sql_text
from orchestration.lake import Lake
from orchestration.memory import limit
from orchestration.settings import Settings

POORT, ZONE = "publicatie", "intern"
ROUNDED_TO = 5
VERDICTS_OF_CELLS = ("gelijk", "binnen_onderdrukking", "wijkt_af", "niet_berekend")
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
NO_YEAR = r"not regexp_full_match(schooljaar, '\d{4}-\d{4}')"
ACCEPTED = "er is minstens één levering aanvaard"
OPTIONAL = ("vergelijking",)  # without a delivery of that bron

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
"""

# in hundredths; half is rounded up
RATES_QUERY = """
select
    cast(cijfer.percentage * 100 as hugeint) as percentage,
    (2 * 100 * cast(indicator.factor as hugeint) * cijfer.teller + cijfer.noemer) // (2 * cijfer.noemer) as herrekend
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
"""


def expectations() -> dict[str, list[Any]]:
    """Return the expectations of the candidate's tables, and of their sums."""
    return {table: [deviation.expectation for deviation in found] for table, found in OWN.items()}


def _filled(names: Sequence[str]) -> list[Deviation]:
    return [where(f"{name}: leeg", f"{name} is null", "de kolom is gevuld", column=name) for name in names]


def _once(key: Sequence[str]) -> Deviation:
    return double("sleutel: dubbel", key, "elk cijfer staat er één keer", column=", ".join(key))


def _from(column: str, least: int, holds: str) -> Deviation:
    return where(f"{column}: te klein", f"{column} < {least}", holds, column=column)


def _equal(left: str, right: str, holds: str) -> Deviation:
    return where(f"{left}: anders", f"{left} is distinct from {right}", holds, column=f"{left}, {right}")


def _at_least(larger: str, smaller: str, holds: str) -> Deviation:
    less = f"coalesce({larger} < {smaller}, {larger} is distinct from {smaller})"  # one that is empty is not at least the other
    return where(f"{larger}: kleiner dan {smaller}", less, holds, column=f"{larger}, {smaller}")


# what may deviate in the tables that both zones have, in order of publication
SHARED: Mapping[str, Sequence[Deviation]] = {
    "kerncijfers": [
        _once(["schooljaar", "gemeente_code", "indicator"]),
        *_filled(FIGURE[:1]),
        where("schooljaar: andere vorm", NO_YEAR, "een schooljaar staat als 2024-2025", column="schooljaar"),
        *_filled(FIGURE[1:]),
        _from("waarde", 0, "een aantal is niet negatief"),
        _from("noemer", 1, "een noemer is minstens 1"),
    ],
    "uitsplitsingen": [_once(BREAKDOWN), *_filled(BREAKDOWN), _from("waarde", 0, "een aantal is niet negatief")],
    "achtergehouden": [where("verraadt", "verraadt", "een cijfer dat is achtergehouden, staat niet alsnog in zijn eigen rij")],
    "dekking": [where("aanwezig", "aanwezig <> 1", "elk schooljaar × gemeente × indicator staat er precies één keer")],
    "delen": [
        _equal("geheel", "gelijk_aan", "wat één waarde heeft, telt uitgesplitst op tot het geheel"),
        _at_least("geheel", "grootste", "een deel is niet groter dan het geheel"),
        _at_least("som", "geheel", "de delen dekken het geheel"),
    ],
    "totalen": [_equal("totaal", "som", "een totaal is de som van zijn onderdelen")],
    "percentages": [_equal("percentage", "herrekend", "een percentage is zijn teller gedeeld door zijn noemer")],
    "reconciliatie": [where("oordeel", f"oordeel not in {VERDICTS_OF_CELLS}", "elk gedrukt cijfer heeft een oordeel")],
    "vergelijking": [
        _from("waarde", 0, "een verhouding van anderen is niet negatief"),
        _at_least("hoogstens", "waarde", "een verhouding van anderen is hoogstens 1.000 per 1.000, of 100 procent"),
    ],
    "bronnen": [
        _from("leveringen", 1, "een bron heeft minstens één aanvaarde levering"),
        where("afgewezen_procent", "afgewezen_procent not between 0 and 100", "een deel is niet meer dan het geheel"),
    ],
}
OWN: Mapping[str, Sequence[Deviation]] = {
    **SHARED,
    "kwaliteit": [_equal("gelezen", "verantwoord", "gelezen = geladen + afgewezen + herhaald")],
    "leveringen": [Deviation("oordeel", "cast(not coalesce(bool_or(oordeel = 'geaccepteerd'), false) as integer)", ACCEPTED)],
}
Queries = Mapping[str, tuple[str, Sequence[Any]]]


def tables(candidate: Path, warehouse: Path, gemeenten: tuple[str, ...], memory: str = "") -> list[Table]:
    """Count what deviates in the candidate's tables and their sums.

    Args:
        candidate: Folder of the candidate release.
        warehouse: The DuckDB file it was made from, for the reference data; opened read-only.
        gemeenten: The codes of the gemeenten that are served.
        memory: What DuckDB may use, as `orchestration.memory.limit` returns it; empty: DuckDB's own limit.
    """
    wanted = {**queries(gemeenten, ROUNDED_TO), "kwaliteit": (f"({COUNTED_QUERY})", ()), "leveringen": ("leveringen", ())}
    return paired(POORT, frames(candidate, warehouse, wanted, OWN, memory), optional=OPTIONAL)


def standing(lake: Lake, settings: Settings) -> tuple[list[Table], Path]:
    """Return the tables and the path of the current release of `intern`."""
    release = existing(lake.published("intern") / "current")
    return tables(release, existing(lake.warehouse_current), settings.gemeenten, limit(settings.memory_share)), release


def queries(gemeenten: tuple[str, ...], base: int) -> Queries:
    """Return the rows of each table that both zones have, in SQL with its parameters.

    Args:
        gemeenten: The codes of the gemeenten that are served.
        base: Base of rounding.
    """
    return {
        "kerncijfers": ("kerncijfers", ()),
        "uitsplitsingen": ("uitsplitsingen", ()),
        "achtergehouden": (f"({WITHHELD_QUERY})", [base]),
        "dekking": (f"({COVERAGE_QUERY})", [[*gemeenten, "regio", "onbekend"]]),
        "delen": (f"({PARTS_QUERY})", ()),
        "totalen": (f"({TOTALS_QUERY})", ()),
        "percentages": (f"({RATES_QUERY})", ()),
        "reconciliatie": ("reconciliatie where soort = 'cel'", ()),
        "vergelijking": (f"({OTHERS_QUERY})", ()),
        "bronnen": ("bronnen", ()),
    }


def frames(candidate: Path, warehouse: Path, wanted: Queries, deviations: Mapping[str, Sequence[Deviation]], memory: str) -> dict[str, Any]:
    """Count what deviates in the candidate's files and the warehouse's reference data; return a counted frame of each table.

    Args:
        candidate: Folder of the candidate release.
        warehouse: The DuckDB file it was made from, for the reference data; opened read-only.
        wanted: The rows of each table.
        deviations: What may deviate in each table.
        memory: What DuckDB may use.
    """
    import pandas as pd

    with counted.opened(None, warehouse.with_name(f"{warehouse.name}.tmp"), memory) as connection:
        connection.execute(f"attach {sql_text(warehouse)} as warehouse (read_only)")
        connection.execute("create view optelling as select totaal, onderdeel from warehouse.kern.optelling")
        for file in candidate.glob("*.parquet"):
            connection.execute(f"create view {file.stem} as select * from read_parquet({sql_text(file)})")  # noqa: S608
        return {
            name: pd.DataFrame([counted.row(connection, counted.query(rows, deviations[name]), parameters)])
            for name, (rows, parameters) in wanted.items()
        }
