{# Warnings from reading a row: its codes in the lake. #}

with

codes as (
    {% for bron, entiteit in entiteiten_met_persoon() %}
        select
            '{{ bron }}' as bron,
            levering,
            '{{ entiteit }}' as entiteit,
            versie,
            {{ elk_element("waarschuwingen") }} as code
        from {{ ref("rijen_" ~ bron ~ "__" ~ entiteit) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from codes
