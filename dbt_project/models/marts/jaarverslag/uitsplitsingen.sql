with

tellingen as (
    select * from {{ ref("uitsplitsing_telling") }}
),

indicatoren as (
    select * from {{ ref("indicator") }}
),

schooljaren as (
    select * from {{ ref("schooljaar") }}
),

breuken as (
    select * from {{ ref("trendbreuk") }}
),

status as (
    select
        schooljaar,
        gebied_code,
        gebied,
        indicator,
        status
    from {{ ref("telling") }}
),

maanden as (
    select distinct
        schooljaar,
        uitsplitsing_waarde
    from tellingen
    where uitsplitsing = 'maand'
),

-- a value that an area has in one year has a row in all years, so that years can be compared; a month belongs to one year, and has a row if
-- any area or indicator has one, because otherwise a row would reveal that a withheld count is not 0
waarden as (
    select distinct
        gebied_code,
        indicator,
        uitsplitsing,
        uitsplitsing_waarde,
        null as alleen_schooljaar
    from tellingen
    where uitsplitsing <> 'maand'
    union all
    select distinct
        tellingen.gebied_code,
        tellingen.indicator,
        tellingen.uitsplitsing,
        maanden.uitsplitsing_waarde,
        tellingen.schooljaar as alleen_schooljaar
    from tellingen
    inner join maanden on tellingen.schooljaar = maanden.schooljaar
    where tellingen.uitsplitsing = 'maand'
),

alle as (
    select
        status.schooljaar,
        status.gebied_code,
        status.gebied,
        status.indicator,
        waarden.uitsplitsing,
        waarden.uitsplitsing_waarde,
        status.status,
        cast(case when status.status = 'gepubliceerd' then coalesce(tellingen.waarde, 0) end as bigint) as waarde
    from waarden
    inner join status on waarden.gebied_code = status.gebied_code and waarden.indicator = status.indicator
    left join tellingen
        on
            status.schooljaar = tellingen.schooljaar
            and waarden.gebied_code = tellingen.gebied_code
            and waarden.indicator = tellingen.indicator
            and waarden.uitsplitsing = tellingen.uitsplitsing
            and waarden.uitsplitsing_waarde = tellingen.uitsplitsing_waarde
    where waarden.alleen_schooljaar is null or waarden.alleen_schooljaar = status.schooljaar
)

select
    alle.schooljaar,
    alle.gebied_code as gemeente_code,
    alle.gebied as gemeente,
    indicatoren.tabel,
    alle.indicator,
    indicatoren.label,
    alle.uitsplitsing,
    alle.uitsplitsing_waarde,
    coalesce(labels.naam, case when alle.uitsplitsing_waarde = 'onbekend' then 'Onbekend' end, alle.uitsplitsing_waarde)
        as uitsplitsing_label,
    alle.waarde,
    indicatoren.eenheid,
    alle.status,
    vorige.waarde as vorige_waarde,
    alle.waarde - vorige.waarde as verschil,
    cast({{ afgerond_quotient("(alle.waarde - vorige.waarde)", "vorige.waarde", 100, 1) }} as decimal(9, 1)) as verschil_percentage,
    breuken.indicator is not null as trendbreuk,
    breuken.reden as trendbreuk_reden,
    indicatoren.bron,
    indicatoren.volgorde
from alle
inner join indicatoren on alle.indicator = indicatoren.indicator
inner join schooljaren on alle.schooljaar = schooljaren.schooljaar
left join alle as vorige
    on
        schooljaren.vorig_schooljaar = vorige.schooljaar
        and alle.gebied_code = vorige.gebied_code
        and alle.indicator = vorige.indicator
        and alle.uitsplitsing = vorige.uitsplitsing
        and alle.uitsplitsing_waarde = vorige.uitsplitsing_waarde
left join {{ ref("uitsplitsing_label") }} as labels
    on alle.uitsplitsing = labels.uitsplitsing and alle.uitsplitsing_waarde = labels.uitsplitsing_waarde
left join breuken
    on
        alle.schooljaar = breuken.schooljaar
        and alle.gebied_code = breuken.gebied_code
        and alle.indicator = breuken.indicator
