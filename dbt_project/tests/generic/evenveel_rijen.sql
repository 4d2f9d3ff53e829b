{% test evenveel_rijen(model, als) %}
{# A join neither dropped nor duplicated rows. #}
    with

    aantallen as (
        select
            (select count(*) from {{ model }}) as rijen,
            (select count(*) from {{ als }}) as verwacht
    )

    select * from aantallen
    where rijen <> verwacht
{% endtest %}
