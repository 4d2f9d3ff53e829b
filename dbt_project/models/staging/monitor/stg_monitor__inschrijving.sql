with

versies as (
    {{ versies("monitor", "inschrijving", alleen_kandidaten=true) }}
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
