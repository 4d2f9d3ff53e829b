{#-
Entries written by `orchestration/deliveries/ledger.py`, without the fields that only people read. A number that a manifest says is read as
text: an earlier version accepted any.
-#}
{%- set vorm = {
    "bron": "VARCHAR",
    "levering": "VARCHAR",
    "kennisdatum": "VARCHAR",
    "kennisdatum_utc": "VARCHAR",
    "aard": "VARCHAR",
    "oordeel": "VARCHAR",
    "code": "VARCHAR",
    "reden": "VARCHAR",
    "sha256": "VARCHAR",
    "manifest_sha256": "VARCHAR",
    "bestanden": [{"naam": "VARCHAR", "rijen": "VARCHAR"}],
    "entiteiten": [{
        "entiteit": "VARCHAR",
        "gelezen": "BIGINT",
        "geladen": "BIGINT",
        "herhaald": "BIGINT",
        "afgewezen": "BIGINT",
        "rijen": "VARCHAR",
        "quarantaine": "VARCHAR",
        "afgewezen_per_code": "MAP(VARCHAR, BIGINT)",
        "waarschuwingen": "MAP(VARCHAR, BIGINT)",
    }],
    "ingetrokken": [{"op": "VARCHAR", "hersteld": {"op": "VARCHAR"}}],
} -%}
{#- the instant of a look back, or else one after everything -#}
{%- set toen = in_utc("'" ~ (instelling("known_at") or "9999-12-31T00:00:00+00:00") ~ "'") -%}
{%- do source("lake", "grootboek") -%}

with

grootboek as (
    select * from {{ json(bestanden_van_het_meer("lake/grootboek/*/[!.]*.json"), vorm) }}
),

boekingen as (
    select
        grootboek.*,
        -- an entry from before this field has only the delivered value
        {{ in_utc("coalesce(kennisdatum_utc, kennisdatum)") }} as moment
    from grootboek
),

intrekkingen as (
    select
        bron,
        levering,
        manifest_sha256,
        {{ elk_element("ingetrokken") }} as intrekking
    from grootboek
),

ingetrokken as (
    select distinct
        bron,
        levering,
        manifest_sha256
    from intrekkingen
    where
        {{ in_utc("intrekking.op") }} <= {{ toen }}
        and coalesce({{ in_utc("intrekking.hersteld.op") }} > {{ toen }}, true)
)

select
    boekingen.bron,
    boekingen.levering,
    boekingen.manifest_sha256,
    boekingen.moment as kennisdatum,
    boekingen.kennisdatum as kennisdatum_tekst,
    {{ nederlandse_dag("boekingen.moment") }} as kennisdag,
    boekingen.aard,
    case
        when ingetrokken.levering is not null then 'ingetrokken'
        -- withdrawn after that instant: it was accepted then
        when boekingen.oordeel = 'ingetrokken' then 'geaccepteerd'
        else boekingen.oordeel
    end as oordeel,
    boekingen.code,
    boekingen.reden,
    boekingen.sha256,
    boekingen.bestanden,
    boekingen.entiteiten
from boekingen
left join ingetrokken
    on
        boekingen.bron = ingetrokken.bron
        and boekingen.levering = ingetrokken.levering
        and boekingen.manifest_sha256 = ingetrokken.manifest_sha256
{% if instelling("known_at") %}
    where boekingen.moment <= {{ toen }}
{% endif %}
