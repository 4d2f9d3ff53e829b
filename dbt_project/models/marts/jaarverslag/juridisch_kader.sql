with

interventies as (
    select * from {{ ref("interventie") }}
    where interventiesoort in ('proces_verbaal', 'halt')
),

gebieden as (
    select * from {{ ref("gebied") }}
),

benoemd as (
    select
        interventies.schooljaar,
        gebieden.gebied_code,
        case
            when interventies.interventiesoort = 'halt' then 'haltstraf'
            else 'pv_' || interventies.verzuimsoort || '_verzuim'
        end as indicator
    from interventies
    inner join gebieden on interventies.gemeente_code = gebieden.gemeente_code
)

select
    schooljaar,
    gebied_code,
    indicator,
    count(*) as waarde
from benoemd
group by schooljaar, gebied_code, indicator
