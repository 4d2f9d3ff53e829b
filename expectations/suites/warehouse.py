"""The gate behind dbt: the warehouse as a whole is plausible before analysts and the publication get it.

Keys and references of single models are dbt tests. Here stands what guards the finished file: that its tables hold something, that a key
is still a key, that no fact speaks of nobody, and that the figures keep the bounds which they have by nature.
"""

from pathlib import Path
from typing import Any

from expectations.gate import Table

KEYS = {
    "jongere": ("jongere_id",),
    "melding": ("meldingsnummer",),
    "interventie": ("interventienr",),
    "incident": ("incidentnr",),
    "vrijstelling": ("vrijstellingnr",),
    "absoluut_verzuim": ("signaalnummer",),
    "plichtige": ("jongere_id", "peildatum"),
}
INDISPENSABLE = ("jongere", "plichtige")

ORPHANS = """
select '{table}' as tabel, count(*) as rijen, count(*) filter (where jongere.jongere_id is null) as zonder_jongere
from kern.{table} as feit left join kern.jongere as jongere using (jongere_id)
"""

BOUNDS = """
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


def tables(warehouse: Path) -> list[Table]:
    """Fetch what is looked at, and say what must hold of it.

    Args:
        warehouse: The finished DuckDB file; it is opened read only.
    """
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        keyed = [_keyed(connection, table, columns) for table, columns in KEYS.items()]
        found = [table for table in keyed if len(table.frame) or table.name in INDISPENSABLE]
        return [*found, _references(connection), _bounds(connection)]


def _keyed(connection: Any, table: str, columns: tuple[str, ...]) -> Table:
    import great_expectations.expectations as gxe

    ages = [] if table in ("jongere",) else ["leeftijd"]
    frame = connection.execute(f"select {', '.join([*columns, *ages])} from kern.{table}").df()  # noqa: S608 – names of this module
    expected: list[Any] = [gxe.ExpectColumnValuesToNotBeNull(column=name, description="de sleutel is gevuld") for name in columns]
    if len(columns) == 1:
        expected.append(gxe.ExpectColumnValuesToBeUnique(column=columns[0], description="de sleutel is uniek"))
    else:
        expected.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=list(columns), description="de sleutel is uniek"))
    expected += [
        gxe.ExpectColumnValuesToBeBetween(
            column=name, min_value=0, max_value=30, mostly=0.99, severity="warning", description="de leeftijd past bij een jongere"
        )
        for name in ages
    ]
    return Table(table, frame, expected)


def _references(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    facts = [table for table in KEYS if table != "jongere"]
    frame = connection.execute(" union all ".join(ORPHANS.format(table=table) for table in facts)).df()
    return Table(
        "verwijzingen",
        frame,
        [
            gxe.ExpectColumnValuesToBeInSet(column="zonder_jongere", value_set=[0], description="elk feit hoort bij een jongere die er is"),
            gxe.ExpectColumnSumToBeBetween(column="rijen", min_value=1, description="er zijn feiten"),
        ],
    )


def _bounds(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    # the soorten of relatief verzuim are reference data: the sum only bounds the jongeren when every soort has its row
    soorten = (
        "with soorten as (select soort.verzuimsoort as indicator from kern.verzuimsoort as soort where soort.is_relatief group by all)"
    )
    frame = connection.execute(soorten + BOUNDS).df()
    return Table(
        "grenzen_van_relatief_verzuim",
        frame,
        [
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="jongeren", column_B="grootste_rij", or_equal=True, description="jongeren ≥ de grootste rij van de tabel"
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="som_van_rijen", column_B="jongeren", or_equal=True, description="jongeren ≤ de som van de rijen van de tabel"
            ),
        ],
    )
