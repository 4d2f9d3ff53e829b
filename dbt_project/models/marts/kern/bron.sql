with

leveringen as (
    select * from {{ ref("stg_grootboek__levering") }}
    where oordeel = 'geaccepteerd'
),

entiteiten as (
    select * from {{ ref("stg_grootboek__levering_entiteit") }}
),

rijen as (
    select
        bron,
        sum(gelezen) as gelezen,
        sum(afgewezen) as afgewezen
    from entiteiten
    group by bron
),

geordend as (
    select
        bron,
        kennisdatum_tekst,
        count(*) over (partition by bron) as leveringen,
        row_number() over (
            partition by bron order by kennisdatum desc, kennisdatum_tekst desc
        ) as plaats
    from leveringen
)

select
    geordend.bron,
    geordend.kennisdatum_tekst as kennisdatum,
    cast(geordend.leveringen as bigint) as leveringen,
    cast(
        {{ gehele_deling("(200 * rijen.afgewezen + rijen.gelezen)", "nullif(2 * rijen.gelezen, 0)") }} as bigint
    ) as afgewezen_procent
from geordend
left join rijen on geordend.bron = rijen.bron
where geordend.plaats = 1
