with

inschrijvingen as (
    select * from {{ ref("int_inschrijving") }}
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    inschrijvingen.jongere_id,
    cast(
        row_number() over (
            partition by inschrijvingen.jongere_id
            order by inschrijvingen.datum_inschrijving asc, inschrijvingen.brin desc, inschrijvingen.vestiging desc
        ) as integer
    ) as volgnummer,
    inschrijvingen.brin,
    inschrijvingen.vestiging,
    {{ begin_in_kern("inschrijvingen.datum_inschrijving") }} as datum_inschrijving,
    inschrijvingen.datum_uitschrijving,
    inschrijvingen.onderwijssoort,
    inschrijvingen.leerjaar
from inschrijvingen
inner join grenzen on inschrijvingen.jongere_id = grenzen.jongere_id
where {{ geldt_in_kern("inschrijvingen.datum_uitschrijving") }}
