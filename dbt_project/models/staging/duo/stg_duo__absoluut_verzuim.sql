with

versies as (
    select * from {{ ref("base_duo__absoluut_verzuim") }}
)

select
    signaalnummer,
    datum_laatste_mutatie,
    bsn_pseudoniem,
    onderwijsnummer_pseudoniem,
    datum_begin,
    datum_einde,
    status,
    sleutel,
    mutatiemoment,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
