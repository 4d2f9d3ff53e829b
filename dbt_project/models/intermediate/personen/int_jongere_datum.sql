{# The dates for which a jongere's attributes are needed: each date of an event, and each peildatum. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
),

jongeren as (
    select * from {{ ref("int_jongere") }}
),

schooljaren as (
    select * from {{ ref("int_schooljaar") }}
)

select
    jongere_id,
    datum
from gebeurtenissen
union
select
    jongeren.jongere_id,
    schooljaren.peildatum as datum
from jongeren
cross join schooljaren
