with

meldingen as (
    select * from {{ ref("melding") }}
    where telt
),

signalen as (
    select * from {{ ref("absoluut_verzuim") }}
    where telt
),

van_meldingen as (
    select 'verzuim_18_tot_23' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from meldingen
    where duo_code in ('V4', 'RMC') and leeftijd >= 18 and leeftijd < 23
    union all
    select 'verzuim_23_tot_27' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from meldingen
    where duo_code in ('V4', 'RMC') and leeftijd >= 23 and leeftijd < 27
    union all
    select 'verzuim_plichtig_jongeren' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from meldingen
    where is_plichtig
    {% for indicator in ["ocw_relatief_jongeren", "ocw_relatief_herhaald_jongeren"] %}
        union all
        select '{{ indicator }}' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
        from meldingen
        where is_plichtig and (duo_code in ('V3', 'LRV') or (duo_code = 'L' and uren >= 16))
    {% endfor %}
),

van_signalen as (
    select 'verzuim_plichtig_jongeren' as indicator, signaalnummer, jongere_id, schooljaar, gemeente_code
    from signalen
    where is_plichtig
    union all
    select 'absoluut_langer_3_maanden' as indicator, signaalnummer, jongere_id, schooljaar, gemeente_code
    from signalen
    where is_langer_3_maanden
    union all
    select 'ocw_absoluut_jongeren' as indicator, signaalnummer, jongere_id, schooljaar, gemeente_code
    from {{ ref("zonder_onderwijs") }}
),

opgelost as (
    select * from {{ ref("stand") }}
    where stand = 'opgelost'
)

select
    indicator,
    'melding' as soort_gebeurtenis,
    meldingsnummer as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from van_meldingen
union all
select
    indicator,
    'absoluut_verzuim' as soort_gebeurtenis,
    signaalnummer as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from van_signalen
union all
select
    'absoluut_opgelost' as indicator,
    'absoluut_verzuim' as soort_gebeurtenis,
    nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from opgelost
