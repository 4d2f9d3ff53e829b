with

monitor as (
    select * from {{ ref("int_jongere") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where is_geldig
),

-- one row per jongere in a current version
grenzen as (
    select * from {{ ref("int_grens") }}
),

gezien as (
    select
        jongere_id,
        min(datum) as eerste_gebeurtenis,
        max(datum) as laatste_gebeurtenis
    from gebeurtenissen
    group by jongere_id
)

select
    grenzen.jongere_id,
    cast(extract(year from grenzen.geboortedatum) as integer) as geboortejaar,
    monitor.geslacht,
    monitor.jongere_id is not null as is_bekend_bij_monitor,
    {{ datum_in_kern("gezien.eerste_gebeurtenis") }} as eerste_gebeurtenis,
    {{ datum_in_kern("gezien.laatste_gebeurtenis") }} as laatste_gebeurtenis
from grenzen
left join monitor on grenzen.jongere_id = monitor.jongere_id
left join gezien on grenzen.jongere_id = gezien.jongere_id
