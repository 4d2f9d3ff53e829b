with

entiteiten as (
    select * from {{ source("lake", "levering_entiteit") }}
)

select
    bron,
    levering,
    entiteit,
    aard,
    kennisdatum,
    kennisdag,
    volgorde,
    gelezen,
    geladen,
    herhaald,
    afgewezen
from entiteiten
