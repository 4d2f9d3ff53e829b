{# When a melding was closed: the first of the unbroken last run of versions with status G or K. D, handed over, stays open. #}

with

versies as (
    select * from {{ ref("base_duo__verzuimmelding") }}
),

-- rang 1 is the latest version
laatste_open as (
    select
        meldingsnummer,
        min(case when status not in ('G', 'K') then rang end) as rang
    from versies
    group by meldingsnummer
)

select
    versies.meldingsnummer,
    min(versies.datum_laatste_mutatie) as datum_gesloten
from versies
inner join laatste_open on versies.meldingsnummer = laatste_open.meldingsnummer
where versies.rang < coalesce(laatste_open.rang, versies.rang + 1)
group by versies.meldingsnummer
