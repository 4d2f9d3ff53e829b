with

interventies as (
    select * from {{ ref("interventie") }}
    where interventiesoort in ('proces_verbaal', 'halt')
)

select
    case
        when interventiesoort = 'halt' then 'haltstraf'
        else 'pv_' || verzuimsoort || '_verzuim'
    end as indicator,
    'interventie' as soort_gebeurtenis,
    interventienr as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from interventies
