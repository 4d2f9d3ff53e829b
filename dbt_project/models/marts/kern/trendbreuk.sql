with

breuken as (
    select * from {{ ref("referentie__trendbreuk") }}
)

select
    indicator,
    vanaf_schooljaar,
    reden
from breuken
