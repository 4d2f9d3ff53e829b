{# Checks every fact of `verband` in every schooljaar and area; returns the difference of each failing fact. #}
{{ config(group="jaarverslag") }}

with

termen as (
    select * from {{ ref("verband") }}
),

aantallen as (
    select
        verband,
        count(*) as termen
    from termen
    group by verband
),

cijfers as (
    select * from {{ ref("cijfer") }}
    where status = 'gepubliceerd'
),

delen as (
    select * from {{ ref("uitsplitsing_telling") }}
),

van_het_geheel as (
    select
        termen.verband,
        termen.relatie,
        cijfers.schooljaar,
        cijfers.gebied_code,
        cast(null as {{ dbt.type_string() }}) as uitsplitsing_waarde,
        termen.factor,
        case when termen.uitsplitsing is null then cijfers.waarde else coalesce(delen.waarde, 0) end as waarde
    from termen
    inner join cijfers on termen.indicator = cijfers.indicator
    left join delen
        on
            cijfers.schooljaar = delen.schooljaar
            and cijfers.gebied_code = delen.gebied_code
            and termen.indicator = delen.indicator
            and termen.uitsplitsing = delen.uitsplitsing
            and termen.uitsplitsing_waarde = delen.uitsplitsing_waarde
    where termen.bereik <> 'uitsplitsing'
),

-- each value of any term, for all terms: without a row it is 0
waarden as (
    select distinct
        termen.verband,
        delen.schooljaar,
        delen.gebied_code,
        delen.uitsplitsing,
        delen.uitsplitsing_waarde
    from termen
    inner join delen on termen.indicator = delen.indicator
    where termen.bereik <> 'geheel'
),

van_de_delen as (
    select
        termen.verband,
        termen.relatie,
        waarden.schooljaar,
        waarden.gebied_code,
        waarden.uitsplitsing || '/' || waarden.uitsplitsing_waarde as uitsplitsing_waarde,
        termen.factor,
        coalesce(delen.waarde, 0) as waarde
    from termen
    inner join waarden on termen.verband = waarden.verband
    inner join {{ ref("uitsplitsing") }} as uitsplitsingen
        on termen.indicator = uitsplitsingen.indicator and waarden.uitsplitsing = uitsplitsingen.uitsplitsing
    left join delen
        on
            waarden.schooljaar = delen.schooljaar
            and waarden.gebied_code = delen.gebied_code
            and termen.indicator = delen.indicator
            and waarden.uitsplitsing = delen.uitsplitsing
            and waarden.uitsplitsing_waarde = delen.uitsplitsing_waarde
),

opgeteld as (
    select
        samen.verband,
        samen.relatie,
        samen.schooljaar,
        samen.gebied_code,
        samen.uitsplitsing_waarde,
        sum(samen.factor * samen.waarde) as verschil
    from (
        select * from van_het_geheel
        union all
        select * from van_de_delen
    ) as samen
    inner join aantallen on samen.verband = aantallen.verband
    group by
        samen.verband,
        samen.relatie,
        samen.schooljaar,
        samen.gebied_code,
        samen.uitsplitsing_waarde,
        aantallen.termen
    -- skip facts with unknown terms
    having count(*) = aantallen.termen
)

select * from opgeteld
where verschil > 0 or (relatie = '=' and verschil <> 0)
