with

meldingen as (
    select * from {{ ref("melding") }}
    where telt
),

interventies as (
    select * from {{ ref("interventie") }}
)

select
    meldingen.meldingsnummer,
    meldingen.jongere_id,
    meldingen.schooljaar,
    meldingen.gemeente_code,
    cast(min({{ dbt.datediff("meldingen.datum", "interventies.datum", "day") }}) as integer) as dagen
from meldingen
inner join interventies
    on meldingen.meldingsnummer = interventies.meldingsnummer and meldingen.datum <= interventies.datum
group by meldingen.meldingsnummer, meldingen.jongere_id, meldingen.schooljaar, meldingen.gemeente_code
