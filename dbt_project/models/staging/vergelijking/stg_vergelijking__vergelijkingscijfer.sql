with

versies as (
    {{ versies("vergelijking", "vergelijkingscijfer", alleen_kandidaten=true) }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
