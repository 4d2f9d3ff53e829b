with

interventies as (
    select * from {{ ref("interventie") }}
),

benoemd as (
    select 'interventies' as indicator, interventienr, jongere_id, schooljaar, gemeente_code
    from interventies
    union all
    select 'spreekuur_jongeren' as indicator, interventienr, jongere_id, schooljaar, gemeente_code
    from interventies
    where interventiesoort = 'spreekuur'
    union all
    select 'thuiszitterstafel_aanmeldingen' as indicator, interventienr, jongere_id, schooljaar, gemeente_code
    from interventies
    where interventiesoort = 'thuiszitterstafel'
)

select
    indicator,
    'interventie' as soort_gebeurtenis,
    interventienr as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from benoemd
