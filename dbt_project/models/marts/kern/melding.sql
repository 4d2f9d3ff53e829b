with

records as (
    select * from {{ ref("stg_duo__verzuimmelding") }}
),

feiten as (
    select * from {{ ref("int_feit") }}
    where gebeurtenis = 'melding'
),

soorten as (
    select * from {{ ref("verzuimsoort") }}
),

dossiers as (
    select * from {{ ref("stg_carel__meldingdossier") }}
),

sluitingen as (
    select * from {{ ref("int_sluiting") }}
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    records.meldingsnummer,
    feiten.jongere_id,
    {{ datum_in_kern("feiten.datum") }} as datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.is_plichtig,
    feiten.onderwijssoort,
    feiten.inschrijving_school_code,
    feiten.school_code as meldende_school_code,
    records.brin,
    records.vestiging,
    records.verzuimsoort as duo_code,
    soorten.verzuimsoort,
    records.status,
    feiten.telt,
    {{ datum_in_kern("records.datum_begin") }} as datum_begin,
    {{ datum_in_kern("records.datum_einde") }} as datum_einde,
    records.uren,
    coalesce(records.verzuimsoort = 'O' and records.uren >= 14 and records.uren < 16, false)
        as is_buiten_definitie_jaarverslag,
    feiten.aanleiding,
    records.reden_afgesloten,
    dossiers.afsluiting,
    {{ datum_in_kern("case when sluitingen.datum_gesloten < feiten.datum then feiten.datum else sluitingen.datum_gesloten end") }}
        as datum_gesloten,
    {{ datum_in_kern("records.mutatiemoment", type="timestamp") }} as mutatiemoment,
    records.levering
from records
inner join feiten on records.meldingsnummer = feiten.nummer
inner join soorten on records.verzuimsoort = soorten.duo_code
left join sluitingen on records.meldingsnummer = sluitingen.meldingsnummer
left join dossiers on records.meldingsnummer = dossiers.meldingsnummer
left join grenzen on feiten.jongere_id = grenzen.jongere_id
