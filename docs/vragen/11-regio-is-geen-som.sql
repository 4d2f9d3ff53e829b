-- Waarom is de regio minder dan de gemeenten samen?
--
-- Wie binnen het schooljaar verhuist en in beide gemeenten wordt gemeld, is in elke gemeente een jongere, en in de regio één. Meldingen
-- tellen wel op. `jaarverslag.bijdrage` heeft van elk cijfer de rijen waaruit het bestaat.
with

per_jongere as (
    select
        bijdrage.indicator,
        bijdrage.schooljaar,
        bijdrage.jongere_id,
        count(distinct bijdrage.gemeente_code) as gemeenten
    from jaarverslag.bijdrage
    inner join kern.gebied on bijdrage.gemeente_code = gebied.gemeente_code and gebied.gebied_code = 'regio'
    where bijdrage.indicator in ('relatief_verzuim_jongeren', 'relatief_16_uur_18_min', 'overig_verzuim', 'totaal_jongeren_uniek')
    group by all
)

select
    indicator.label,
    per_jongere.schooljaar,
    sum(per_jongere.gemeenten) as gemeenten_samen,
    count(*) as regio,
    count(*) filter (where per_jongere.gemeenten > 1) as in_beide
from per_jongere
inner join kern.indicator on per_jongere.indicator = indicator.indicator
group by indicator.label, indicator.volgorde, per_jongere.schooljaar
order by indicator.volgorde, per_jongere.schooljaar
