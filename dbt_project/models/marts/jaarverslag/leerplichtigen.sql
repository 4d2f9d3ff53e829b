with

plichtigen as (
    select * from {{ ref("plichtige") }}
),

gebieden as (
    select * from {{ ref("gebied") }}
)

select
    plichtigen.schooljaar,
    gebieden.gebied_code,
    'leerplichtigen' as indicator,
    count(distinct plichtigen.jongere_id) as waarde
from plichtigen
inner join gebieden on plichtigen.gemeente_code = gebieden.gemeente_code
group by plichtigen.schooljaar, gebieden.gebied_code
