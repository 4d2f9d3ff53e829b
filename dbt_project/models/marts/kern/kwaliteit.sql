with

entiteiten as (
    select * from {{ ref("stg_grootboek__levering_entiteit") }}
),

tellingen as (
    select * from {{ ref("stg_grootboek__telling") }}
),

waarschuwingen as (
    select * from {{ ref("int_waarschuwing") }}
),

alle as (
    {% for ernst, kolom in [("gelezen", "gelezen"), ("geladen", "geladen"), ("herhaald", "herhaald")] %}
        select bron, levering, entiteit, '{{ ernst }}' as ernst, '' as code, {{ kolom }} as aantal
        from entiteiten
        union all
    {% endfor %}
    select bron, levering, entiteit, ernst, code, aantal
    from tellingen
    union all
    select bron, levering, entiteit, 'waarschuwing' as ernst, code, count(*) as aantal
    from waarschuwingen
    group by bron, levering, entiteit, code
)

select
    bron,
    levering,
    entiteit,
    ernst,
    code,
    cast(aantal as bigint) as aantal
from alle
