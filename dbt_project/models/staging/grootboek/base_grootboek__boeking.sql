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
} -%}
{%- set bekend_op = instelling("known_at") -%}
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
)

select
    bron,
    levering,
    manifest_sha256,
    moment as kennisdatum,
    kennisdatum as kennisdatum_tekst,
    {{ nederlandse_dag("moment") }} as kennisdag,
    aard,
    oordeel,
    code,
    reden,
    sha256,
    bestanden,
    entiteiten
from boekingen
{% if bekend_op %}
    where moment <= {{ in_utc("'" ~ bekend_op ~ "'") }}
{% endif %}
