with

versies as (
    select * from {{ ref("base_duo__absoluut_verzuim") }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
