with

versies as (
    {{ versies("monitor", "jongere", alleen_kandidaten=true) }}
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
