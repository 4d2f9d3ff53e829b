{% macro instelling(naam) -%}
    {#
    A setting of the pipeline (`orchestration/settings.py`): given by the night as a var, else the environment variable of a person who runs
    dbt alone, else the default.

    Read only while SQL is compiled to be run. What dbt reads while it parses belongs to what it keeps of the project, and another lake or
    gemeente would then cost a full parse, 5 s.
    #}
    {%- if execute -%}
        {%- set gegeven = var(naam, none) -%}
        {%- set standaard = {"lake": "../data_lake", "gemeenten": "0164,0147"} -%}
        {{- return(env_var("LEERPLICHT_" ~ naam.upper(), standaard.get(naam, "")) if gegeven is none else gegeven) -}}
    {%- endif -%}
{%- endmacro %}
