with

indicatoren as (
    select * from {{ ref("indicator") }}
)

select
    indicator,
    {{ elk_deel("entiteiten") }} as entiteit
from indicatoren
