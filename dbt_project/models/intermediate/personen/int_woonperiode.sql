with

perioden as (
    {{ per_jongere(ref("stg_monitor__woonperiode"), ["datum_vertrek", "gemeentecode", "wijkcode"], ["datum_vestiging"]) }}
)

select
    jongere_id,
    datum_vestiging,
    datum_vertrek,
    gemeentecode as gemeente_code,
    wijkcode
from perioden
