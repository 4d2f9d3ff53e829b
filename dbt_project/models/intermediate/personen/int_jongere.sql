with

jongeren as (
    {{
        per_jongere(
            ref("stg_monitor__jongere"),
            ["geboortedatum", "geslacht", "datum_startkwalificatie", "datum_einde_kwalificatieplicht", "datum_overlijden"]
        )
    }}
)

select
    jongere_id,
    geboortedatum,
    geslacht,
    datum_startkwalificatie,
    datum_einde_kwalificatieplicht,
    datum_overlijden
from jongeren
