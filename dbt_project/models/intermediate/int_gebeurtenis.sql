{# Every loaded version of the events of a jongere, from five entiteiten, with the same columns. #}
{%- set leeg = "cast(null as " ~ dbt.type_string() ~ ")" -%}
{%- set soorten = [
    {
        "gebeurtenis": "melding", "bron": "duo", "entiteit": "verzuimmelding", "nummer": "meldingsnummer", "datum": "datum_melding",
        "soort": "verzuimsoort", "telt": "status <> 'I'", "school": "brin || vestiging", "aanleiding": "aanleiding",
    },
    {
        "gebeurtenis": "absoluut_verzuim", "bron": "duo", "entiteit": "absoluut_verzuim", "nummer": "signaalnummer", "datum": "datum_begin",
        "soort": "status", "telt": "status <> 'ingetrokken'", "school": leeg, "aanleiding": leeg,
    },
    {
        "gebeurtenis": "incident", "bron": "carel", "entiteit": "incident", "nummer": "incidentnr", "datum": "datum",
        "soort": "contact_met", "telt": "true", "school": "brin || '00'", "aanleiding": "aanleiding",
    },
    {
        "gebeurtenis": "interventie", "bron": "carel", "entiteit": "interventie", "nummer": "interventienr", "datum": "datum",
        "soort": "soort", "telt": "true", "school": leeg, "aanleiding": leeg,
    },
    {
        "gebeurtenis": "vrijstelling", "bron": "carel", "entiteit": "vrijstelling", "nummer": "vrijstellingnr", "datum": "datum_ingang",
        "soort": "grond", "telt": "besluit = 'toegekend'", "school": leeg, "aanleiding": leeg,
    },
] -%}

with

koppelingen as (
    select * from {{ ref("int_koppeling") }}
),

gebeurtenissen as (
    {% for soort in soorten %}
        select
            '{{ soort.gebeurtenis }}' as gebeurtenis,
            '{{ soort.bron }}' as bron,
            '{{ soort.entiteit }}' as entiteit,
            levering,
            versie,
            {{ soort.nummer }} as nummer,
            {{ soort.datum }} as datum,
            {{ soort.soort }} as soort,
            {{ soort.school }} as school_code,
            {{ soort.aanleiding }} as aanleiding,
            bsn_pseudoniem,
            onderwijsnummer_pseudoniem,
            {{ soort.telt }} as telt,
            is_geldig
        from {{ ref("base_" ~ soort.bron ~ "__" ~ soort.entiteit) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    gebeurtenissen.gebeurtenis,
    gebeurtenissen.bron,
    gebeurtenissen.entiteit,
    gebeurtenissen.levering,
    gebeurtenissen.versie,
    gebeurtenissen.nummer,
    {{ jongere_id("gebeurtenissen", "koppelingen") }} as jongere_id,
    gebeurtenissen.datum,
    {{ schooljaar_van("gebeurtenissen.datum") }} as schooljaar,
    gebeurtenissen.soort,
    gebeurtenissen.school_code,
    gebeurtenissen.aanleiding,
    gebeurtenissen.telt,
    gebeurtenissen.is_geldig
from gebeurtenissen
left join koppelingen on gebeurtenissen.onderwijsnummer_pseudoniem = koppelingen.onderwijsnummer_pseudoniem
