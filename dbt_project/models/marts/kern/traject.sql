with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where is_geldig
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
)

select
    gebeurtenissen.jongere_id,
    cast(
        row_number() over (
            partition by gebeurtenissen.jongere_id
            order by gebeurtenissen.datum, gebeurtenissen.gebeurtenis, gebeurtenissen.nummer
        ) as integer
    ) as volgnummer,
    gebeurtenissen.datum,
    gebeurtenissen.schooljaar,
    op_datum.gemeente_code,
    op_datum.wijkcode,
    op_datum.leeftijd,
    op_datum.onderwijssoort,
    gebeurtenissen.school_code,
    gebeurtenissen.bron,
    gebeurtenissen.gebeurtenis as soort_gebeurtenis,
    gebeurtenissen.soort,
    gebeurtenissen.aanleiding,
    gebeurtenissen.nummer,
    gebeurtenissen.telt
from gebeurtenissen
inner join op_datum
    on gebeurtenissen.jongere_id = op_datum.jongere_id and gebeurtenissen.datum = op_datum.datum
