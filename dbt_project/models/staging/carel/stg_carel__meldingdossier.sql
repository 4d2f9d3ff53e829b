with

versies as (
    select * from {{ ref("base_carel__meldingdossier") }}
)

select {{ geleverde_kolommen("versies") }}
from versies
where is_geldig
