with

versies as (
    select * from {{ ref("base_carel__vrijstelling") }}
)

select
    vrijstellingnr,
    bsn_pseudoniem,
    onderwijsnummer_pseudoniem,
    grond,
    aard,
    datum_aanvraag,
    datum_besluit,
    besluit,
    datum_ingang,
    datum_einde,
    sleutel,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
