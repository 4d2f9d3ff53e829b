{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {# `referentie__gemeente` is the table `referentie.gemeente`: dbt needs unique names, users want plain ones. #}
    {{- custom_alias_name or node.name.split("referentie__")[-1] -}}
{%- endmacro %}
