with

meldingen as (
    select
        melding.schooljaar,
        gebied.gebied_code,
        melding.jongere_id,
        melding.verzuimsoort,
        soort.is_relatief
    from {{ ref("melding") }} as melding
    inner join {{ ref("gebied") }} as gebied on melding.gemeente_code = gebied.gemeente_code
    inner join {{ ref("verzuimsoort") }} as soort on melding.duo_code = soort.duo_code
    where melding.telt
),

signalen as (
    select
        signaal.schooljaar,
        gebied.gebied_code,
        signaal.jongere_id
    from {{ ref("absoluut_verzuim") }} as signaal
    inner join {{ ref("gebied") }} as gebied on signaal.gemeente_code = gebied.gemeente_code
    where signaal.telt
),

absoluut as (
    select
        schooljaar,
        gebied_code,
        'absoluut_verzuim' as indicator,
        count(distinct jongere_id) as waarde
    from signalen
    group by schooljaar, gebied_code
),

relatief as (
    select
        schooljaar,
        gebied_code,
        'relatief_verzuim_jongeren' as indicator,
        count(distinct jongere_id) as waarde
    from meldingen
    where is_relatief
    group by schooljaar, gebied_code
),

per_soort as (
    select
        schooljaar,
        gebied_code,
        verzuimsoort as indicator,
        count(distinct jongere_id) as waarde
    from meldingen
    group by schooljaar, gebied_code, verzuimsoort
)

select * from absoluut
union all
select * from relatief
union all
select * from per_soort
