with

bekend as (
    select * from {{ ref("referentie__aanleiding") }}
)

select
    aanleiding,
    naam
from bekend
