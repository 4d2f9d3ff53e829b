-- Hoe lopen Halt-verwijzingen en processen-verbaal af?
--
-- Sommige zaken lopen nog; wat Carel niet zegt, of in eigen woorden, is onbekend.
select
    interventiesoort.naam as soort,
    coalesce(afloop.naam, 'Onbekend') as afloop,
    count(*) as aantal
from kern.interventie
inner join kern.interventiesoort on interventie.interventiesoort = interventiesoort.interventiesoort
inner join kern.gebied on interventie.gemeente_code = gebied.gemeente_code and gebied.gebied_code = 'regio'
left join kern.afloop on interventie.afloop = afloop.afloop
where interventie.interventiesoort in ('halt', 'proces_verbaal')
group by all
order by soort asc, aantal desc, afloop asc
