with

meldingen as (
    select * from {{ ref("melding") }}
    where telt
),

-- V3 and LRV that the school or the leerplichtambtenaar closed
gesloten as (
    select * from meldingen
    where status = 'G' and duo_code in ('V3', 'LRV')
),

opgevolgd as (
    select * from {{ ref("doorlooptijd") }}
),

benoemd as (
    select 'meldingen_totaal' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from meldingen
    union all
    select 'meldingen_' || verzuimsoort as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from meldingen
    union all
    select 'meldingen_gesloten' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from gesloten
    union all
    select 'meldingen_teruggeleid' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from gesloten
    where reden_afgesloten = '1'
    union all
    select 'meldingen_opgevolgd' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from opgevolgd
)

select
    indicator,
    'melding' as soort_gebeurtenis,
    meldingsnummer as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from benoemd
