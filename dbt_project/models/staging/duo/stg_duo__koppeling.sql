with

versies as (
    select * from {{ ref("base_duo__koppeling") }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
