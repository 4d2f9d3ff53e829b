-- Wie zat thuis, en wat werd er voor hen ingezet?
--
-- Thuiszitter is wie plichtig is, geen vrijstelling heeft, en langdurig relatief of absoluut verzuimt; `jaarverslag.thuiszitters` zegt
-- wie dat zijn. Ingezet is wat Carel vanaf die dag in hetzelfde schooljaar heeft.
with

thuiszitters as (
    select
        bijdrage.jongere_id,
        bijdrage.schooljaar,
        gemeente.naam as gemeente,
        min(traject.datum) as vanaf
    from jaarverslag.bijdrage
    inner join kern.traject on bijdrage.soort_gebeurtenis = traject.soort_gebeurtenis and bijdrage.nummer = traject.nummer
    inner join kern.gemeente on bijdrage.gemeente_code = gemeente.gemeente_code
    where bijdrage.indicator = 'thuiszitters' and gemeente.is_bediend
    group by all
),

ingezet as (
    select
        thuiszitters.*,
        count(interventie.interventienr) as interventies,
        count(*) filter (where interventie.interventiesoort = 'thuiszitterstafel') as tafel
    from thuiszitters
    left join kern.interventie
        on
            thuiszitters.jongere_id = interventie.jongere_id
            and thuiszitters.schooljaar = interventie.schooljaar
            and interventie.datum >= thuiszitters.vanaf
    group by all
)

select
    gemeente,
    schooljaar,
    count(*) as thuiszitters,
    count(*) filter (where interventies > 0) as met_interventie,
    count(*) filter (where tafel > 0) as op_de_tafel,
    count(*) filter (where interventies = 0) as zonder
from ingezet
group by gemeente, schooljaar
order by gemeente, schooljaar
