with

plichtigen as (
    select * from {{ ref("plichtige") }}
)

select
    'leerplichtigen' as indicator,
    'plichtige' as soort_gebeurtenis,
    jongere_id || ' ' || schooljaar as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from plichtigen
