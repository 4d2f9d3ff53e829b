with

entiteiten as (
    select * from {{ ref("stg_grootboek__levering_entiteit") }}
),

tellingen as (
    {% for ernst, kolom in [("afgewezen", "afgewezen_per_code"), ("waarschuwing", "waarschuwingen")] %}
        select
            bron,
            levering,
            entiteit,
            '{{ ernst }}' as ernst,
            {{ elk_element("map_entries(" ~ kolom ~ ")") }} as telling
        from entiteiten
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    bron,
    levering,
    entiteit,
    ernst,
    telling.key as code,
    telling.value as aantal
from tellingen
