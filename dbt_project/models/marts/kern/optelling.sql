{# The totals that `telling` makes, and of what. Of an indicator that is counted itself a sum is a fact, and makes nothing. #}

with

verbanden as (
    select * from {{ ref("verband") }}
    where relatie = '=' and uitsplitsing is null
),

indicatoren as (
    select * from {{ ref("indicator") }}
    where telwijze = 'optelling'
)

select
    totalen.indicator as totaal,
    onderdelen.indicator as onderdeel
from verbanden as totalen
inner join indicatoren on totalen.indicator = indicatoren.indicator
inner join verbanden as onderdelen on totalen.verband = onderdelen.verband
where totalen.factor = 1 and onderdelen.factor = -1
