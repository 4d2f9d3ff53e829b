with

versies as (
    select * from {{ ref("base_monitor__kerncijfer") }}
)

select
    schooljaar,
    gemeentecode,
    indicator,
    waarde,
    sleutel,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
