with

incidenten as (
    select * from {{ ref("incident") }}
),

gebieden as (
    select * from {{ ref("gebied") }}
)

select
    incidenten.schooljaar,
    gebieden.gebied_code,
    'incidenten' as indicator,
    count(*) as waarde
from incidenten
inner join gebieden on incidenten.gemeente_code = gebieden.gemeente_code
group by incidenten.schooljaar, gebieden.gebied_code
