{# A row names its person by two BSNs and no onderwijsnummer; the null makes it one of `entiteiten_met_persoon`. #}

with

rijen as (
    {{ geleverde_rijen("monitor", "bsn_wijziging") }}
)

select
    rijen.*,
    cast(null as {{ dbt.type_string() }}) as onderwijsnummer_pseudoniem
from rijen
