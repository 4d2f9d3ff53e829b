{% macro generate_schema_name(custom_schema_name, node) -%}
    {# Use the schema name without a prefix: `kern`, not `main_kern`. #}
    {{- custom_schema_name or target.schema -}}
{%- endmacro %}
