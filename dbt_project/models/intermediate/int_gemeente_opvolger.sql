{#
The gemeenten that ended and whose successor is served: their facts count for the last served one of the chain of successors.
#}
{%- set bediend = instelling("gemeenten").split(",") -%}

with

recursive

opvolgers as (
    {{ met_eigen_rijen("referentie__gemeente_opvolger", "gemeente_opvolgers", ["gemeente_code", "opvolger", "vanaf"]) }}
),

-- no gemeente has twenty successors; without a bound a circle has no end
ketens as (
    select gemeente_code, opvolger as gemeente_nu, 1 as stappen from opvolgers
    union all
    select ketens.gemeente_code, opvolgers.opvolger as gemeente_nu, ketens.stappen + 1 as stappen
    from ketens
    inner join opvolgers on ketens.gemeente_nu = opvolgers.gemeente_code
    where ketens.stappen < 20
),

bediend as (
    select
        gemeente_code,
        gemeente_nu,
        row_number() over (partition by gemeente_code order by stappen desc) as rang
    from ketens
    where gemeente_nu in ('{{ bediend | map("trim") | join("', '") }}')
)

select
    opvolgers.gemeente_code,
    opvolgers.opvolger,
    cast(opvolgers.vanaf as date) as vanaf,
    bediend.gemeente_nu
from opvolgers
inner join bediend on opvolgers.gemeente_code = bediend.gemeente_code
where bediend.rang = 1 and bediend.gemeente_nu <> opvolgers.gemeente_code
