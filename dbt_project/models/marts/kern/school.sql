with

bekend as (
    select * from {{ ref("referentie__school") }}
),

meldingen as (
    select * from {{ ref("stg_duo__verzuimmelding") }}
),

inschrijvingen as (
    select * from {{ ref("int_inschrijving") }}
),

incidenten as (
    select * from {{ ref("stg_carel__incident") }}
),

genoemd as (
    select brin, vestiging from bekend
    union
    select brin, vestiging from meldingen
    union
    select brin, vestiging from inschrijvingen
    union
    -- Carel has no vestiging: use the main one
    select brin, '00' as vestiging from incidenten
    where brin is not null
)

select
    genoemd.brin || genoemd.vestiging as school_code,
    genoemd.brin,
    genoemd.vestiging,
    coalesce(bekend.school, 'Onbekend') as naam,
    bekend.gemeente_code,
    bekend.brin is not null as is_bekend
from genoemd
left join bekend on genoemd.brin = bekend.brin and genoemd.vestiging = bekend.vestiging
