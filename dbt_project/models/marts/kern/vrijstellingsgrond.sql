with

gronden as (
    select * from {{ ref("referentie__vrijstellingsgrond") }}
)

select
    grond,
    naam,
    is_vervangend
from gronden
