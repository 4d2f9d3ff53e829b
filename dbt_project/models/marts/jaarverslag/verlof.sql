with

aanvragen as (
    select * from {{ ref("verlofaanvraag") }}
),

benoemd as (
    select 'verlof_aanvragen' as indicator, verlofnr, jongere_id, schooljaar, gemeente_code
    from aanvragen
    union all
    select 'verlof_' || besluit as indicator, verlofnr, jongere_id, schooljaar, gemeente_code
    from aanvragen
    where besluit in ('toegekend', 'afgewezen')
)

select
    indicator,
    'verlofaanvraag' as soort_gebeurtenis,
    verlofnr as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from benoemd
