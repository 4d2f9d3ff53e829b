"""The gate after dbt: checks the plausibility of the whole warehouse before analysts and the publication use it.

Primary and foreign keys of single models are dbt tests. These rules guard the finished file: tables have rows, keys are unique, every
fact belongs to a jongere, and figures are within their natural bounds.
"""

from pathlib import Path
from typing import Any

from expectations.suites import Table, existing, paired
from expectations.verdict import WARNING
from orchestration.lake import Lake
from orchestration.settings import Settings

POORT = "warehouse"
KEYS = {
    "jongere": ("jongere_id",),
    "melding": ("meldingsnummer",),
    "interventie": ("interventienr",),
    "incident": ("incidentnr",),
    "vrijstelling": ("vrijstellingnr",),
    "absoluut_verzuim": ("signaalnummer",),
    "plichtige": ("jongere_id", "peildatum"),
}
FACTS = tuple(table for table in KEYS if table != "jongere")
INDISPENSABLE = ("jongere", "plichtige")
EVENTS = tuple(table for table in FACTS if table != "plichtige")
REFERENCES, VOLUMES, BOUNDS = "verwijzingen", "volumes", "grenzen_van_relatief_verzuim"
OVER = {REFERENCES: FACTS, VOLUMES: EVENTS, BOUNDS: ("kerncijfers",)}
FILE_RULES = ()

ORPHANS_OF = """
select '{table}' as tabel, count(*) as rijen, count(*) filter (where jongere.jongere_id is null) as zonder_jongere
from kern.{table} as feit left join kern.jongere as jongere using (jongere_id)
"""
# traject has every record that counts as an event, built separately from the fact tables; a dbt test checks that it is complete
VOLUME_OF = """
select
    '{table}' as tabel,
    (select count(*) from kern.{table}) as rijen,
    (select count(*) from kern.traject where soort_gebeurtenis = '{table}') as records
"""
# the soorten of relatief verzuim are reference data: their sum is only a bound on the jongeren if every soort has a row
BOUND = """
with soorten as (select soort.verzuimsoort as indicator from kern.verzuimsoort as soort where soort.is_relatief group by all)

select
    schooljaar,
    gemeente_code,
    max(waarde) filter (where indicator = 'relatief_verzuim_jongeren') as jongeren,
    max(waarde) filter (where indicator in (select indicator from soorten)) as grootste_rij,
    cast(sum(waarde) filter (where indicator in (select indicator from soorten)) as bigint) as som_van_rijen
from jaarverslag.kerncijfers
where tabel = 'verzuim_naar_soort' and status = 'gepubliceerd'
group by all
having count(*) filter (where indicator = 'relatief_verzuim_jongeren') > 0
order by all
"""


def expectations() -> dict[str, list[Any]]:
    """Return the expectations of the guarded tables of `kern`, and of the aggregates over them."""
    import great_expectations.expectations as gxe

    return {
        **{table: _of_key(table) for table in KEYS},
        REFERENCES: [
            gxe.ExpectColumnValuesToBeInSet(column="zonder_jongere", value_set=[0], description="elk feit hoort bij een jongere die er is"),
            gxe.ExpectColumnSumToBeBetween(column="rijen", min_value=1, description="er zijn feiten"),
        ],
        VOLUMES: [
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="rijen", column_B="records", description="elk geldend record van de bron staat één keer in kern"
            )
        ],
        BOUNDS: [
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="jongeren", column_B="grootste_rij", or_equal=True, description="jongeren ≥ de grootste rij van de tabel"
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="som_van_rijen", column_B="jongeren", or_equal=True, description="jongeren ≤ de som van de rijen van de tabel"
            ),
        ],
    }


def _of_key(table: str) -> list[Any]:
    import great_expectations.expectations as gxe

    columns = KEYS[table]
    expected: list[Any] = [gxe.ExpectColumnValuesToNotBeNull(column=name, description="de sleutel is gevuld") for name in columns]
    if len(columns) == 1:
        expected.append(gxe.ExpectColumnValuesToBeUnique(column=columns[0], description="de sleutel is uniek"))
    else:
        expected.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=list(columns), description="de sleutel is uniek"))
    if table in FACTS:
        plausible = {"min_value": 0, "max_value": 30, "mostly": 0.99, "severity": WARNING}
        expected.append(gxe.ExpectColumnValuesToBeBetween(column="leeftijd", description="de leeftijd past bij een jongere", **plausible))
    return expected


def tables(warehouse: Path) -> list[Table]:
    """Read the keys and ages of the guarded tables, and the aggregates over them.

    Args:
        warehouse: The finished DuckDB file; opened read-only.
    """
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        columns = {table: [*keys, *(["leeftijd"] if table in FACTS else [])] for table, keys in KEYS.items()}
        queries = {table: f"select {', '.join(names)} from kern.{table}" for table, names in columns.items()}  # noqa: S608
        queries[REFERENCES] = " union all ".join(ORPHANS_OF.format(table=table) for table in FACTS)
        queries[VOLUMES] = " union all ".join(VOLUME_OF.format(table=table) for table in EVENTS)
        queries[BOUNDS] = BOUND
        frames = {name: connection.execute(query).df() for name, query in queries.items()}
    return paired(POORT, frames, optional=KEYS.keys() - set(INDISPENSABLE))


def standing(lake: Lake, _settings: Settings) -> tuple[list[Table], Path]:
    """Return the tables and the path of the current warehouse."""
    night = existing(lake.warehouse_current)
    return tables(night), night
