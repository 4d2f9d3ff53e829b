with

versies as (
    select * from {{ ref("base_monitor__woonperiode") }}
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
