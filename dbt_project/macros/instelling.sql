{% macro instelling(naam) -%}
    {#
    A setting of the pipeline (`orchestration/settings.py`): the var that the night passes, else the environment variable when dbt runs by
    hand, else the default.

    It is read only when SQL is compiled for execution. A value read during parsing is part of dbt's saved project, so another lake or
    gemeente would cost a full parse, 5 s.
    #}
    {%- if execute -%}
        {%- set gegeven = var(naam, none) -%}
        {%- set standaard = {"lake": "../data_lake", "gemeenten": "0164,0147"} -%}
        {{- return(env_var("LEERPLICHT_" ~ naam.upper(), standaard.get(naam, "")) if gegeven is none else gegeven) -}}
    {%- endif -%}
{%- endmacro %}
