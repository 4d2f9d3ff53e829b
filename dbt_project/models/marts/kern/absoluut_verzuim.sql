with

records as (
    select * from {{ ref("stg_duo__absoluut_verzuim") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'absoluut_verzuim'
),

signalen as (
    select * from {{ ref("int_signaal") }}
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    records.signaalnummer,
    feiten.jongere_id,
    {{ datum_in_kern("feiten.datum") }} as datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.is_plichtig,
    feiten.onderwijssoort,
    feiten.inschrijving_school_code,
    records.status,
    feiten.telt,
    {{ datum_in_kern("records.datum_einde") }} as datum_einde,
    coalesce(signalen.is_langer_3_maanden, false) as is_langer_3_maanden,
    records.levering
from records
inner join feiten on records.signaalnummer = feiten.nummer
left join signalen on feiten.nummer = signalen.nummer and feiten.schooljaar = signalen.schooljaar
left join grenzen on feiten.jongere_id = grenzen.jongere_id
