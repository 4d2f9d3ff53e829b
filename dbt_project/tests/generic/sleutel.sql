{% test sleutel(model, column_name) %}
{# The key of a model: filled in every row, and in one row only. One test for both, as each costs a night more than its query. #}
    select
        {{ column_name }},
        count(*) as aantal
    from {{ model }}
    group by {{ column_name }}
    having count(*) > 1 or {{ column_name }} is null
{% endtest %}
