{# Persons who cannot be linked: a row with another koppeling than the one that counts, and a row without a koppeling. #}

with

rijen as (
    {% for bron, entiteit in entiteiten_met_persoon() %}
        select
            '{{ bron }}' as bron,
            levering,
            '{{ entiteit }}' as entiteit,
            versie,
            bsn_pseudoniem,
            onderwijsnummer_pseudoniem
        from {{ ref("rijen_" ~ bron ~ "__" ~ entiteit) }}
        where onderwijsnummer_pseudoniem is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

koppelingen as (
    select * from {{ ref("int_koppeling") }}
)

select
    rijen.bron,
    rijen.levering,
    rijen.entiteit,
    rijen.versie,
    case when rijen.bsn_pseudoniem is null then 'niet_gekoppeld' else 'koppeling_afwijkend' end as code
from rijen
left join koppelingen on rijen.onderwijsnummer_pseudoniem = koppelingen.onderwijsnummer_pseudoniem
where
    (rijen.bsn_pseudoniem is null and koppelingen.bsn_pseudoniem is null)
    or rijen.bsn_pseudoniem <> koppelingen.bsn_pseudoniem
