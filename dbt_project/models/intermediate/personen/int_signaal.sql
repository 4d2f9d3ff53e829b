{# How long a signal of absoluut verzuim runs in each schooljaar: to its last day; without one, to 31 July or the last delivery. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where gebeurtenis = 'absoluut_verzuim' and is_geldig and telt
),

records as (
    select * from {{ ref("stg_duo__absoluut_verzuim") }}
),

schooljaren as (
    select * from {{ ref("int_schooljaar") }}
),

bekend as (
    select max(kennisdag) as tot
    from {{ ref("stg_grootboek__levering_entiteit") }}
    where bron = 'duo' and entiteit = 'absoluut_verzuim'
),

per_schooljaar as (
    select
        gebeurtenissen.nummer,
        gebeurtenissen.jongere_id,
        schooljaren.schooljaar,
        records.datum_begin,
        bekend.tot,
        case when records.datum_begin > schooljaren.begin then records.datum_begin else schooljaren.begin end as eerste_dag,
        case
            when coalesce(records.datum_einde, bekend.tot) < schooljaren.einde then coalesce(records.datum_einde, bekend.tot)
            else schooljaren.einde
        end as laatste_dag
    from gebeurtenissen
    inner join records on gebeurtenissen.nummer = records.signaalnummer
    inner join schooljaren on records.datum_begin <= schooljaren.einde
    cross join bekend
)

select
    nummer,
    jongere_id,
    schooljaar,
    eerste_dag,
    laatste_dag,
    -- dateadd takes the last day of a month that is too short; an end after the last delivery is not yet known to have come
    laatste_dag > {{ dbt.dateadd("month", 3, "datum_begin") }}
    and tot > {{ dbt.dateadd("month", 3, "datum_begin") }} as is_langer_3_maanden
from per_schooljaar
where eerste_dag <= laatste_dag
