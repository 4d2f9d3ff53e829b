with

records as (
    select * from {{ ref("stg_carel__vrijstelling") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'vrijstelling'
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    records.vrijstellingnr,
    feiten.jongere_id,
    {{ datum_in_kern("feiten.datum") }} as datum,
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
    {{ datum_in_kern("records.datum_aanvraag") }} as datum_aanvraag,
    {{ datum_in_kern("records.datum_besluit") }} as datum_besluit,
    {{ datum_in_kern("records.datum_einde") }} as datum_einde,
    records.levering
from records
inner join feiten on records.vrijstellingnr = feiten.nummer
left join grenzen on feiten.jongere_id = grenzen.jongere_id
