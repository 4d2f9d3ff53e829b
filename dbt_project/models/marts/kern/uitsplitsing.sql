with

uitsplitsingen as (
    select * from {{ ref("referentie__uitsplitsing") }}
)

select
    indicator,
    uitsplitsing
from uitsplitsingen
