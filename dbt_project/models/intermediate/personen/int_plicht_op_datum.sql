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
        -- from the first day of the month after the 5th birthday
        cast(
            {{ dbt.dateadd("month", 1, dbt.date_trunc("month", verjaardag("jongeren.geboortedatum", 5))) }} as date
        ) as leerplicht_begin,
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
        coalesce(momenten.datum >= grenzen.datum_startkwalificatie, false) as heeft_startkwalificatie,
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
    is_geeindigd and leeftijd < 18 and not heeft_startkwalificatie as is_kwalificatieplichtig
from op_datum
