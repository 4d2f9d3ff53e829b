with

schooljaren as (
    select * from {{ ref("int_schooljaar") }}
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
)

select
    op_datum.jongere_id,
    schooljaren.peildatum,
    schooljaren.schooljaar,
    op_datum.gemeente_code,
    op_datum.wijkcode,
    op_datum.onderwijssoort,
    op_datum.inschrijving_school_code,
    op_datum.leeftijd,
    op_datum.is_leerplichtig,
    op_datum.is_kwalificatieplichtig
from op_datum
inner join schooljaren on op_datum.datum = schooljaren.peildatum
-- only a woonperiode that is valid on the day itself counts here
where op_datum.is_plichtig and op_datum.woont_er and not op_datum.is_overleden
