with

dagen as (
    select * from {{ ref("int_absoluut_dag") }}
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
),

vrijgesteld as (
    select distinct
        dagen.jongere_id,
        dagen.datum
    from dagen
    inner join {{ ref("int_vrijgesteld") }} as vrijstellingen
        on
            dagen.jongere_id = vrijstellingen.jongere_id
            and dagen.datum >= vrijstellingen.datum_ingang
            and dagen.datum <= coalesce(vrijstellingen.datum_einde, dagen.datum)
)

select distinct
    dagen.nummer as signaalnummer,
    dagen.jongere_id,
    dagen.schooljaar,
    op_datum.gemeente_code
from dagen
inner join op_datum on dagen.jongere_id = op_datum.jongere_id and dagen.datum = op_datum.datum
left join vrijgesteld on dagen.jongere_id = vrijgesteld.jongere_id and dagen.datum = vrijgesteld.datum
where
    op_datum.is_plichtig
    and op_datum.woont_er
    and not op_datum.is_overleden
    and op_datum.inschrijving_school_code is null
    and vrijgesteld.jongere_id is null
