"""The gate of the publication: what is about to be published is whole, adds up, and says of itself what is true.

It reads the candidate's own files, as a report builder will, and the reference data that says which figures there must be. The same suite
looks at `openbaar`, of which figures are withheld: what adds up is then asked only where all of it is public. Codes, texts, years, what a
row says of another one, and the files as such are for the screener (`expectations.screener`), which looks at them last.
"""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from expectations.gate import Table

ROUNDED_TO = 5  # or to the threshold, where that is more
VERDICTS_OF_CELLS = ["gelijk", "binnen_onderdrukking", "wijkt_af", "niet_berekend"]

COVERAGE = """
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

TOTALS = """
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
having bool_and(onderdeel.status not like 'onderdrukt%')
order by all
"""

RATES = """
select cijfer.teller, cijfer.noemer, cijfer.percentage, indicator.factor
from kerncijfers as cijfer
inner join indicatoren as indicator on cijfer.indicator = indicator.indicator
where cijfer.status = 'gepubliceerd' and cijfer.noemer is not null and cijfer.teller is not null
"""

# every melding or incident has one value of each breakdown: their counts add up; a jongere may have several, and then they are a bound
PARTS = """
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

# where a breakdown is rounded and nothing of it is withheld, its counts still make the whole, or that rounded up or down
ROUNDED_PARTS = """
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

# what is withheld or rounded must not follow from its own row
WITHHELD = """
select
    status like 'onderdrukt%' or status = 'afgerond' as achtergehouden,
    achtergehouden and (
        percentage is not null or verschil is not null or verschil_percentage is not null or verschil_punten is not null
        or case status
            when 'afgerond' then waarde is null or waarde % ? <> 0 or not regexp_full_match(weergave, 'ca\\. [0-9.]+')
            else waarde is not null or not regexp_full_match(weergave, '<[0-9]+|x')
        end
    ) as verraadt
from (select * exclude (uitsplitsing, uitsplitsing_waarde) from uitsplitsingen union all by name select * from kerncijfers)
"""

COUNTED = """
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


