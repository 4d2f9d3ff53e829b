with

eigen as (
    select * from {{ ref("stg_monitor__kerncijfer") }}
)

select
    schooljaar,
    gemeentecode as gemeente_code,
    indicator,
    waarde,
    levering
from eigen
