with

versies as (
    select * from {{ ref("base_monitor__jongere") }}
)

select
    bsn_pseudoniem,
    onderwijsnummer_pseudoniem,
    geboortedatum,
    geslacht,
    datum_startkwalificatie,
    datum_overlijden,
    sleutel,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
