with

versies as (
    {{ versies("monitor", "kerncijfer", alleen_kandidaten=true) }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
