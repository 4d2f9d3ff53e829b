with

perioden as (
    select * from {{ ref("int_woonperiode") }}
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    perioden.jongere_id,
    cast(
        row_number() over (partition by perioden.jongere_id order by perioden.datum_vestiging) as integer
    ) as volgnummer,
    {{ begin_in_kern("perioden.datum_vestiging") }} as datum_vestiging,
    perioden.datum_vertrek,
    perioden.gemeente_code,
    perioden.wijkcode
from perioden
inner join grenzen on perioden.jongere_id = grenzen.jongere_id
where {{ geldt_in_kern("perioden.datum_vertrek") }}
