-- Wat vul ik in bij de Leerplichttelling?
--
-- De regio in het laatste schooljaar, naar onderwijssoort. `geen` is wie de monitor kent en die dag nergens is ingeschreven, `onbekend`
-- wie de monitor niet kent. Het werkboek heeft hetzelfde als formulier.
select
    uitsplitsingen.label,
    sum(uitsplitsingen.waarde) filter (where uitsplitsingen.uitsplitsing_waarde in ('BO', 'SBO', 'SO')) as basisonderwijs,
    sum(uitsplitsingen.waarde) filter (where uitsplitsingen.uitsplitsing_waarde in ('VO', 'VSO', 'PRO')) as voortgezet,
    sum(uitsplitsingen.waarde) filter (where uitsplitsingen.uitsplitsing_waarde = 'MBO') as mbo,
    sum(uitsplitsingen.waarde) filter (where uitsplitsingen.uitsplitsing_waarde = 'geen') as geen,
    sum(uitsplitsingen.waarde) filter (where uitsplitsingen.uitsplitsing_waarde = 'onbekend') as onbekend
from jaarverslag.uitsplitsingen
inner join kern.indicator on uitsplitsingen.indicator = indicator.indicator and indicator.in_telling
where
    uitsplitsingen.uitsplitsing = 'onderwijssoort'
    and uitsplitsingen.gemeente_code = 'regio'
    and uitsplitsingen.schooljaar = (select max(laatste.schooljaar) from kern.schooljaar as laatste)
group by uitsplitsingen.label, uitsplitsingen.volgorde
order by uitsplitsingen.volgorde
