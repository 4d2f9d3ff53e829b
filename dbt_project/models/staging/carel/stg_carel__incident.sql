with

versies as (
    select * from {{ ref("base_carel__incident") }}
)

select
    incidentnr,
    bsn_pseudoniem,
    onderwijsnummer_pseudoniem,
    datum,
    brin,
    contact_met,
    aanleiding,
    sleutel,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
