{# Every count of every published indicator: 0 where nothing was counted, null where the source cannot know. #}
{%- set tabellen = ["leerplichtigen", "verzuim_naar_soort", "juridisch_kader", "incidenten", "vrijstellingen", "thuiszitterstafel"] -%}

with

geteld as (
    {% for tabel in tabellen %}
        select schooljaar, gebied_code, indicator, waarde
        from {{ ref(tabel) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

opgeteld as (
    select
        geteld.schooljaar,
        geteld.gebied_code,
        optelling.totaal as indicator,
        sum(geteld.waarde) as waarde
    from geteld
    inner join {{ ref("optelling") }} as optelling on geteld.indicator = optelling.onderdeel
    group by geteld.schooljaar, geteld.gebied_code, optelling.totaal
),

tellingen as (
    select * from geteld
    union all
    select * from opgeteld
),

gebieden as (
    select distinct
        gebied_code,
        gebied
    from {{ ref("gebied") }}
),

beschikbaarheid as (
    select
        beschikbaar.schooljaar,
        entiteiten.indicator,
        min(case when beschikbaar.is_beschikbaar then 1 else 0 end) = 1 as is_beschikbaar
    from {{ ref("beschikbaarheid") }} as beschikbaar
    inner join {{ ref("indicator_entiteit") }} as entiteiten on beschikbaar.entiteit = entiteiten.entiteit
    group by beschikbaar.schooljaar, entiteiten.indicator
)

select
    beschikbaarheid.schooljaar,
    gebieden.gebied_code,
    gebieden.gebied,
    indicatoren.indicator,
    case
        -- who lives nowhere known is counted in no population
        when indicatoren.op_leerplichtigen and gebieden.gebied_code = 'onbekend' then 'niet_van_toepassing'
        when not beschikbaarheid.is_beschikbaar then 'niet_beschikbaar'
        else 'gepubliceerd'
    end as status,
    cast(
        case
            when indicatoren.noemer is not null or not beschikbaarheid.is_beschikbaar then null
            when indicatoren.op_leerplichtigen and gebieden.gebied_code = 'onbekend' then null
            else coalesce(tellingen.waarde, 0)
        end as bigint
    ) as waarde
from {{ ref("indicator") }} as indicatoren
inner join beschikbaarheid on indicatoren.indicator = beschikbaarheid.indicator
cross join gebieden
left join tellingen
    on
        beschikbaarheid.schooljaar = tellingen.schooljaar
        and gebieden.gebied_code = tellingen.gebied_code
        and indicatoren.indicator = tellingen.indicator
