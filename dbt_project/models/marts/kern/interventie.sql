with

records as (
    select * from {{ ref("stg_carel__interventie") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'interventie'
),

aflopen as (
    select * from {{ ref("afloop") }}
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    records.interventienr,
    feiten.jongere_id,
    {{ datum_in_kern("feiten.datum") }} as datum,
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
    {{ datum_in_kern("records.datum_afgerond") }} as datum_afgerond,
    -- rows that were read when it was free text keep that text
    aflopen.afloop,
    records.levering
from records
inner join feiten on records.interventienr = feiten.nummer
left join aflopen on records.afloop = aflopen.afloop
left join grenzen on feiten.jongere_id = grenzen.jongere_id
