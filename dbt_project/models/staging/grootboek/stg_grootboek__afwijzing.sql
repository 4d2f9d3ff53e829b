{%- do source("lake", "quarantaine") -%}

with

entiteiten as (
    select * from {{ ref("stg_grootboek__levering_entiteit") }}
),

-- a row without a readable key is not a version of a record
afgewezen as (
    select * from {{ parquet(bestanden_van_het_meer("quarantine/*/*/*.parquet")) }}
    where sleutel is not null
)

select
    entiteiten.bron,
    entiteiten.entiteit,
    entiteiten.levering,
    entiteiten.kennisdatum,
    entiteiten.volgorde,
    afgewezen.sleutel,
    afgewezen.regel,
    afgewezen.kolom,
    afgewezen.code,
    afgewezen.waarde
from entiteiten
inner join afgewezen on entiteiten.quarantainebestand = afgewezen.bestandsnaam
