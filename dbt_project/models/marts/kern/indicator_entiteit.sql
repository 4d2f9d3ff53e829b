with

indicatoren as (
    select * from {{ ref("referentie__indicator") }}
)

select
    indicator,
    {{ elk_deel("entiteiten") }} as entiteit
from indicatoren
