with

soorten as (
    select * from {{ ref("referentie__interventiesoort") }}
)

select
    interventiesoort,
    naam
from soorten
