with

schooljaren as (
    select * from {{ ref("int_schooljaar") }}
)

select
    schooljaar,
    begin,
    einde,
    peildatum,
    vorig_schooljaar
from schooljaren
