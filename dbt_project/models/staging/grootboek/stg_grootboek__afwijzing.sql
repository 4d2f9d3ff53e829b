with

afwijzingen as (
    select * from {{ source("lake", "afwijzing") }}
)

select
    bron,
    entiteit,
    levering,
    kennisdatum,
    sleutel,
    regel,
    kolom,
    code,
    waarde
from afwijzingen
