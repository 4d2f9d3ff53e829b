-- In welke wijken verzuimen naar verhouding de meeste jongeren?
--
-- De teller is wie er woonde op de datum van de melding, de noemer wie er op 1 oktober woonde en plichtig was. Alleen wijken met 100
-- plichtigen of meer: onder de 100 is een percentage toeval.
with

verzuim as (
    select
        wijkcode,
        count(distinct jongere_id) as jongeren
    from kern.melding
    where telt and is_plichtig and schooljaar = '2024-2025'
    group by wijkcode
),

plichtigen as (
    select
        plichtige.wijkcode,
        gemeente.naam as gemeente,
        count(*) as plichtigen
    from kern.plichtige
    inner join kern.gemeente on plichtige.gemeente_code = gemeente.gemeente_code
    where plichtige.schooljaar = '2024-2025' and gemeente.is_bediend
    group by all
)

select
    plichtigen.gemeente,
    plichtigen.wijkcode,
    coalesce(verzuim.jongeren, 0) as jongeren,
    plichtigen.plichtigen,
    cast(100 * coalesce(verzuim.jongeren, 0) / plichtigen.plichtigen as decimal(4, 1)) as percentage
from plichtigen
left join verzuim on plichtigen.wijkcode = verzuim.wijkcode
where plichtigen.plichtigen >= 100
order by percentage desc, plichtigen.wijkcode asc
limit 10
