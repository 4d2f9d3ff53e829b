{#
Dates as `kern` has them: nothing of before the first published schooljaar, and never the birth date of the row's jongere (decision 029). Every
date of a jongere in kern is written by one of these two macros; the gate of the warehouse looks at every date column.
#}

{% macro datum_in_kern(datum, grens="grenzen", type="date") -%}
    {#
    The date of an event. Before the first published schooljaar it is the day before that; so it compares with every date of a published
    schooljaar as the real date does, and no figure changes. On the birth date, which can only be a mistake of the source, it is another day
    of the same month.

    Args: `grens` is int_grens, joined on the row's jongere; without a published schooljaar the date is null.
    #}
    cast(
        case
            when {{ datum }} < {{ grens }}.eerste_dag then {{ grens }}.dag_ervoor
            when {{ datum }} >= {{ grens }}.eerste_dag and cast({{ datum }} as date) = {{ grens }}.geboortedatum
                then {{ dbt.dateadd("day", "case when extract(day from " ~ datum ~ ") = 1 then 1 else -1 end", datum) }}
            when {{ datum }} >= {{ grens }}.eerste_dag then {{ datum }}
        end as {{ type }}
    )
{%- endmacro %}

{% macro begin_in_kern(datum, grens="grenzen") -%}
    {#
    The first day of a period in a register of the monitor. Who was born here lives here since the birth date, so it is never before the
    first published schooljaar, nor in the year of birth.

    Args: `grens` is int_grens, joined on the row's jongere.
    #}
    case when {{ datum }} < {{ grens }}.register_vanaf then {{ grens }}.register_vanaf else {{ datum }} end
{%- endmacro %}

{% macro geldt_in_kern(einde, grens="grenzen") -%}
    {# Whether a period in a register is valid on any day from there on; not without a published schooljaar. #}
    {{ grens }}.register_vanaf is not null and ({{ einde }} is null or {{ einde }} > {{ grens }}.register_vanaf)
{%- endmacro %}
