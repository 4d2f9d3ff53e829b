with

-- the deliveries whose rows count, ordered within the bron
aanvaard as (
    select
        bron,
        levering,
        aard,
        kennisdatum,
        kennisdag,
        entiteiten,
        cast(
            row_number() over (partition by bron order by kennisdatum asc, levering asc, manifest_sha256 asc) as integer
        ) as volgorde
    from {{ ref("base_grootboek__boeking") }}
    where oordeel = 'geaccepteerd' and kennisdatum is not null
),

delen as (
    select
        aanvaard.*,
        {{ elk_element("entiteiten") }} as deel
    from aanvaard
)

select
    bron,
    levering,
    deel.entiteit,
    aard,
    kennisdatum,
    kennisdag,
    volgorde,
    deel.gelezen,
    deel.geladen,
    deel.herhaald,
    deel.afgewezen,
    -- the ledger has the path <bron>/<entiteit>/<file>, or nothing if there are no rows
    {{ dbt.split_part("deel.rijen", "'/'", 3) }} as rijenbestand,
    {{ dbt.split_part("deel.quarantaine", "'/'", 3) }} as quarantainebestand,
    deel.afgewezen_per_code,
    deel.waarschuwingen
from delen
