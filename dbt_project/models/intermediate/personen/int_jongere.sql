with

rijen as (
    select * from {{ ref("stg_monitor__jongere") }}
),

koppelingen as (
    select * from {{ ref("int_koppeling") }}
),

met_jongere as (
    select
        rijen.*,
        {{ jongere_id("rijen", "koppelingen") }} as jongere_id
    from rijen
    left join koppelingen on rijen.onderwijsnummer_pseudoniem = koppelingen.onderwijsnummer_pseudoniem
),

-- two rows that turn out to be one person: the one with the BSN counts, then the latest
gerangschikt as (
    select
        met_jongere.*,
        row_number() over (
            partition by jongere_id
            order by case when bsn_pseudoniem is null then 1 else 0 end, volgorde desc, sleutel desc
        ) as rang
    from met_jongere
)

select
    jongere_id,
    geboortedatum,
    geslacht,
    datum_startkwalificatie,
    datum_overlijden
from gerangschikt
where rang = 1
