-- Wat gebeurde er met één jongere, en in welke cijfers telt het?
--
-- `kern.traject` heeft alles van een jongere in volgorde, uit alle bronnen. Zoek de jongere met een nummer dat u hebt, zoals dat van een
-- melding; `leerplicht explain 2025900001` zegt ook welke levering wat bracht.
with

jongere as (
    select jongere_id from kern.melding
    where meldingsnummer = '2025900001'
)

select
    traject.volgnummer,
    traject.datum,
    traject.bron,
    traject.soort_gebeurtenis,
    traject.soort,
    traject.leeftijd,
    gemeente.naam as gemeente,
    count(distinct bijdrage.indicator) as cijfers
from kern.traject
inner join jongere on traject.jongere_id = jongere.jongere_id
inner join kern.gemeente on traject.gemeente_code = gemeente.gemeente_code
left join jaarverslag.bijdrage on traject.soort_gebeurtenis = bijdrage.soort_gebeurtenis and traject.nummer = bijdrage.nummer
group by all
order by traject.volgnummer
