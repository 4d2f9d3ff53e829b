with

leveringen as (
    select * from {{ ref("stg_grootboek__levering") }}
)

select
    bron,
    levering,
    manifest_sha256,
    kennisdatum_tekst as kennisdatum,
    aard,
    oordeel,
    code,
    reden,
    bestanden,
    rijen,
    sha256
from leveringen
