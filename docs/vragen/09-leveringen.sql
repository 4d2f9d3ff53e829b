-- Welke levering bracht welke rijen, en wat ging er niet mee?
--
-- Van elke aanvaarde levering: gelezen = geladen + herhaald + afgewezen. Waarschuwingen tellen wel mee; `geldend` is van hoeveel
-- meldingen de versie van die levering nu nog geldt.
with

aantallen as (
    select
        bron,
        levering,
        sum(aantal) filter (where ernst = 'gelezen') as gelezen,
        sum(aantal) filter (where ernst = 'geladen') as geladen,
        sum(aantal) filter (where ernst = 'herhaald') as herhaald,
        coalesce(sum(aantal) filter (where ernst = 'afgewezen'), 0) as afgewezen,
        coalesce(sum(aantal) filter (where ernst = 'waarschuwing'), 0) as waarschuwingen
    from kern.kwaliteit
    where bron = 'duo'
    group by bron, levering
),

geldend as (
    select
        levering,
        count(*) as meldingen
    from kern.melding
    group by levering
)

select
    aantallen.levering,
    levering.aard,
    aantallen.gelezen,
    aantallen.geladen,
    aantallen.herhaald,
    aantallen.afgewezen,
    aantallen.waarschuwingen,
    coalesce(geldend.meldingen, 0) as geldend
from aantallen
inner join kern.levering on aantallen.bron = levering.bron and aantallen.levering = levering.levering
left join geldend on aantallen.levering = geldend.levering
order by levering.kennisdatum, aantallen.levering
