with

versies as (
    {{ versies("monitor", "bsn_wijziging", alleen_kandidaten=true) }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
