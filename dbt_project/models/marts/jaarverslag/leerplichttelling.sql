with

meldingen as (
    select * from {{ ref("melding") }}
    where telt and is_plichtig
),

benoemd as (
    {% for code, naam in [("V3", "16_uur"), ("L", "luxe")] %}
        {% for eenheid in ["jongeren", "meldingen"] %}
            select 'telling_{{ naam }}_{{ eenheid }}' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
            from meldingen
            where duo_code = '{{ code }}'
            {% if not (loop.last and code == "L") %}union all{% endif %}
        {% endfor %}
    {% endfor %}
)

select
    indicator,
    'melding' as soort_gebeurtenis,
    meldingsnummer as nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from benoemd
union all
select
    'telling_absoluut_heringeschreven' as indicator,
    stand as soort_gebeurtenis,
    nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from {{ ref("stand") }}
where stand = 'opgelost' and is_ingeschreven
