with

entiteiten as (
    select * from {{ ref("referentie__indicator_entiteit") }}
)

select
    indicator,
    entiteit
from entiteiten
