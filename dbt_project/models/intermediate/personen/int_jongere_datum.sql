{# The dates for which a jongere's attributes are needed: of an event, of a stand, a day of absoluut verzuim, and each peildatum. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
),

standen as (
    select * from {{ ref("int_stand") }}
),

dagen as (
    select * from {{ ref("int_absoluut_dag") }}
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
    jongere_id,
    datum
from standen
union
select
    jongere_id,
    datum
from dagen
union
select
    jongeren.jongere_id,
    schooljaren.peildatum as datum
from jongeren
cross join schooljaren
