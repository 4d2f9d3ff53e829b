"""The gate after dbt: checks the plausibility of the whole warehouse before analysts and the publication use it.

Primary and foreign keys of single models are dbt tests. These rules guard the finished file: tables have rows, keys are unique, every
fact belongs to a jongere, figures are within their natural bounds, and the file has nothing that analysts may not see: it has the tables of
`kern` and `jaarverslag` only, and none of its dates is a birth date.

The rules on dates look at every column whose type has a date in it. For a table of jongeren, a date may not be the birth date of the row's
own jongere; another jongere's is a coincidence. A table without `jongere_id` does not say whose date it is. So no date of any table may be
from before the first published schooljaar, when nearly all were born.
"""

from pathlib import Path
from typing import Any

from expectations import counted
from expectations.counted import Deviation
from expectations.suites import Table, existing, paired, sql_text
from expectations.verdict import WARNING
from orchestration.lake import Lake
from orchestration.memory import limit
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
TABLES, DATES, BIRTH_DATES = "tabellen", "datums", "geboortedata"
SCHEMAS = ("kern", "jaarverslag")
SIMPLE = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")
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
DATE_COLUMNS = """
select schema_name, table_name, list((column_name, data_type) order by column_index) as columns
from duckdb_columns()
where database_name = current_database() and not internal and regexp_matches(data_type, 'DATE|TIMESTAMP')
group by all
order by all
"""
OF_JONGEREN = """
select schema_name || '.' || table_name
from duckdb_columns()
where database_name = current_database() and column_name = 'jongere_id'
"""
# the macros of kern write two days before the first published schooljaar at the earliest (dbt_project/macros/grens.sql)
EARLIEST = "(select coalesce(min(begin) - 2, date '9999-12-31') from kern.schooljaar)"


def expectations() -> dict[str, list[Any]]:
    """Return the expectations of the guarded tables of `kern`, and of the aggregates over them."""
    import great_expectations.expectations as gxe

    return {
        **{table: [deviation.expectation for deviation in deviations(table)] for table in KEYS},
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
        TABLES: [gxe.ExpectColumnValuesToBeInSet(column="schema", value_set=[*SCHEMAS], description="elke tabel is er voor analisten")],
        DATES: [
            gxe.ExpectColumnValuesToBeInSet(
                column="te_vroeg", value_set=[0], description="geen datum is van vóór het eerste gepubliceerde schooljaar"
            ),
            gxe.ExpectColumnSumToBeBetween(column="gevuld", min_value=1, description="er zijn datums"),
        ],
        BIRTH_DATES: [
            gxe.ExpectColumnValuesToBeInSet(
                column="gelijk", value_set=[0], description="geen datum is de geboortedatum van de jongere van de rij"
            ),
            gxe.ExpectColumnSumToBeBetween(column="vergeleken", min_value=1, description="er zijn geboortedata om mee te vergelijken"),
        ],
    }


def deviations(table: str) -> list[Deviation]:
    """Return what may deviate in a guarded table of `kern`: its key, and in a table of facts the age."""
    key = KEYS[table]
    found = [counted.where(f"{name}: leeg", f"{name} is null", "de sleutel is gevuld", column=name) for name in key]
    found.append(counted.double("sleutel: dubbel", key, "de sleutel is uniek", column=", ".join(key)))
    if table in FACTS:
        told = {"column": "leeftijd", "tolerated": "count(leeftijd) // 100", "severity": WARNING}
        found.append(counted.where("leeftijd: vreemd", "leeftijd not between 0 and 30", "de leeftijd past bij een jongere", **told))
    return found


