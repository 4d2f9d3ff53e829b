with

inschrijvingen as (
    {{
        per_jongere(
            ref("stg_monitor__inschrijving"), ["datum_uitschrijving", "onderwijssoort", "leerjaar"], ["brin", "vestiging", "datum_inschrijving"]
        )
    }}
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
