{# Counts, and the rates (with teller and noemer) and medians computed from them. #}

with

tellingen as (
    select * from {{ ref("telling") }}
),

indicatoren as (
    select * from {{ ref("indicator") }}
),

genummerd as (
    select
        doorlooptijd.schooljaar,
        gebied.gebied_code,
        doorlooptijd.dagen,
        row_number() over (
            partition by doorlooptijd.schooljaar, gebied.gebied_code
            order by doorlooptijd.dagen, doorlooptijd.meldingsnummer
        ) as nummer,
        count(*) over (partition by doorlooptijd.schooljaar, gebied.gebied_code) as aantal
    from {{ ref("doorlooptijd") }} as doorlooptijd
    inner join {{ ref("gebied") }} as gebied on doorlooptijd.gemeente_code = gebied.gemeente_code
),

-- the middle value; with an even number, the mean of the middle two
medianen as (
    select
        schooljaar,
        gebied_code,
        'doorlooptijd_mediaan_dagen' as indicator,
        {{ afgerond_quotient("sum(dagen)", "count(*)", 1, 2) }} as mediaan
    from genummerd
    where 2 * nummer between aantal and aantal + 2
    group by schooljaar, gebied_code
),

samen as (
    select
        tellingen.*,
        indicatoren.telwijze,
        indicatoren.factor,
        tellers.waarde as teller,
        noemers.waarde as noemer,
        medianen.mediaan
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
    left join medianen
        on
            tellingen.schooljaar = medianen.schooljaar
            and tellingen.gebied_code = medianen.gebied_code
            and tellingen.indicator = medianen.indicator
),

-- a rate or median of no rows does not apply
met_status as (
    select
        schooljaar,
        gebied_code,
        gebied,
        indicator,
        waarde,
        factor,
        teller,
        noemer,
        mediaan,
        case
            when status = 'gepubliceerd' and telwijze = 'verhouding' and coalesce(noemer, 0) = 0 then 'niet_van_toepassing'
            when status = 'gepubliceerd' and telwijze = 'mediaan' and mediaan is null then 'niet_van_toepassing'
            else status
        end as status
    from samen
)

select
    schooljaar,
    gebied_code,
    gebied,
    indicator,
    status,
    waarde,
    case when status = 'gepubliceerd' then teller end as teller,
    case when status = 'gepubliceerd' then noemer end as noemer,
    cast(
        case
            when status = 'gepubliceerd' then coalesce(mediaan, {{ afgerond_quotient("teller", "noemer", "factor", 2) }})
        end as decimal(9, 2)
    ) as percentage
from met_status
