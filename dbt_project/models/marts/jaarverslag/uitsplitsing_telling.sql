{# The counts of bijdrage once more, per value of what an indicator is broken down by. What is empty is `onbekend`. #}
{%- set kolommen = {
    "onderwijssoort": "traject.onderwijssoort",
    "leeftijd": "cast(traject.leeftijd as " ~ dbt.type_string() ~ ")",
    "geslacht": "jongere.geslacht",
    "aanleiding": "traject.aanleiding",
    "maand": "substring(cast(traject.datum as " ~ dbt.type_string() ~ "), 1, 7)",
    "school": "traject.school_code",
    "wijk": "traject.wijkcode",
    "soort": "traject.soort",
    "mas_route": "interventies.mas_route",
} -%}

with

uitsplitsingen as (
    select * from {{ ref("uitsplitsing") }}
),

interventies as (
    select
        interventienr,
        mas_route,
        -- two columns that are equal make a join; a column that is a constant made it 80 times slower
        'interventie' as soort_gebeurtenis
    from {{ ref("interventie") }}
),

feiten as (
    select
        bijdrage.indicator,
        bijdrage.schooljaar,
        gebied.gebied_code,
        bijdrage.jongere_id,
    {% for naam, kolom in kolommen.items() %}
        {{ kolom }} as {{ naam }}{{ "," if not loop.last }}
    {% endfor %}
    from {{ ref("bijdrage") }} as bijdrage
    inner join {{ ref("gebied") }} as gebied on bijdrage.gemeente_code = gebied.gemeente_code
    inner join {{ ref("traject") }} as traject
        on bijdrage.soort_gebeurtenis = traject.soort_gebeurtenis and bijdrage.nummer = traject.nummer
    inner join {{ ref("jongere") }} as jongere on bijdrage.jongere_id = jongere.jongere_id
    left join interventies
        on bijdrage.soort_gebeurtenis = interventies.soort_gebeurtenis and bijdrage.nummer = interventies.interventienr
    where bijdrage.indicator in (select uitsplitsingen.indicator from uitsplitsingen)
),

gestapeld as (
    {% for naam in kolommen %}
        select
            indicator,
            schooljaar,
            gebied_code,
            jongere_id,
            '{{ naam }}' as uitsplitsing,
            coalesce({{ naam }}, 'onbekend') as uitsplitsing_waarde
        from feiten
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    gestapeld.schooljaar,
    gestapeld.gebied_code,
    gestapeld.indicator,
    gestapeld.uitsplitsing,
    gestapeld.uitsplitsing_waarde,
    case
        when indicatoren.telwijze = 'jongeren' then count(distinct gestapeld.jongere_id)
        else count(*)
    end as waarde
from gestapeld
inner join uitsplitsingen
    on gestapeld.indicator = uitsplitsingen.indicator and gestapeld.uitsplitsing = uitsplitsingen.uitsplitsing
inner join {{ ref("indicator") }} as indicatoren on gestapeld.indicator = indicatoren.indicator
group by
    gestapeld.schooljaar,
    gestapeld.gebied_code,
    gestapeld.indicator,
    gestapeld.uitsplitsing,
    gestapeld.uitsplitsing_waarde,
    indicatoren.telwijze