def tables(candidate: Path, warehouse: Path, gemeenten: tuple[str, ...], *, threshold: int | None = None) -> list[Table]:
    """Fetch the candidate's tables, and say what must hold of them.

    Args:
        candidate: The folder of the release that is about to be published.
        warehouse: The DuckDB file behind it, for the reference data; opened read only.
        gemeenten: The codes of the gemeenten that are served.
        threshold: Of `openbaar`: under which a count is withheld. There numbers of delivered rows are rounded, too.
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
        connection.execute("create view optelling as select totaal, onderdeel from warehouse.kern.optelling")
        for name in ("kerncijfers", "uitsplitsingen", "indicatoren", "reconciliatie", "kwaliteit", "leveringen"):
            connection.execute(f"create view {name} as select * from read_parquet('{candidate / name}.parquet')")  # noqa: S608
        openbaar, base = threshold is not None, max(ROUNDED_TO, threshold or 0)
        withheld = _withheld(connection, base)
        sums = [_parts(connection), _totals(connection), _rates(connection)]
        if openbaar:  # so much may be withheld that nothing is left to add up
            sums = [table for table in (*sums, _rounded_parts(connection, base)) if len(table.frame)]
        return [
            _figures(connection),
            _breakdowns(connection),
            withheld,
            _coverage(connection, [*gemeenten, "regio", "onbekend"]),
            *sums,
            _reconciliation(connection),
            _rounded(connection) if openbaar else _quality(connection),
            _deliveries(connection),
        ]


def _figures(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    frame = connection.execute(
        "select schooljaar, gemeente_code, gemeente, indicator, label, status, weergave, waarde, noemer from kerncijfers"
    ).df()
    filled = ("schooljaar", "gemeente_code", "gemeente", "indicator", "label", "status", "weergave")
    return Table(
        "kerncijfers",
        frame,
        [
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=["schooljaar", "gemeente_code", "indicator"], description="elk cijfer staat er één keer"
            ),
            *(gxe.ExpectColumnValuesToNotBeNull(column=name, description="de kolom is gevuld") for name in filled),
            gxe.ExpectColumnValuesToMatchRegex(
                column="schooljaar", regex=r"^\d{4}-\d{4}$", description="een schooljaar staat als 2024-2025"
            ),
            gxe.ExpectColumnValuesToBeBetween(column="waarde", min_value=0, description="een aantal is niet negatief"),
            gxe.ExpectColumnValuesToBeBetween(column="noemer", min_value=1, description="een noemer is minstens 1"),
        ],
    )


def _breakdowns(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    key = ["schooljaar", "gemeente_code", "indicator", "uitsplitsing", "uitsplitsing_waarde"]
    return Table(
        "uitsplitsingen",
        connection.execute(f"select {', '.join(key)}, waarde, status from uitsplitsingen").df(),  # noqa: S608 – names of this module
        [
            gxe.ExpectCompoundColumnsToBeUnique(column_list=key, description="elk cijfer staat er één keer"),
            *(gxe.ExpectColumnValuesToNotBeNull(column=name, description="de kolom is gevuld") for name in key),
            gxe.ExpectColumnValuesToBeBetween(column="waarde", min_value=0, description="een aantal is niet negatief"),
        ],
    )


def _withheld(connection: Any, base: int) -> Table:
    import great_expectations.expectations as gxe

    return Table(
        "achtergehouden",
        connection.execute(WITHHELD, [base]).df(),
        [
            gxe.ExpectColumnValuesToBeInSet(
                column="verraadt", value_set=[False], description="een cijfer dat is achtergehouden, staat niet alsnog in zijn eigen rij"
            )
        ],
    )


def _parts(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    return Table(
        "delen",
        connection.execute(PARTS).df(),
        [
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="geheel", column_B="gelijk_aan", description="wat één waarde heeft, telt uitgesplitst op tot het geheel"
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="geheel", column_B="grootste", or_equal=True, description="een deel is niet groter dan het geheel"
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="som", column_B="geheel", or_equal=True, description="de delen dekken het geheel"
            ),
        ],
    )


def _rounded_parts(connection: Any, base: int) -> Table:
    import great_expectations.expectations as gxe

    return Table(
        "afgeronde delen",
        connection.execute(ROUNDED_PARTS).df(),
        [
            gxe.ExpectColumnValuesToBeBetween(
                column="afwijking",
                max_value=base - 1,
                description="afgeronde delen tellen op tot het geheel, naar boven of beneden afgerond",
            )
        ],
    )


def _coverage(connection: Any, areas: list[str]) -> Table:
    import great_expectations.expectations as gxe

    return Table(
        "dekking",
        connection.execute(COVERAGE, [areas]).df(),
        [
            gxe.ExpectColumnValuesToBeInSet(
                column="aanwezig", value_set=[1], description="elk schooljaar × gemeente × indicator staat er precies één keer"
            )
        ],
    )


def _totals(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    return Table(
        "totalen",
        connection.execute(TOTALS).df(),
        [gxe.ExpectColumnPairValuesToBeEqual(column_A="totaal", column_B="som", description="een totaal is de som van zijn onderdelen")],
    )


def _rates(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    frame = connection.execute(RATES).df()
    recomputed = [
        (Decimal(int(row.factor)) * int(row.teller) / int(row.noemer)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for row in frame.itertuples()
    ]
    frame["herrekend"] = [str(value) for value in recomputed]
    frame["percentage"] = [str(Decimal(str(value)).quantize(Decimal("0.01"))) for value in frame["percentage"]]
    return Table(
        "percentages",
        frame,
        [
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="percentage", column_B="herrekend", description="een percentage is zijn teller gedeeld door zijn noemer"
            )
        ],
    )


def _reconciliation(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    frame = connection.execute("select oordeel from reconciliatie where soort = 'cel'").df()
    return Table(
        "reconciliatie",
        frame,
        [
            gxe.ExpectColumnValuesToBeInSet(
                column="oordeel", value_set=VERDICTS_OF_CELLS, description="elk gedrukt cijfer heeft een oordeel"
            )
        ],
    )


def _quality(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    return Table(
        "kwaliteit",
        connection.execute(COUNTED).df(),
        [
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="gelezen", column_B="verantwoord", description="gelezen = geladen + afgewezen + herhaald"
            )
        ],
    )


def _rounded(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    return Table(
        "kwaliteit",
        connection.execute("select aantal % 10 as over from kwaliteit").df(),
        [gxe.ExpectColumnValuesToBeInSet(column="over", value_set=[0], description="een aantal geleverde rijen staat in tientallen")],
    )


def _deliveries(connection: Any) -> Table:
    import great_expectations.expectations as gxe

    frame = connection.execute("select bron, levering, oordeel from leveringen").df()
    return Table(
        "leveringen",
        frame,
        [
            gxe.ExpectColumnDistinctValuesToContainSet(
                column="oordeel", value_set=["geaccepteerd"], description="er is minstens één levering aanvaard"
            ),
        ],
    )
