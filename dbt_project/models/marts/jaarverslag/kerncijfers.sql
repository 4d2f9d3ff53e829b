with

tellingen as (
    select * from {{ ref("telling") }}
),

indicatoren as (
    select * from {{ ref("indicator") }}
),

schooljaren as (
    select * from {{ ref("schooljaar") }}
),

met_noemer as (
    select
        tellingen.schooljaar,
        tellingen.gebied_code,
        tellingen.gebied,
        tellingen.indicator,
        tellingen.waarde,
        tellers.waarde as teller,
        nullif(noemers.waarde, 0) as noemer,
        indicatoren.factor,
        case
            when tellingen.status = 'gepubliceerd' and indicatoren.noemer is not null and coalesce(noemers.waarde, 0) = 0
                then 'niet_van_toepassing'
            else tellingen.status
        end as status
    from tellingen
    inner join indicatoren on tellingen.indicator = indicatoren.indicator
    left join tellingen as tellers
        on
            tellingen.schooljaar = tellers.schooljaar
            and tellingen.gebied_code = tellers.gebied_code
            and indicatoren.teller = tellers.indicator
    left join tellingen as noemers
        on
            tellingen.schooljaar = noemers.schooljaar
            and tellingen.gebied_code = noemers.gebied_code
            and indicatoren.noemer = noemers.indicator
),

cijfers as (
    select
        schooljaar,
        gebied_code,
        gebied,
        indicator,
        waarde,
        status,
        case when status = 'gepubliceerd' then teller end as teller,
        case when status = 'gepubliceerd' then noemer end as noemer,
        case
            when status = 'gepubliceerd'
                then {{ afgerond_quotient("teller", "noemer", "factor", 2) }}
        end as percentage
    from met_noemer
),

breuken as (
    select
        schooljaren.schooljaar,
        breuk.indicator
    from schooljaren
    inner join {{ ref("trendbreuk") }} as breuk on schooljaren.schooljaar = breuk.vanaf_schooljaar
)

select
    cijfers.schooljaar,
    cijfers.gebied_code as gemeente_code,
    cijfers.gebied as gemeente,
    indicatoren.tabel,
    cijfers.indicator,
    indicatoren.label,
    cijfers.waarde,
    cast(cijfers.percentage as decimal(9, 2)) as percentage,
    cijfers.teller,
    cijfers.noemer,
    indicatoren.eenheid,
    cijfers.status,
    vorige.waarde as vorige_waarde,
    cijfers.waarde - vorige.waarde as verschil,
    cast(
        {{ afgerond_quotient("(cijfers.waarde - vorige.waarde)", "vorige.waarde", 100, 1) }} as decimal(9, 1)
    ) as verschil_percentage,
    cast(vorige.percentage as decimal(9, 2)) as vorig_percentage,
    cast(cijfers.percentage - vorige.percentage as decimal(9, 2)) as verschil_punten,
    breuken.indicator is not null as trendbreuk,
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
    on cijfers.schooljaar = breuken.schooljaar and cijfers.indicator = breuken.indicator
