with

versies as (
    select * from {{ ref("base_carel__interventie") }}
)

select
    interventienr,
    bsn_pseudoniem,
    onderwijsnummer_pseudoniem,
    datum,
    soort,
    verzuimsoort,
    mas_route,
    meldingsnummer,
    datum_afgerond,
    afloop,
    sleutel,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
