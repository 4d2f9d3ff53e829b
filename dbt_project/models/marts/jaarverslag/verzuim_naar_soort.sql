with

meldingen as (
    select
        melding.*,
        soort.is_relatief
    from {{ ref("melding") }} as melding
    inner join {{ ref("verzuimsoort") }} as soort on melding.duo_code = soort.duo_code
    where melding.telt
),

signalen as (
    select * from {{ ref("absoluut_verzuim") }}
    where telt
),

-- rows of the report, and the other codes of the list: the table only satisfies its bounds with all of them
per_soort as (
    select verzuimsoort as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from meldingen
),

samen as (
    {% for indicator in ["relatief_verzuim_jongeren", "totaal_jongeren_uniek"] %}
        select '{{ indicator }}' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
        from meldingen
        where is_relatief
        union all
    {% endfor %}
    select 'overig_buiten_definitie' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from meldingen
    where is_buiten_definitie_jaarverslag
    union all
    select 'herhaalverzuim_jongeren' as indicator, meldingsnummer, jongere_id, schooljaar, gemeente_code
    from meldingen
),

van_meldingen as (
    select * from per_soort
    union all
    select * from samen
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
{% for indicator in ["absoluut_verzuim", "totaal_jongeren_uniek"] %}
    select
        '{{ indicator }}' as indicator,
        'absoluut_verzuim' as soort_gebeurtenis,
        signaalnummer as nummer,
        jongere_id,
        schooljaar,
        gemeente_code
    from signalen
    {% if not loop.last %}union all{% endif %}
{% endfor %}
