{# The periods in which a jongere has a toegekende vrijstelling; on its last day it is still valid. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where gebeurtenis = 'vrijstelling' and is_geldig and telt
),

records as (
    select * from {{ ref("stg_carel__vrijstelling") }}
)

select
    records.vrijstellingnr,
    gebeurtenissen.jongere_id,
    records.datum_ingang,
    records.datum_einde
from gebeurtenissen
inner join records on gebeurtenissen.nummer = records.vrijstellingnr
