{# Missing data is never 0: the schooljaren that each entiteit covers. #}

with

schooljaren as (
    select * from {{ ref("int_schooljaar") }}
),

leveringen as (
    select * from {{ ref("stg_grootboek__levering_entiteit") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where is_geldig
),

vroegste as (
    select
        entiteit,
        min(schooljaar) as schooljaar
    from gebeurtenissen
    group by entiteit
),

entiteiten as (
    select distinct entiteit
    from {{ ref("indicator_entiteit") }}
    where entiteit <> 'monitor'
),

-- the population of a peildatum is known from a register made on or after it
monitor as (
    select
        schooljaren.schooljaar,
        'monitor' as entiteit,
        coalesce(max(leveringen.kennisdag) >= schooljaren.peildatum, false) as is_beschikbaar
    from schooljaren
    left join leveringen on leveringen.bron = 'monitor'
    group by schooljaren.schooljaar, schooljaren.peildatum
),

overige as (
    select
        schooljaren.schooljaar,
        entiteiten.entiteit,
        coalesce(max(leveringen.kennisdag) > schooljaren.begin, false)
        and coalesce(max(vroegste.schooljaar) <= schooljaren.schooljaar, false) as is_beschikbaar
    from schooljaren
    cross join entiteiten
    left join leveringen on entiteiten.entiteit = leveringen.entiteit
    left join vroegste on entiteiten.entiteit = vroegste.entiteit
    group by schooljaren.schooljaar, schooljaren.begin, entiteiten.entiteit
)

select
    schooljaar,
    entiteit,
    is_beschikbaar
from monitor
union all
select
    schooljaar,
    entiteit,
    is_beschikbaar
from overige
