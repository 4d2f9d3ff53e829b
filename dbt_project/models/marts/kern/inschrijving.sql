with

inschrijvingen as (
    select * from {{ ref("int_inschrijving") }}
)

select
    jongere_id,
    brin,
    vestiging,
    datum_inschrijving,
    datum_uitschrijving,
    onderwijssoort,
    leerjaar
from inschrijvingen
