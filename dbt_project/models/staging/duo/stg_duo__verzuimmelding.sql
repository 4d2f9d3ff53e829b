with

versies as (
    select * from {{ ref("base_duo__verzuimmelding") }}
)

select {{ geleverde_kolommen("versies", en_zonder=["is_dubbel_uur"]) }}
from versies
where is_geldig
