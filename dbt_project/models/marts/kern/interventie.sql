with

records as (
    select * from {{ ref("stg_carel__interventie") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'interventie'
)

select
    records.interventienr,
    feiten.jongere_id,
    feiten.datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.is_plichtig,
    feiten.onderwijssoort,
    feiten.inschrijving_school_code,
    records.soort as interventiesoort,
    records.verzuimsoort,
    records.mas_route,
    records.meldingsnummer,
    records.datum_afgerond,
    records.afloop,
    records.levering
from records
inner join feiten on records.interventienr = feiten.nummer
