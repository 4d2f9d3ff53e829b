{# A schooljaar is closed if it ended and the deliveries cover all of it; `openbaar` shows only those. #}

with

schooljaren as (
    select * from {{ ref("int_schooljaar") }}
),

leveringen as (
    select * from {{ ref("stg_grootboek__levering_entiteit") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where is_geldig and bepaalt_schooljaren
),

-- a bron of which no indicator is counted decides nothing, whatever it delivers or not
tellende as (
    select leveringen.bron
    from leveringen
    inner join {{ ref("indicator_entiteit") }} as nodig on leveringen.entiteit = nodig.entiteit
),

-- up to which day each bron knows what happened
bronnen as (
    select
        bron,
        max(kennisdag) as kennisdag
    from leveringen
    where bron = 'monitor' or bron in (select tellende.bron from tellende)
    group by bron
),

gedekt as (
    select
        min(case when bron = 'monitor' then kennisdag end) as bevolking,
        min(case when bron <> 'monitor' then kennisdag end) as gebeurtenissen
    from bronnen
),

gebeurd as (
    select
        schooljaar,
        min(datum) as eerste,
        max(datum) as laatste
    from gebeurtenissen
    group by schooljaar
)

select
    schooljaren.schooljaar,
    schooljaren.begin,
    schooljaren.einde,
    schooljaren.peildatum,
    schooljaren.vorig_schooljaar,
    coalesce(
        gedekt.bevolking >= schooljaren.peildatum
        and gedekt.gebeurtenissen > schooljaren.einde
        and gebeurd.eerste < {{ dbt.dateadd("month", 3, "schooljaren.begin") }}
        and gebeurd.laatste > {{ dbt.dateadd("month", -3, "schooljaren.einde") }},
        false
    ) as is_afgesloten
from schooljaren
cross join gedekt
left join gebeurd on schooljaren.schooljaar = gebeurd.schooljaar
