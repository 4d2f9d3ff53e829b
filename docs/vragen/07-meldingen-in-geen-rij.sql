-- Welke meldingen tellen in geen rij van het gedrukte verslag, en waarom?
--
-- Zij staan allemaal in het magazijn. De eerste reden die van toepassing is, telt.
with

redenen as (
    select
        melding.*,
        case
            when not melding.telt then 'ingetrokken door de school'
            when schooljaar.schooljaar is null then 'het schooljaar wordt niet gepubliceerd'
            when melding.gemeente_code = 'onbekend' then 'geen bekende woongemeente'
            when not gemeente.is_bediend then 'woont in een gemeente die wij niet bedienen'
            when melding.verzuimsoort in ('langdurig_relatief_verzuim', 'historisch_verzuim') then 'het verslag heeft er geen rij voor'
        end as reden
    from kern.melding
    inner join kern.gemeente on melding.gemeente_code = gemeente.gemeente_code
    left join kern.schooljaar on melding.schooljaar = schooljaar.schooljaar
)

select
    schooljaar,
    reden,
    duo_code,
    count(*) as meldingen,
    count(distinct jongere_id) as jongeren
from redenen
where reden is not null
group by schooljaar, reden, duo_code
order by schooljaar asc, meldingen desc, reden asc, duo_code asc
