{# The name of each value of a breakdown; leeftijden need none. #}
{%- set namen = {
    "onderwijssoort": "onderwijssoort",
    "geslacht": "geslacht",
    "aanleiding": "aanleiding",
    "soort": "interventiesoort",
    "mas_route": "mas_route",
    "afloop": "afloop",
} -%}
{%- set maanden = [
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
] -%}

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
    select distinct
        'maand' as uitsplitsing,
        maand as uitsplitsing_waarde,
        case substring(maand, 6, 2)
            {% for naam in maanden %}
                when '{{ "%02d" % loop.index }}' then '{{ naam }} '
            {% endfor %}
        end || substring(maand, 1, 4) as naam
    from {{ ref("datum") }}
    union all
    select 'wijk' as uitsplitsing, wijkcode as uitsplitsing_waarde, naam
    from {{ ref("wijk") }}
)

select * from labels
