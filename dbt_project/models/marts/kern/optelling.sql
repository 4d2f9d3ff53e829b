{# The totals that `telling` computes, and their parts. A sum over an indicator that is counted itself is only a fact. #}

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
