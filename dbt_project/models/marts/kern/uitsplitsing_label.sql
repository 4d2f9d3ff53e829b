{# The name of each value of a breakdown; leeftijden and months need none. #}
{%- set namen = {
    "onderwijssoort": "onderwijssoort",
    "geslacht": "geslacht",
    "aanleiding": "aanleiding",
    "soort": "interventiesoort",
    "mas_route": "mas_route",
    "afloop": "afloop",
} -%}

with

labels as (
    {% for uitsplitsing, tabel in namen.items() %}
        select '{{ uitsplitsing }}' as uitsplitsing, {{ tabel }} as uitsplitsing_waarde, naam
        from {{ ref(tabel) }}
        union all
    {% endfor %}
    select 'school' as uitsplitsing, school_code as uitsplitsing_waarde, naam
    from {{ ref("school") }}
    where is_bekend
    union all
    select 'wijk' as uitsplitsing, wijkcode as uitsplitsing_waarde, naam
    from {{ ref("wijk") }}
)

select * from labels
