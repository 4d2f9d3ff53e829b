{# A person in DUO or Carel who is not in the monitor, or has no known woongemeente on the date. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
),

jongeren as (
    select * from {{ ref("int_jongere") }}
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
)

select
    gebeurtenissen.bron,
    gebeurtenissen.levering,
    gebeurtenissen.entiteit,
    gebeurtenissen.versie,
    'onbekend_bij_monitor' as code
from gebeurtenissen
left join jongeren on gebeurtenissen.jongere_id = jongeren.jongere_id
where jongeren.jongere_id is null
union all
select
    gebeurtenissen.bron,
    gebeurtenissen.levering,
    gebeurtenissen.entiteit,
    gebeurtenissen.versie,
    'woongemeente_onbekend' as code
from gebeurtenissen
inner join op_datum
    on gebeurtenissen.jongere_id = op_datum.jongere_id and gebeurtenissen.datum = op_datum.datum
where op_datum.gemeente_code = 'onbekend'
