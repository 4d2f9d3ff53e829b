with

boekingen as (
    select * from {{ ref("base_grootboek__boeking") }}
),

bestanden as (
    select
        bron,
        levering,
        manifest_sha256,
        {{ elk_element("bestanden") }} as bestand
    from boekingen
),

-- a workbook is one file with a row per sheet
aantallen as (
    select
        bron,
        levering,
        manifest_sha256,
        count(distinct bestand.naam) as bestanden,
        -- a number beyond the bound of a manifest counts as unknown
        sum(try_cast(bestand.rijen as integer)) as rijen
    from bestanden
    group by bron, levering, manifest_sha256
)

select
    boekingen.bron,
    boekingen.levering,
    boekingen.manifest_sha256,
    boekingen.kennisdatum,
    boekingen.kennisdatum_tekst,
    boekingen.kennisdag,
    boekingen.aard,
    boekingen.oordeel,
    boekingen.code,
    boekingen.reden,
    cast(coalesce(aantallen.bestanden, 0) as integer) as bestanden,
    cast(coalesce(aantallen.rijen, 0) as bigint) as rijen,
    boekingen.sha256
from boekingen
left join aantallen
    on
        boekingen.bron = aantallen.bron
        and boekingen.levering = aantallen.levering
        and boekingen.manifest_sha256 = aantallen.manifest_sha256
