{# The published areas and their gemeenten: a figure of an area is counted over all of its gemeenten. #}

with

gemeenten as (
    select * from {{ ref("gemeente") }}
)

select
    gemeente_code as gebied_code,
    naam,
    gemeente_code
from gemeenten
where is_bediend or gemeente_code = 'onbekend'
union all
select
    'regio' as gebied_code,
    'Regio' as naam,
    gemeente_code
from gemeenten
where is_bediend
