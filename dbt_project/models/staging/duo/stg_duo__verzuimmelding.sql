with

versies as (
    select * from {{ ref("base_duo__verzuimmelding") }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
