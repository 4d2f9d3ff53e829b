{# Stocks and flows of LRV. A case is a counting melding, in the gemeente of its date for good; only the register closes it. #}

with

zaken as (
    select * from {{ ref("melding") }}
    where telt and duo_code = 'LRV'
),

schooljaren as (
    select * from {{ ref("schooljaar") }}
),

benoemd as (
    select 'lrv_instroom' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from zaken
    union all
    select 'lrv_uitstroom' as indicator, zaken.meldingsnummer, zaken.jongere_id, schooljaren.schooljaar, zaken.gemeente_code
    from zaken
    inner join schooljaren on zaken.datum_gesloten >= schooljaren.begin and zaken.datum_gesloten <= schooljaren.einde
    union all
    -- at the end of 31 July before the schooljaar
    select 'lrv_stand_begin' as indicator, zaken.meldingsnummer, zaken.jongere_id, schooljaren.schooljaar, zaken.gemeente_code
    from zaken
    inner join schooljaren
        on zaken.datum < schooljaren.begin and (zaken.datum_gesloten is null or zaken.datum_gesloten >= schooljaren.begin)
    union all
    select 'lrv_stand_einde' as indicator, zaken.meldingsnummer, zaken.jongere_id, schooljaren.schooljaar, zaken.gemeente_code
    from zaken
    inner join schooljaren
        on zaken.datum <= schooljaren.einde and (zaken.datum_gesloten is null or zaken.datum_gesloten > schooljaren.einde)
)

select
    indicator,
    'melding' as soort_gebeurtenis,
    meldingsnummer as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from benoemd
