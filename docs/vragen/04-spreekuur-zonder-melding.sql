-- Welk spreekuur had een melding bij DUO moeten zijn, en was het niet?
--
-- Sinds 2024-2025 wordt een spreekuur als melding van soort O geregistreerd. Hier telt als gevonden: een melding van dezelfde
-- jongere, hoogstens 28 dagen eerder of later. Een ingetrokken melding telt niet.
with

spreekuren as (
    select * from kern.interventie
    where interventiesoort = 'spreekuur' and datum >= date '2024-08-01'
),

bij_melding as (
    select
        spreekuren.interventienr,
        count(melding.meldingsnummer) as meldingen
    from spreekuren
    left join kern.melding
        on
            spreekuren.jongere_id = melding.jongere_id
            and melding.telt
            and melding.duo_code = 'O'
            and abs(datediff('day', spreekuren.datum, melding.datum)) <= 28
    group by spreekuren.interventienr
)

select
    gemeente.naam as gemeente,
    count(*) as spreekuren,
    count(*) filter (where bij_melding.meldingen > 0) as met_melding,
    count(*) filter (where bij_melding.meldingen = 0) as zonder_melding
from spreekuren
inner join bij_melding on spreekuren.interventienr = bij_melding.interventienr
inner join kern.gemeente on spreekuren.gemeente_code = gemeente.gemeente_code
group by gemeente.naam
order by spreekuren desc, gemeente.naam asc
