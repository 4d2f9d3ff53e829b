{# The current version of each event, with the jongere's attributes on its date; the facts of kern add their own columns. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where is_geldig
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
)

select
    gebeurtenissen.gebeurtenis,
    gebeurtenissen.bron,
    gebeurtenissen.nummer,
    gebeurtenissen.jongere_id,
    gebeurtenissen.datum,
    gebeurtenissen.schooljaar,
    gebeurtenissen.soort,
    gebeurtenissen.school_code,
    gebeurtenissen.aanleiding,
    gebeurtenissen.telt,
    op_datum.gemeente_code,
    op_datum.geleverde_gemeente_code,
    op_datum.wijkcode,
    op_datum.woont_er,
    op_datum.leeftijd,
    op_datum.is_plichtig,
    op_datum.onderwijssoort,
    op_datum.inschrijving_school_code
from gebeurtenissen
inner join op_datum
    on gebeurtenissen.jongere_id = op_datum.jongere_id and gebeurtenissen.datum = op_datum.datum
