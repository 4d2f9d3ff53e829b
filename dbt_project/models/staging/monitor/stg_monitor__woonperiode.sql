with

versies as (
    {{ versies("monitor", "woonperiode", alleen_kandidaten=true) }}
)

select
    bsn_pseudoniem,
    onderwijsnummer_pseudoniem,
    gemeentecode,
    wijkcode,
    datum_vestiging,
    datum_vertrek,
    sleutel,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
