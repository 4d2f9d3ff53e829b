{# What was odd while a row was read: the codes that it carries from the lake. #}
{%- set entiteiten = {
    "monitor": ["jongere", "woonperiode", "inschrijving"],
    "duo": ["verzuimmelding", "absoluut_verzuim", "koppeling"],
    "carel": ["incident", "interventie", "vrijstelling"],
} -%}

with

codes as (
    {% for bron, namen in entiteiten.items() %}
        {% set buitenste = loop %}
        {% for naam in namen %}
            select
                '{{ bron }}' as bron,
                levering,
                '{{ naam }}' as entiteit,
                versie,
                {{ elk_element("waarschuwingen") }} as code
            from {{ ref("base_" ~ bron ~ "__" ~ naam) }}
            {% if not (loop.last and buitenste.last) %}union all{% endif %}
        {% endfor %}
    {% endfor %}
)

select * from codes
