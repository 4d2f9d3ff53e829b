{#
The jongere of each number that is not the jongere's own: an onderwijsnummer has the BSN that is coupled to it, an earlier BSN the newest one.
A chain of changed BSNs that returns to its begin changes nothing: no delivery can tell which of them is the newest.
#}

with

recursive

wijzigingen as (
    select
        bsn_oud_pseudoniem as oud,
        bsn_pseudoniem as nieuw
    from {{ ref("stg_monitor__bsn_wijziging") }}
    where bsn_oud_pseudoniem <> bsn_pseudoniem
),

-- nobody gets twenty new numbers; without a bound a circle has no end
rondes as (
    select oud, nieuw, 1 as stappen from wijzigingen
    union all
    select rondes.oud, wijzigingen.nieuw, rondes.stappen + 1 as stappen
    from rondes
    inner join wijzigingen on rondes.nieuw = wijzigingen.oud
    where rondes.oud <> rondes.nieuw and rondes.stappen < 20
),

open as (
    select wijzigingen.* from wijzigingen
    left join rondes on wijzigingen.oud = rondes.oud and wijzigingen.oud = rondes.nieuw
    where rondes.oud is null
),

ketens as (
    select oud, nieuw, 1 as stappen from open
    union all
    select ketens.oud, open.nieuw, ketens.stappen + 1 as stappen
    from ketens
    inner join open on ketens.nieuw = open.oud
    where ketens.stappen < 20
),

nieuwste as (
    select
        oud,
        nieuw,
        stappen,
        row_number() over (partition by oud order by stappen desc) as rang
    from ketens
),

bsn as (
    select oud, nieuw, stappen from nieuwste
    where rang = 1
),

koppelingen as (
    select * from {{ ref("int_koppeling") }}
)

select
    oud as pseudoniem,
    nieuw as jongere_id,
    stappen
from bsn
union all
select
    koppelingen.onderwijsnummer_pseudoniem as pseudoniem,
    coalesce(bsn.nieuw, koppelingen.bsn_pseudoniem) as jongere_id,
    0 as stappen
from koppelingen
left join bsn on koppelingen.bsn_pseudoniem = bsn.oud
