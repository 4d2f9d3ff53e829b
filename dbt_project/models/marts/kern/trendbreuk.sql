{#
Where the series of an area breaks: because of the law, a source or the registration; and where gemeenten merged, every series.
A gemeente without a name has its code.
#}

with

breuken as (
    select * from {{ ref("referentie__trendbreuk") }}
),

indicatoren as (
    select * from {{ ref("indicator") }}
),

gebieden as (
    select * from {{ ref("gebied") }}
),

gemeenten as (
    select * from {{ ref("referentie__gemeente") }}
),

van_indicatoren as (
    select
        datum,
        reden,
        {{ elk_deel("indicatoren") }} as indicator
    from breuken
),

overal as (
    select distinct
        gebieden.gebied_code,
        van_indicatoren.indicator,
        van_indicatoren.datum,
        van_indicatoren.reden
    from van_indicatoren
    cross join gebieden
),

-- the facts of the predecessor are the successor's in all years
herindelingen as (
    select distinct
        gebieden.gebied_code,
        indicatoren.indicator,
        opvolgingen.vanaf as datum,
        'Herindeling: ' || coalesce(eerder.gemeente, opvolgingen.gemeente_code) || ' is sinds '
        || {{ datum_voluit("opvolgingen.vanaf") }} || ' deel van ' || coalesce(later.gemeente, opvolgingen.opvolger) || '.' as reden
    from {{ ref("int_gemeente_opvolger") }} as opvolgingen
    inner join gebieden on opvolgingen.gemeente_nu = gebieden.gemeente_code
    left join gemeenten as eerder on opvolgingen.gemeente_code = eerder.gemeente_code
    left join gemeenten as later on opvolgingen.opvolger = later.gemeente_code
    cross join indicatoren
),

samen as (
    select * from overal
    union all
    select * from herindelingen
)

select
    {{ schooljaar_van("datum") }} as schooljaar,
    gebied_code,
    indicator,
    {{ dbt.listagg("reden", "' · '", "order by datum, reden") }} as reden
from samen
group by {{ schooljaar_van("datum") }}, gebied_code, indicator