def tables(warehouse: Path, birth_dates: Path | None, memory: str = "") -> list[Table]:
    """Count what deviates in the guarded tables, what they refer to, and what the file has of tables and dates.

    Args:
        warehouse: The finished DuckDB file; opened read-only.
        birth_dates: The file with the birth date of each jongere that was built with it; None for a warehouse that analysts have, when it
            is gone: then nothing is compared with birth dates.
        memory: What DuckDB may use, as `orchestration.memory.limit` returns it; empty: DuckDB's own limit.
    """
    with counted.opened(warehouse, warehouse.with_name(f"{warehouse.name}.tmp"), memory) as connection:
        queries = {table: counted.query(f"kern.{table}", deviations(table)) for table in KEYS}
        queries[REFERENCES] = " union all ".join(ORPHANS_OF.format(table=table) for table in FACTS)
        queries[VOLUMES] = " union all ".join(VOLUME_OF.format(table=table) for table in EVENTS)
        queries[BOUNDS] = BOUND
        frames = {name: connection.execute(query).df() for name, query in queries.items()}
        frames |= _of_file(connection, birth_dates)
    optional = KEYS.keys() - set(INDISPENSABLE)
    return paired(POORT, frames, optional=optional if birth_dates else optional | {BIRTH_DATES})


def _of_file(connection: Any, birth_dates: Path | None) -> dict[str, Any]:
    """Return a row per table of the file, a row per date column, and one per date column of a table of jongeren."""
    import pandas as pd

    listed = "select schema_name as schema, table_name as tabel from duckdb_tables() where database_name = current_database()"
    views = " union all select schema_name, view_name from duckdb_views() where database_name = current_database() and not internal"
    frames = {TABLES: connection.execute(listed + views).df()}
    found = connection.execute(DATE_COLUMNS).fetchall()
    dates = [row for schema, table, columns in found for row in _dates(connection, f"{schema}.{table}", columns)]
    frames[DATES] = pd.DataFrame(dates, columns=["kolom", "gevuld", "te_vroeg"])
    if birth_dates:
        connection.execute(f"attach {sql_text(birth_dates)} as geboortedata (read_only)")
        of_jongeren = {table for (table,) in connection.execute(OF_JONGEREN).fetchall()}
        own = [(f"{schema}.{table}", columns) for schema, table, columns in found if f"{schema}.{table}" in of_jongeren]
        compared = [row for table, columns in own for row in _compared(connection, table, columns)]
        frames[BIRTH_DATES] = pd.DataFrame(compared, columns=["kolom", "vergeleken", "gelijk"])
    return frames


def _dates(connection: Any, table: str, columns: list[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """Count for each date column its values, and those that are too early: every value, if a date is inside another type."""
    early = [
        f'count(*) filter (where cast("{name}" as date) < {EARLIEST})' if kind in SIMPLE else f'count("{name}")' for name, kind in columns
    ]
    counts = ", ".join(f'count("{name}"), {count}' for (name, _), count in zip(columns, early, strict=True))
    values = connection.execute(f"select {counts} from {table}").fetchone()  # noqa: S608 – names of the catalogue
    return [(f"{table}.{name}", *values[2 * place : 2 * place + 2]) for place, (name, _) in enumerate(columns)]


def _compared(connection: Any, table: str, columns: list[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """Count for each date column the values of which the jongere has a birth date, and those that equal it."""
    simple = [name for name, kind in columns if kind in SIMPLE]
    counts = ", ".join(f'count("{name}"), count(*) filter (where cast("{name}" as date) = geboortedatum)' for name in simple)
    of_whom = "inner join geboortedata.intermediate.int_grens using (jongere_id) where geboortedatum is not null"
    values = connection.execute(f"select {counts} from {table} {of_whom}").fetchone() if simple else ()  # noqa: S608
    return [(f"{table}.{name}", *values[2 * place : 2 * place + 2]) for place, name in enumerate(simple)]


def standing(lake: Lake, settings: Settings) -> tuple[list[Table], Path]:
    """Return the tables and the path of the current warehouse."""
    night = existing(lake.warehouse_current)
    return tables(night, None, limit(settings.memory_share)), night
