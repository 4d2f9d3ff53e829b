with

records as (
    select * from {{ ref("stg_carel__incident") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where gebeurtenis = 'incident' and is_geldig
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
)

select
    records.incidentnr,
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
    records.contact_met,
    records.aanleiding,
    records.levering
from records
inner join gebeurtenissen on records.incidentnr = gebeurtenissen.nummer
inner join op_datum
    on gebeurtenissen.jongere_id = op_datum.jongere_id and gebeurtenissen.datum = op_datum.datum
