-- Hoe beslist de gemeente over verlof van meer dan 10 schooldagen?
--
-- Alleen als Carel de aanvragen levert. Ingetrokken aanvragen en aanvragen in behandeling tellen wel als aanvraag.
select
    verlofaanvraag.schooljaar,
    verlofaanvraag.soort,
    count(*) as aanvragen,
    count(*) filter (where verlofaanvraag.besluit = 'toegekend') as toegekend,
    count(*) filter (where verlofaanvraag.besluit = 'afgewezen') as afgewezen
from kern.verlofaanvraag
inner join kern.gebied on verlofaanvraag.gemeente_code = gebied.gemeente_code and gebied.gebied_code = 'regio'
group by verlofaanvraag.schooljaar, verlofaanvraag.soort
order by verlofaanvraag.schooljaar, verlofaanvraag.soort
