{% test evenveel_rijen(model, als) %}
{# No row was lost in a join, and none came twice. #}
    with

    aantallen as (
        select
            (select count(*) from {{ model }}) as rijen,
            (select count(*) from {{ als }}) as verwacht
    )

    select * from aantallen
    where rijen <> verwacht
{% endtest %}
