with

indicatoren as (
    select * from {{ ref("indicator") }}
)

select
    indicator,
    {{ elk_deel("uitsplitsingen") }} as uitsplitsing
from indicatoren
