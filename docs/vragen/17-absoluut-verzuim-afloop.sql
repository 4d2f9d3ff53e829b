-- Hoe loopt absoluut verzuim af, en hoe lang duurt het?
--
-- Van elk niet ingetrokken signaal het schooljaar waarin het begon. Opgelost is wat DUO zo noemt; weer ingeschreven is wie op de laatste
-- dag van het signaal een inschrijving heeft.
select
    absoluut_verzuim.schooljaar,
    count(*) as signalen,
    count(*) filter (where absoluut_verzuim.status = 'opgelost') as opgelost,
    count(*) filter (where stand.is_ingeschreven) as weer_ingeschreven,
    count(*) filter (where absoluut_verzuim.is_langer_3_maanden) as langer_dan_3_maanden
from kern.absoluut_verzuim
inner join kern.gebied on absoluut_verzuim.gemeente_code = gebied.gemeente_code and gebied.gebied_code = 'regio'
left join kern.stand on absoluut_verzuim.signaalnummer = stand.nummer and stand.stand = 'opgelost'
where absoluut_verzuim.telt
group by absoluut_verzuim.schooljaar
order by absoluut_verzuim.schooljaar
