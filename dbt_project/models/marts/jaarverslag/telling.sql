{# Every count of every published indicator: 0 where nothing was counted, null where the source has no data. #}

with

indicatoren as (
    select * from {{ ref("indicator") }}
),

-- first per jongere: `jongeren` counts each once, `herhaald` those with two or more rows
per_jongere as (
    select
        bijdrage.schooljaar,
        gebied.gebied_code,
        bijdrage.indicator,
        bijdrage.jongere_id,
        count(*) as aantal
    from {{ ref("bijdrage") }} as bijdrage
    inner join {{ ref("gebied") }} as gebied on bijdrage.gemeente_code = gebied.gemeente_code
    group by bijdrage.schooljaar, gebied.gebied_code, bijdrage.indicator, bijdrage.jongere_id
),

geteld as (
    select
        per_jongere.schooljaar,
        per_jongere.gebied_code,
        per_jongere.indicator,
        sum(
            case indicatoren.telwijze
                when 'jongeren' then 1
                when 'herhaald' then case when per_jongere.aantal >= 2 then 1 else 0 end
                else per_jongere.aantal
            end
        ) as waarde
    from per_jongere
    inner join indicatoren on per_jongere.indicator = indicatoren.indicator
    group by per_jongere.schooljaar, per_jongere.gebied_code, per_jongere.indicator
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
        naam as gebied
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
),

met_status as (
    select
        beschikbaarheid.schooljaar,
        gebieden.gebied_code,
        gebieden.gebied,
        indicatoren.indicator,
        indicatoren.telwijze,
        case
            -- jongeren without a known residence are not in any population
            when indicatoren.op_leerplichtigen and gebieden.gebied_code = 'onbekend' then 'niet_van_toepassing'
            when not beschikbaarheid.is_beschikbaar then 'niet_beschikbaar'
            else 'gepubliceerd'
        end as status
    from indicatoren
    inner join beschikbaarheid on indicatoren.indicator = beschikbaarheid.indicator
    cross join gebieden
)

select
    met_status.schooljaar,
    met_status.gebied_code,
    met_status.gebied,
    met_status.indicator,
    met_status.status,
    cast(
        case
            when met_status.telwijze in ('verhouding', 'mediaan') or met_status.status <> 'gepubliceerd' then null
            else coalesce(tellingen.waarde, 0)
        end as bigint
    ) as waarde
from met_status
left join tellingen
    on
        met_status.schooljaar = tellingen.schooljaar
        and met_status.gebied_code = tellingen.gebied_code
        and met_status.indicator = tellingen.indicator
