with

versies as (
    select * from {{ ref("base_monitor__inschrijving") }}
)

select
    bsn_pseudoniem,
    onderwijsnummer_pseudoniem,
    brin,
    vestiging,
    onderwijssoort,
    leerjaar,
    datum_inschrijving,
    datum_uitschrijving,
    sleutel,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
