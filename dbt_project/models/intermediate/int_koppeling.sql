{# Every entiteit with persons: a row with both identifiers couples them, like a koppeling. #}

with

genoemd as (
    {% for bron, entiteit in entiteiten_met_persoon() %}
        select
            onderwijsnummer_pseudoniem,
            bsn_pseudoniem,
            kennisdatum,
            levering
        from {{ ref("stg_" ~ bron ~ "__" ~ entiteit) }}
        where onderwijsnummer_pseudoniem is not null and bsn_pseudoniem is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

gerangschikt as (
    select
        genoemd.*,
        row_number() over (
            partition by onderwijsnummer_pseudoniem
            order by kennisdatum desc, levering desc, bsn_pseudoniem asc
        ) as rang
    from genoemd
),

aantallen as (
    select
        onderwijsnummer_pseudoniem,
        count(distinct bsn_pseudoniem) as aantal_bsn
    from genoemd
    group by onderwijsnummer_pseudoniem
)

select
    gerangschikt.onderwijsnummer_pseudoniem,
    gerangschikt.bsn_pseudoniem,
    gerangschikt.kennisdatum,
    gerangschikt.levering,
    aantallen.aantal_bsn
from gerangschikt
inner join aantallen on gerangschikt.onderwijsnummer_pseudoniem = aantallen.onderwijsnummer_pseudoniem
where gerangschikt.rang = 1
