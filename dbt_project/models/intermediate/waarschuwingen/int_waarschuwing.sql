{# Every warning of every loaded row, judged with everything known now. #}

with

waarschuwingen as (
    {% for onderwerp in ["lezen", "persoon", "koppeling", "school", "gemeente", "verzuim", "carel"] %}
        select bron, levering, entiteit, versie, code
        from {{ ref("int_waarschuwing_" ~ onderwerp) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from waarschuwingen
