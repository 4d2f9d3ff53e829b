with

incidenten as (
    select * from {{ ref("incident") }}
)

select
    'incidenten' as indicator,
    'incident' as soort_gebeurtenis,
    incidentnr as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from incidenten
