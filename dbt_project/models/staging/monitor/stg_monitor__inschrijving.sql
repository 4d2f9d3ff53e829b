with

versies as (
    {{ versies("monitor", "inschrijving", alleen_kandidaten=true) }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
