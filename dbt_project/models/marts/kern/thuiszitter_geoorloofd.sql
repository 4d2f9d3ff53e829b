with

records as (
    select * from {{ ref("stg_carel__thuiszitter_geoorloofd") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'thuiszitter_geoorloofd'
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    records.geoorloofdnr,
    feiten.jongere_id,
    {{ datum_in_kern("feiten.datum") }} as datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.is_plichtig,
    feiten.onderwijssoort,
    feiten.inschrijving_school_code,
    {{ datum_in_kern("records.datum_einde") }} as datum_einde,
    records.levering
from records
inner join feiten on records.geoorloofdnr = feiten.nummer
left join grenzen on feiten.jongere_id = grenzen.jongere_id
