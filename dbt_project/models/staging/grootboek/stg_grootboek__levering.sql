with

leveringen as (
    select * from {{ source("lake", "levering") }}
)

select
    bron,
    levering,
    manifest_sha256,
    kennisdatum,
    kennisdatum_tekst,
    kennisdag,
    aard,
    oordeel,
    code,
    reden,
    bestanden,
    rijen,
    sha256
from leveringen
