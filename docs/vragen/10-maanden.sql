-- Wanneer in het schooljaar wordt er gemeld?
--
-- De uitsplitsingen zijn de gepubliceerde cijfers, dus tel ze niet opnieuw. Tussen deze schooljaren breekt de reeks: sinds 2024-2025
-- zijn een spreekuur en langdurig ziekteverzuim ook een melding, dus een stijging is niet alleen meer verzuim.
with

maanden as (
    select
        schooljaar,
        uitsplitsing_waarde[6:7] as maand,
        waarde,
        trendbreuk
    from jaarverslag.uitsplitsingen
    where gemeente_code = 'regio' and indicator = 'meldingen_totaal' and uitsplitsing = 'maand'
)

select
    maand,
    coalesce(sum(waarde) filter (where schooljaar = '2023-2024'), 0) as in_2023_2024,
    coalesce(sum(waarde) filter (where schooljaar = '2024-2025'), 0) as in_2024_2025,
    max(trendbreuk) as trendbreuk
from maanden
group by maand
order by (cast(maand as integer) + 4) % 12
