with

monitor as (
    select * from {{ ref("int_jongere") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where is_geldig
),

perioden as (
    select * from {{ ref("int_woonperiode") }}
),

inschrijvingen as (
    select * from {{ ref("int_inschrijving") }}
),

-- every jongere in a current version
genoemd as (
    select jongere_id from monitor
    union
    select jongere_id from gebeurtenissen
    union
    select jongere_id from perioden
    union
    select jongere_id from inschrijvingen
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
    genoemd.jongere_id,
    cast(extract(year from monitor.geboortedatum) as integer) as geboortejaar,
    monitor.geslacht,
    monitor.jongere_id is not null as is_bekend_bij_monitor,
    gezien.eerste_gebeurtenis,
    gezien.laatste_gebeurtenis
from genoemd
left join monitor on genoemd.jongere_id = monitor.jongere_id
left join gezien on genoemd.jongere_id = gezien.jongere_id
