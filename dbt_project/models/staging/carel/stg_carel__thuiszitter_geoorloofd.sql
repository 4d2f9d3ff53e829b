with

versies as (
    select * from {{ ref("base_carel__thuiszitter_geoorloofd") }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
