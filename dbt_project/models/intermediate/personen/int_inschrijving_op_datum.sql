with

momenten as (
    select * from {{ ref("int_jongere_datum") }}
),

inschrijvingen as (
    select * from {{ ref("int_inschrijving") }}
),

-- of those valid on the date, the one that began last
gerangschikt as (
    select
        momenten.jongere_id,
        momenten.datum,
        inschrijvingen.brin,
        inschrijvingen.vestiging,
        inschrijvingen.onderwijssoort,
        row_number() over (
            partition by momenten.jongere_id, momenten.datum
            order by inschrijvingen.datum_inschrijving desc, inschrijvingen.brin asc, inschrijvingen.vestiging asc
        ) as rang
    from momenten
    inner join inschrijvingen
        on
            momenten.jongere_id = inschrijvingen.jongere_id
            and inschrijvingen.datum_inschrijving <= momenten.datum
            and (inschrijvingen.datum_uitschrijving is null or inschrijvingen.datum_uitschrijving > momenten.datum)
)

select
    jongere_id,
    datum,
    brin,
    vestiging,
    onderwijssoort
from gerangschikt
where rang = 1
