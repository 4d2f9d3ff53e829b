{# A woonperiode in a gemeente that is in neither the list of gemeenten nor that of their successors. #}

with

perioden as (
    select * from {{ ref("rijen_monitor__woonperiode") }}
),

opvolgers as (
    {{ met_eigen_rijen("referentie__gemeente_opvolger", "gemeente_opvolgers", ["gemeente_code", "opvolger"]) }}
),

bekend as (
    select gemeente_code from {{ ref("referentie__gemeente") }}
    union
    select gemeente_code from opvolgers
    union
    select opvolger as gemeente_code from opvolgers
)

select
    'monitor' as bron,
    perioden.levering,
    'woonperiode' as entiteit,
    perioden.versie,
    'gemeente_onbekend' as code
from perioden
left join bekend on perioden.gemeentecode = bekend.gemeente_code
where bekend.gemeente_code is null
