with

versies as (
    select * from {{ ref("base_duo__koppeling") }}
)

select
    onderwijsnummer_pseudoniem,
    bsn_pseudoniem,
    datum_koppeling,
    sleutel,
    levering,
    kennisdatum,
    volgorde
from versies
where is_geldig
