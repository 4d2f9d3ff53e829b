{% macro generate_schema_name(custom_schema_name, node) -%}
    {# Schemas carry the client's own words: `kern` is `kern`, not `main_kern`. #}
    {{- custom_schema_name or target.schema -}}
{%- endmacro %}
