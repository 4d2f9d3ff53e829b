with

tellingen as (
    select * from {{ source("lake", "levering_telling") }}
)

select
    bron,
    levering,
    entiteit,
    ernst,
    code,
    aantal
from tellingen
