-- Wat is de aanleiding van meldingen, en verschuift dat?
--
-- Het verslag wenst dit en meet het nog niet. Wat leeg is, is `onbekend`.
with

aandelen as (
    select
        melding.schooljaar,
        coalesce(melding.aanleiding, 'onbekend') as aanleiding,
        count(*) as meldingen,
        100 * count(*) / sum(count(*)) over (partition by melding.schooljaar) as percentage
    from kern.melding
    inner join kern.gebied on melding.gemeente_code = gebied.gemeente_code and gebied.gebied_code = 'regio'
    where melding.telt
    group by melding.schooljaar, coalesce(melding.aanleiding, 'onbekend')
)

select
    nu.aanleiding,
    toen.meldingen as in_2023_2024,
    nu.meldingen as in_2024_2025,
    cast(nu.percentage as decimal(4, 1)) as percentage,
    cast(nu.percentage - toen.percentage as decimal(4, 1)) as verschil_punten
from aandelen as nu
left join aandelen as toen on nu.aanleiding = toen.aanleiding and toen.schooljaar = '2023-2024'
where nu.schooljaar = '2024-2025'
order by nu.meldingen desc, nu.aanleiding asc
