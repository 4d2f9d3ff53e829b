-- Hoeveel jongeren worden binnen een jaar opnieuw gemeld, per onderwijssoort?
--
-- De eerste melding in 2023-2024 is het begin; telt er binnen 365 dagen nog een, dan is het verzuim herhaald. De onderwijssoort is die
-- op de datum van de eerste melding: zij staat al bij de melding.
with

eerste as (
    select
        melding.jongere_id,
        min(melding.datum) as vanaf,
        arg_min(coalesce(melding.onderwijssoort, 'onbekend'), (melding.datum, melding.meldingsnummer)) as onderwijssoort
    from kern.melding
    inner join kern.gebied on melding.gemeente_code = gebied.gemeente_code and gebied.gebied_code = 'regio'
    where melding.telt and melding.schooljaar = '2023-2024'
    group by melding.jongere_id
),

gevolgd as (
    select
        eerste.onderwijssoort,
        count(melding.meldingsnummer) > 1 as opnieuw
    from eerste
    inner join kern.melding
        on
            eerste.jongere_id = melding.jongere_id
            and melding.telt
            and melding.datum between eerste.vanaf and eerste.vanaf + 365
    group by eerste.jongere_id, eerste.onderwijssoort
)

select
    onderwijssoort,
    count(*) as jongeren,
    count(*) filter (where opnieuw) as opnieuw_gemeld,
    cast(100 * count(*) filter (where opnieuw) / count(*) as decimal(4, 1)) as percentage
from gevolgd
group by onderwijssoort
order by jongeren desc, onderwijssoort asc
