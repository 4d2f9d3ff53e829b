with

records as (
    select * from {{ ref("stg_carel__verlofaanvraag") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'verlofaanvraag'
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    records.verlofnr,
    feiten.jongere_id,
    {{ datum_in_kern("feiten.datum") }} as datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.is_plichtig,
    feiten.onderwijssoort,
    feiten.inschrijving_school_code,
    records.soort,
    records.besluit,
    {{ datum_in_kern("records.datum_van") }} as datum_van,
    {{ datum_in_kern("records.datum_tot") }} as datum_tot,
    records.levering
from records
inner join feiten on records.verlofnr = feiten.nummer
left join grenzen on feiten.jongere_id = grenzen.jongere_id
