-- Welke reeksen breken, en waarom?
--
-- Een breuk hoort bij de twee schooljaren eromheen, ook als een van beide niet beschikbaar is. Van de regio; een herindeling breekt alle
-- reeksen van de opvolger.
select
    trendbreuk.schooljaar,
    trendbreuk.reden,
    count(*) as indicatoren,
    string_agg(indicator.label, ', ' order by indicator.volgorde) as welke
from kern.trendbreuk
inner join kern.indicator on trendbreuk.indicator = indicator.indicator
where trendbreuk.gebied_code = 'regio' and trendbreuk.schooljaar in (select jaren.schooljaar from kern.schooljaar as jaren)
group by trendbreuk.schooljaar, trendbreuk.reden
order by trendbreuk.schooljaar, trendbreuk.reden
