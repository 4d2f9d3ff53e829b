{#
Date arithmetic for ages and schooljaren, shared by several models.
#}

{% macro leeftijd(geboortedatum, datum) -%}
    {# Age in whole years on a date. Born on 29 February: a year older on 1 March in other years. Null if either date is null. #}
    cast(
        extract(year from {{ datum }}) - extract(year from {{ geboortedatum }})
        - case
            when
                extract(month from {{ datum }}) * 100 + extract(day from {{ datum }})
                < extract(month from {{ geboortedatum }}) * 100 + extract(day from {{ geboortedatum }})
                then 1
            else 0
        end as integer
    )
{%- endmacro %}

{% macro verjaardag(geboortedatum, jaren) -%}
    {# The birthday a number of years after birth; 29 February becomes 1 March, where databases take 28 February. #}
    cast(
        case
            when extract(day from {{ dbt.dateadd("year", jaren, geboortedatum) }}) < extract(day from {{ geboortedatum }})
                then {{ dbt.dateadd("day", 1, dbt.dateadd("year", jaren, geboortedatum)) }}
            else {{ dbt.dateadd("year", jaren, geboortedatum) }}
        end as date
    )
{%- endmacro %}

{% macro leerplicht_begin(geboortedatum) -%}
    {# The first day of leerplicht: the first day of the month after the 5th birthday. #}
    cast({{ dbt.dateadd("month", 1, dbt.date_trunc("month", verjaardag(geboortedatum, 5))) }} as date)
{%- endmacro %}

{% macro schooljaar_begin(datum) -%}
    {# The calendar year in which the schooljaar of a date begins (1 August). #}
    cast(extract(year from {{ datum }}) - case when extract(month from {{ datum }}) < 8 then 1 else 0 end as integer)
{%- endmacro %}

{% macro schooljaar_van(datum) -%}
    {# The schooljaar of a date, as `2024-2025`. #}
    cast({{ schooljaar_begin(datum) }} as {{ dbt.type_string() }})
    || '-'
    || cast({{ schooljaar_begin(datum) }} + 1 as {{ dbt.type_string() }})
{%- endmacro %}
