with

aanmeldingen as (
    select * from {{ ref("interventie") }}
    where interventiesoort = 'thuiszitterstafel'
),

gebieden as (
    select * from {{ ref("gebied") }}
)

select
    aanmeldingen.schooljaar,
    gebieden.gebied_code,
    'thuiszitterstafel_aanmeldingen' as indicator,
    count(distinct aanmeldingen.jongere_id) as waarde
from aanmeldingen
inner join gebieden on aanmeldingen.gemeente_code = gebieden.gemeente_code
group by aanmeldingen.schooljaar, gebieden.gebied_code
