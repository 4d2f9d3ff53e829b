with

perioden as (
    select * from {{ ref("int_woonperiode") }}
)

select
    jongere_id,
    datum_vestiging,
    datum_vertrek,
    gemeente_code,
    wijkcode
from perioden
