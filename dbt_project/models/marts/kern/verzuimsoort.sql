with

soorten as (
    select * from {{ ref("referentie__verzuimsoort") }}
)

select
    duo_code,
    verzuimsoort,
    naam,
    duo_naam,
    is_relatief,
    is_verplicht
from soorten
