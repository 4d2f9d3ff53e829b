with

records as (
    select * from {{ ref("stg_duo__verzuimmelding") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where gebeurtenis = 'melding' and is_geldig
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
),

soorten as (
    select * from {{ ref("referentie__verzuimsoort") }}
)

select
    records.meldingsnummer,
    gebeurtenissen.jongere_id,
    gebeurtenissen.datum,
    gebeurtenissen.schooljaar,
    op_datum.gemeente_code,
    op_datum.wijkcode,
    op_datum.leeftijd,
    op_datum.is_plichtig,
    op_datum.onderwijssoort,
    op_datum.inschrijving_school_code,
    records.brin,
    records.vestiging,
    records.verzuimsoort as duo_code,
    soorten.verzuimsoort,
    records.status,
    gebeurtenissen.telt,
    records.datum_begin,
    records.datum_einde,
    records.uren,
    coalesce(records.verzuimsoort = 'O' and records.uren >= 14 and records.uren < 16, false)
        as is_buiten_definitie_jaarverslag,
    records.aanleiding,
    records.reden_afgesloten,
    records.mutatiemoment,
    records.levering
from records
inner join gebeurtenissen on records.meldingsnummer = gebeurtenissen.nummer
inner join op_datum
    on gebeurtenissen.jongere_id = op_datum.jongere_id and gebeurtenissen.datum = op_datum.datum
inner join soorten on records.verzuimsoort = soorten.duo_code
