with

records as (
    select * from {{ ref("stg_duo__absoluut_verzuim") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'absoluut_verzuim'
)

select
    records.signaalnummer,
    feiten.jongere_id,
    feiten.datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.is_plichtig,
    feiten.onderwijssoort,
    feiten.inschrijving_school_code,
    records.status,
    feiten.telt,
    records.datum_einde,
    records.levering
from records
inner join feiten on records.signaalnummer = feiten.nummer
