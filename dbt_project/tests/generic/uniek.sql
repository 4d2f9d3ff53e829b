{% test uniek(model, kolommen) %}
{# The grain of a model with a key of several columns. #}
    select
        {{ kolommen | join(", ") }},
        count(*) as aantal
    from {{ model }}
    group by {{ kolommen | join(", ") }}
    having count(*) > 1
{% endtest %}
