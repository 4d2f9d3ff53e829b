with

momenten as (
    select * from {{ ref("int_jongere_datum") }}
),

jongeren as (
    select * from {{ ref("int_jongere") }}
),

grenzen as (
    select
        jongeren.*,
        {{ leerplicht_begin("jongeren.geboortedatum") }} as leerplicht_begin,
        -- until 31 July of the schooljaar in which the jongere turns 16: the sixteenth after that of the birth
        {{ schooljaar_begin("jongeren.geboortedatum") }} + 16 + 1 as leerplicht_einde_jaar
    from jongeren
),

op_datum as (
    select
        momenten.jongere_id,
        momenten.datum,
        {{ leeftijd("grenzen.geboortedatum", "momenten.datum") }} as leeftijd,
        coalesce(momenten.datum >= grenzen.leerplicht_begin, false) as is_begonnen,
        -- a schooljaar after the one in which the jongere turns 16 begins on 1 August
        coalesce({{ schooljaar_begin("momenten.datum") }} >= grenzen.leerplicht_einde_jaar, false) as is_geeindigd,
        -- a startkwalificatie, or what else ends it (article 4a(2)): neither ends leerplicht
        coalesce(momenten.datum >= grenzen.datum_startkwalificatie, false)
        or coalesce(momenten.datum >= grenzen.datum_einde_kwalificatieplicht, false) as is_vrij_van_kwalificatieplicht,
        coalesce(momenten.datum >= grenzen.datum_overlijden, false) as is_overleden
    from momenten
    left join grenzen on momenten.jongere_id = grenzen.jongere_id
)

select
    jongere_id,
    datum,
    leeftijd,
    is_overleden,
    is_begonnen and not is_geeindigd as is_leerplichtig,
    is_geeindigd and leeftijd < 18 and not is_vrij_van_kwalificatieplicht as is_kwalificatieplichtig
from op_datum
