{% macro met_eigen_rijen(seed, naam, kolommen) -%}
    {#
    The rows of a reference table, with those of the gemeente's own file before them: of a key, the first of `kolommen`, the own row counts.

    Args: `naam` is the setting with the path of the file; without one, only the project's rows.
    #}
    {%- set bestand = instelling(naam) -%}
    {%- set sleutel = kolommen[0] -%}
    {%- set lijst = kolommen | join(", ") -%}
    {%- if bestand -%}
        select {{ lijst }} from {{ csv(bestand) }}
        union all
        select {{ lijst }} from {{ ref(seed) }}
        where {{ sleutel }} not in (select {{ sleutel }} from {{ csv(bestand) }})
    {%- else -%}
        select {{ lijst }} from {{ ref(seed) }}
    {%- endif -%}
{%- endmacro %}
