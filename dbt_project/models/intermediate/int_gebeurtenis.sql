{# Every loaded version of the events of a jongere, from seven entiteiten, with the same columns. #}
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
    {
        "gebeurtenis": "verlofaanvraag", "bron": "carel", "entiteit": "verlofaanvraag", "nummer": "verlofnr",
        "datum": "datum_aanvraag", "soort": "besluit", "telt": "true", "school": leeg, "aanleiding": leeg, "is_aanvullend": true,
    },
    {
        "gebeurtenis": "thuiszitter_geoorloofd", "bron": "carel", "entiteit": "thuiszitter_geoorloofd", "nummer": "geoorloofdnr",
        "datum": "datum_begin", "soort": leeg, "telt": "true", "school": leeg, "aanleiding": leeg, "is_aanvullend": true,
    },
] -%}

with

personen as (
    select * from {{ ref("int_persoon") }}
),

-- DUO's aanleiding counts where it gives one, else that of the dossier in Carel
dossiers as (
    select
        meldingsnummer,
        aanleiding,
        -- a column, for an equality join: comparing with a constant was 80 times slower
        'melding' as gebeurtenis
    from {{ ref("stg_carel__meldingdossier") }}
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
            -- what a gemeente need not deliver decides nothing about schooljaren
            {{ not soort.is_aanvullend }} as bepaalt_schooljaren,
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
    {{ jongere_id("gebeurtenissen") }} as jongere_id,
    gebeurtenissen.datum,
    {{ schooljaar_van("gebeurtenissen.datum") }} as schooljaar,
    gebeurtenissen.soort,
    gebeurtenissen.school_code,
    coalesce(gebeurtenissen.aanleiding, dossiers.aanleiding) as aanleiding,
    gebeurtenissen.telt,
    gebeurtenissen.bepaalt_schooljaren,
    gebeurtenissen.is_geldig
from gebeurtenissen
left join personen on {{ is_persoon("gebeurtenissen") }}
left join dossiers
    on gebeurtenissen.gebeurtenis = dossiers.gebeurtenis and gebeurtenissen.nummer = dossiers.meldingsnummer
