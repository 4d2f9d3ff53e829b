with

optellingen as (
    select * from {{ ref("referentie__optelling") }}
)

select
    totaal,
    onderdeel
from optellingen
