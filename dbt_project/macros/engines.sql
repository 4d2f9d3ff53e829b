{#
What engines do differently, and nothing else: models and other macros are ANSI SQL with dbt's own cross-database macros.
#}

{% macro gehele_deling(deeltal, deler) -%}
    {{ return(adapter.dispatch("gehele_deling", "leerplicht")(deeltal, deler)) }}
{%- endmacro %}

{% macro default__gehele_deling(deeltal, deler) -%}
    ({{ deeltal }} // {{ deler }})
{%- endmacro %}

{% macro spark__gehele_deling(deeltal, deler) -%}
    ({{ deeltal }} div {{ deler }})
{%- endmacro %}

{% macro elk_element(lijst) -%}
    {# One row per element of a list column. #}
    {{ return(adapter.dispatch("elk_element", "leerplicht")(lijst)) }}
{%- endmacro %}

{% macro default__elk_element(lijst) -%}
    unnest({{ lijst }})
{%- endmacro %}

{% macro spark__elk_element(lijst) -%}
    explode({{ lijst }})
{%- endmacro %}

{% macro elk_deel(tekst) -%}
    {# One row per part of a text such as `duo+carel`; none of an empty one. #}
    {{ return(adapter.dispatch("elk_deel", "leerplicht")(tekst)) }}
{%- endmacro %}

{% macro default__elk_deel(tekst) -%}
    unnest(string_split({{ tekst }}, '+'))
{%- endmacro %}

{% macro spark__elk_deel(tekst) -%}
    explode(split({{ tekst }}, '[+]'))
{%- endmacro %}

{% macro elke_dag(begin, einde) -%}
    {# One row per day, both ends included. #}
    {{ return(adapter.dispatch("elke_dag", "leerplicht")(begin, einde)) }}
{%- endmacro %}

{% macro default__elke_dag(begin, einde) -%}
    unnest(generate_series({{ begin }}, {{ einde }}, interval '1 day'))
{%- endmacro %}

{% macro spark__elke_dag(begin, einde) -%}
    explode(sequence({{ begin }}, {{ einde }}, interval 1 day))
{%- endmacro %}
