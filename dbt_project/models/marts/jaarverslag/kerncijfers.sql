with

cijfers as (
    select * from {{ ref("cijfer") }}
),

indicatoren as (
    select * from {{ ref("indicator") }}
),

schooljaren as (
    select * from {{ ref("schooljaar") }}
),

breuken as (
    select * from {{ ref("trendbreuk") }}
)

select
    cijfers.schooljaar,
    cijfers.gebied_code as gemeente_code,
    cijfers.gebied as gemeente,
    indicatoren.tabel,
    cijfers.indicator,
    indicatoren.label,
    cijfers.waarde,
    cijfers.percentage,
    cijfers.teller,
    cijfers.noemer,
    indicatoren.eenheid,
    cijfers.status,
    vorige.waarde as vorige_waarde,
    cijfers.waarde - vorige.waarde as verschil,
    cast(
        {{ afgerond_quotient("(cijfers.waarde - vorige.waarde)", "vorige.waarde", 100, 1) }} as decimal(9, 1)
    ) as verschil_percentage,
    vorige.percentage as vorig_percentage,
    cast(cijfers.percentage - vorige.percentage as decimal(9, 2)) as verschil_punten,
    breuken.indicator is not null as trendbreuk,
    breuken.reden as trendbreuk_reden,
    indicatoren.bron,
    case when indicatoren.heeft_peildatum then schooljaren.peildatum end as peildatum,
    indicatoren.volgorde
from cijfers
inner join indicatoren on cijfers.indicator = indicatoren.indicator
inner join schooljaren on cijfers.schooljaar = schooljaren.schooljaar
left join cijfers as vorige
    on
        schooljaren.vorig_schooljaar = vorige.schooljaar
        and cijfers.gebied_code = vorige.gebied_code
        and cijfers.indicator = vorige.indicator
left join breuken
    on
        cijfers.schooljaar = breuken.schooljaar
        and cijfers.gebied_code = breuken.gebied_code
        and cijfers.indicator = breuken.indicator
