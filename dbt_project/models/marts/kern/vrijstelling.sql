with

records as (
    select * from {{ ref("stg_carel__vrijstelling") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where gebeurtenis = 'vrijstelling' and is_geldig
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
)

select
    records.vrijstellingnr,
    gebeurtenissen.jongere_id,
    gebeurtenissen.datum,
    gebeurtenissen.schooljaar,
    op_datum.gemeente_code,
    op_datum.wijkcode,
    op_datum.leeftijd,
    op_datum.is_plichtig,
    op_datum.onderwijssoort,
    op_datum.inschrijving_school_code,
    records.grond,
    records.aard,
    records.besluit,
    gebeurtenissen.telt,
    records.datum_aanvraag,
    records.datum_besluit,
    records.datum_einde,
    records.levering
from records
inner join gebeurtenissen on records.vrijstellingnr = gebeurtenissen.nummer
inner join op_datum
    on gebeurtenissen.jongere_id = op_datum.jongere_id and gebeurtenissen.datum = op_datum.datum
