with

vrijstellingen as (
    select * from {{ ref("vrijstelling") }}
    where telt
),

gronden as (
    select * from {{ ref("vrijstellingsgrond") }}
    where not is_vervangend
),

gebieden as (
    select * from {{ ref("gebied") }}
)

select
    vrijstellingen.schooljaar,
    gebieden.gebied_code,
    'vrijstelling_' || vrijstellingen.grond as indicator,
    count(*) as waarde
from vrijstellingen
inner join gronden on vrijstellingen.grond = gronden.grond
inner join gebieden on vrijstellingen.gemeente_code = gebieden.gemeente_code
group by vrijstellingen.schooljaar, gebieden.gebied_code, vrijstellingen.grond
