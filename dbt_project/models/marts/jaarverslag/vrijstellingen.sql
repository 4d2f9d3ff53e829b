with

vrijstellingen as (
    select
        vrijstelling.*,
        grond.is_vervangend
    from {{ ref("vrijstelling") }} as vrijstelling
    inner join {{ ref("vrijstellingsgrond") }} as grond on vrijstelling.grond = grond.grond
    where vrijstelling.telt
),

-- valid on the peildatum
standen as (
    select * from {{ ref("stand") }}
    where stand = 'vrijstelling_stand'
),

benoemd as (
    select 'vrijstelling_' || grond as indicator, vrijstellingnr, jongere_id, schooljaar, gemeente_code
    from vrijstellingen
    union all
    select 'vrijstellingen_verlenging' as indicator, vrijstellingnr, jongere_id, schooljaar, gemeente_code
    from vrijstellingen
    where aard = 'verlenging' and not is_vervangend
    union all
    select 'vrijstelling_' || soort || '_stand' as indicator, nummer as vrijstellingnr, jongere_id, schooljaar, gemeente_code
    from standen
    union all
    select 'vrijstellingen_stand' as indicator, nummer as vrijstellingnr, jongere_id, schooljaar, gemeente_code
    from standen
)

select
    indicator,
    'vrijstelling' as soort_gebeurtenis,
    vrijstellingnr as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from benoemd
