{% macro jongere_id(rij, koppeling) -%}
    {#
    Who a row is about: its BSN, else the BSN that its onderwijsnummer is coupled to, else the onderwijsnummer itself.

    Args: `rij` has both pseudonyms; `koppeling` is int_koppeling, joined on the row's onderwijsnummer.
    #}
    coalesce({{ rij }}.bsn_pseudoniem, {{ koppeling }}.bsn_pseudoniem, {{ rij }}.onderwijsnummer_pseudoniem)
{%- endmacro %}

{% macro per_jongere(rijen, sleutel=[]) -%}
    {#
    The rows of a model with their jongere, each once: one person may be delivered under both numbers, and then the row with the BSN
    counts, then the latest.

    Args: `rijen` is the relation; `sleutel` are the columns that, with the jongere, name a row.
    #}
    with

    koppelingen as (
        select * from {{ ref("int_koppeling") }}
    ),

    met_jongere as (
        select
            rijen.*,
            {{ jongere_id("rijen", "koppelingen") }} as jongere_id
        from {{ rijen }} as rijen
        left join koppelingen on rijen.onderwijsnummer_pseudoniem = koppelingen.onderwijsnummer_pseudoniem
    ),

    gerangschikt as (
        select
            met_jongere.*,
            row_number() over (
                partition by {{ (["jongere_id"] + sleutel) | join(", ") }}
                order by case when bsn_pseudoniem is null then 1 else 0 end, volgorde desc, sleutel desc
            ) as rang
        from met_jongere
    )

    select * from gerangschikt
    where rang = 1
{%- endmacro %}

{% macro entiteiten_met_persoon() -%}
    {# Every entiteit whose rows name a person, with its bron. #}
    {{ return([
        ("monitor", "jongere"),
        ("monitor", "woonperiode"),
        ("monitor", "inschrijving"),
        ("duo", "verzuimmelding"),
        ("duo", "absoluut_verzuim"),
        ("duo", "koppeling"),
        ("carel", "incident"),
        ("carel", "interventie"),
        ("carel", "vrijstelling"),
    ]) }}
{%- endmacro %}
