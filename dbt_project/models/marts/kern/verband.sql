{# Facts between counts, one row per term: left is added, right subtracted; a fact holds if the sum is 0, or at most 0. #}

with

verbanden as (
    select
        verband.*,
        links || ' ' || relatie || ' ' || rechts as verband
    from {{ ref("referentie__verband") }} as verband
),

termen as (
    {% for kant, factor in [("links", 1), ("rechts", -1)] %}
        select
            verband,
            relatie,
            bereik,
            reden,
            {{ factor }} as factor,
            {{ elk_deel(kant) }} as term
        from verbanden
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    verband,
    relatie,
    bereik,
    factor,
    {{ dbt.split_part("term", "'/'", 1) }} as indicator,
    nullif({{ dbt.split_part("term", "'/'", 2) }}, '') as uitsplitsing,
    nullif({{ dbt.split_part("term", "'/'", 3) }}, '') as uitsplitsing_waarde,
    reden
from termen
