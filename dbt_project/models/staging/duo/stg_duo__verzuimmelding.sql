with

versies as (
    select * from {{ ref("base_duo__verzuimmelding") }}
)

select
    meldingsnummer,
    datum_laatste_mutatie,
    tijdstip_laatste_mutatie,
    status,
    verzuimsoort,
    bsn_pseudoniem,
    onderwijsnummer_pseudoniem,
    brin,
    vestiging,
    datum_begin,
    datum_einde,
    datum_melding,
    uren,
    aanleiding,
    reden_afgesloten,
    sleutel,
    mutatiemoment,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
