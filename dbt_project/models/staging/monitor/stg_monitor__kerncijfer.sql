with

versies as (
    {{ versies("monitor", "kerncijfer", alleen_kandidaten=true) }}
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
