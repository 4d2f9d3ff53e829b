with

records as (
    select * from {{ ref("stg_carel__vrijstelling") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'vrijstelling'
)

select
    records.vrijstellingnr,
    feiten.jongere_id,
    feiten.datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.is_plichtig,
    feiten.onderwijssoort,
    feiten.inschrijving_school_code,
    records.grond,
    records.aard,
    records.besluit,
    feiten.telt,
    records.datum_aanvraag,
    records.datum_besluit,
    records.datum_einde,
    records.levering
from records
inner join feiten on records.vrijstellingnr = feiten.nummer
