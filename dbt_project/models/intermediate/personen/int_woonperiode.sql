with

perioden as (
    select * from {{ ref("stg_monitor__woonperiode") }}
),

koppelingen as (
    select * from {{ ref("int_koppeling") }}
),

met_jongere as (
    select
        perioden.*,
        {{ jongere_id("perioden", "koppelingen") }} as jongere_id
    from perioden
    left join koppelingen on perioden.onderwijsnummer_pseudoniem = koppelingen.onderwijsnummer_pseudoniem
),

-- one person may be delivered under both numbers: the row with the BSN counts, then the latest
gerangschikt as (
    select
        met_jongere.*,
        row_number() over (
            partition by jongere_id, datum_vestiging
            order by case when bsn_pseudoniem is null then 1 else 0 end, volgorde desc, sleutel desc
        ) as rang
    from met_jongere
)

select
    jongere_id,
    datum_vestiging,
    datum_vertrek,
    gemeentecode as gemeente_code,
    wijkcode
from gerangschikt
where rang = 1
