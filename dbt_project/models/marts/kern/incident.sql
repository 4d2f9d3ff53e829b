with

records as (
    select * from {{ ref("stg_carel__incident") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'incident'
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    records.incidentnr,
    feiten.jongere_id,
    {{ datum_in_kern("feiten.datum") }} as datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.is_plichtig,
    feiten.onderwijssoort,
    feiten.inschrijving_school_code,
    records.brin,
    records.contact_met,
    records.aanleiding,
    records.levering
from records
inner join feiten on records.incidentnr = feiten.nummer
left join grenzen on feiten.jongere_id = grenzen.jongere_id
