with

standen as (
    select * from {{ ref("int_stand") }}
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where is_geldig
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    standen.stand,
    standen.nummer,
    standen.jongere_id,
    {{ datum_in_kern("standen.datum") }} as datum,
    standen.schooljaar,
    op_datum.gemeente_code,
    gebeurtenissen.soort,
    op_datum.onderwijssoort,
    op_datum.inschrijving_school_code is not null as is_ingeschreven
from standen
inner join op_datum on standen.jongere_id = op_datum.jongere_id and standen.datum = op_datum.datum
inner join gebeurtenissen
    on
        standen.nummer = gebeurtenissen.nummer
        and gebeurtenissen.gebeurtenis = case standen.stand
            when 'vrijstelling_stand' then 'vrijstelling'
            when 'geoorloofd' then 'thuiszitter_geoorloofd'
            else 'absoluut_verzuim'
        end
left join grenzen on standen.jongere_id = grenzen.jongere_id
