with

bekend as (
    select * from {{ ref("referentie__mas_route") }}
)

select
    mas_route,
    naam
from bekend
