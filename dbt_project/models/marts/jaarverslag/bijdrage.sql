{# The rows behind each figure: every count in kerncijfers and uitsplitsingen counts these rows. #}
{%- set tabellen = [
    "leerplichtigen",
    "verzuim_naar_soort",
    "verzuim_aanvullend",
    "langdurig_verzuim",
    "meldingen",
    "leerplichttelling",
    "thuiszitters",
    "juridisch_kader",
    "interventies",
    "incidenten",
    "vrijstellingen",
    "verlof",
] -%}

with

bijdragen as (
    {% for tabel in tabellen %}
        select indicator, soort_gebeurtenis, nummer, jongere_id, schooljaar, gemeente_code
        from {{ ref(tabel) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from bijdragen
