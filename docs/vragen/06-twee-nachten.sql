-- Wat veranderde er aan de meldingen tussen twee nachten?
--
-- Leg een andere nacht ernaast: `--naast` met een naam uit `leerplicht rollback`, of met het tijdstip van een terugblik. Hier staat wat
-- op 1 januari 2025 bekend was naast nu: eerst `leerplicht run --known-at 2025-01-01T00:00:00+01:00`, dan `leerplicht query --naast
-- 2025-01-01T00:00:00+01:00 - < docs/vragen/06-twee-nachten.sql`.
with

naast_elkaar as (
    select
        coalesce(nu.schooljaar, toen.schooljaar) as schooljaar,
        toen.status as status_toen,
        nu.status as status_nu,
        case
            when toen.meldingsnummer is null then 'nieuw'
            when nu.meldingsnummer is null then 'verdwenen'
            when toen.telt and not nu.telt then 'ingetrokken'
            when toen.duo_code <> nu.duo_code then 'andere soort'
            when toen.gemeente_code <> nu.gemeente_code then 'andere gemeente'
            when toen.status <> nu.status then 'andere status'
            else 'gelijk'
        end as verandering
    from kern.melding as nu
    full join ander.kern.melding as toen on nu.meldingsnummer = toen.meldingsnummer
)

select
    schooljaar,
    verandering,
    status_toen,
    status_nu,
    count(*) as meldingen
from naast_elkaar
where verandering <> 'gelijk'
group by schooljaar, verandering, status_toen, status_nu
order by schooljaar asc, meldingen desc, status_toen asc, status_nu asc
