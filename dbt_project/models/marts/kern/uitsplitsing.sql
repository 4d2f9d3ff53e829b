with

indicatoren as (
    select * from {{ ref("referentie__indicator") }}
)

select
    indicator,
    {{ elk_deel("uitsplitsingen") }} as uitsplitsing
from indicatoren
