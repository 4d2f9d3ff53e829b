{%- set bediend = instelling("gemeenten").split(",") -%}

with

bekend as (
    select * from {{ ref("referentie__gemeente") }}
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
),

perioden as (
    select * from {{ ref("int_woonperiode") }}
),

bediend as (
    {% for code in bediend %}
        select '{{ code.strip() }}' as gemeente_code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

regio as (
    select bekend.rmc_regio from bekend
    inner join bediend on bekend.gemeente_code = bediend.gemeente_code
),

genoemd as (
    select bekend.gemeente_code from bekend
    inner join regio on bekend.rmc_regio = regio.rmc_regio
    union
    select gemeente_code from op_datum
    union
    select gemeente_code from perioden
    union
    select gemeente_code from bediend
    union
    select 'onbekend' as gemeente_code
)

select
    genoemd.gemeente_code,
    -- a gemeente that is not in the list has its code as name
    coalesce(bekend.gemeente, case when genoemd.gemeente_code = 'onbekend' then 'Onbekend' else genoemd.gemeente_code end)
        as naam,
    bediend.gemeente_code is not null as is_bediend
from genoemd
left join bekend on genoemd.gemeente_code = bekend.gemeente_code
left join bediend on genoemd.gemeente_code = bediend.gemeente_code
