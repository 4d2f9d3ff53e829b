{# A BRIN that is not in the list of schools. #}

with

genoemd as (
    select 'duo' as bron, levering, 'verzuimmelding' as entiteit, versie, brin
    from {{ ref("rijen_duo__verzuimmelding") }}
    union all
    select 'carel' as bron, levering, 'incident' as entiteit, versie, brin
    from {{ ref("rijen_carel__incident") }}
    union all
    select 'monitor' as bron, levering, 'inschrijving' as entiteit, versie, brin
    from {{ ref("rijen_monitor__inschrijving") }}
),

scholen as (
    select distinct brin from {{ ref("referentie__school") }}
)

select
    genoemd.bron,
    genoemd.levering,
    genoemd.entiteit,
    genoemd.versie,
    'brin_onbekend' as code
from genoemd
left join scholen on genoemd.brin = scholen.brin
where genoemd.brin is not null and scholen.brin is null
