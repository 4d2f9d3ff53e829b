{% macro jongere_id(rij, koppeling) -%}
    {#
    The person of a row: its BSN, else the BSN coupled to its onderwijsnummer, else the onderwijsnummer itself.

    Args: `rij` has both pseudonyms; `koppeling` is int_koppeling, joined on the row's onderwijsnummer.
    #}
    coalesce({{ rij }}.bsn_pseudoniem, {{ koppeling }}.bsn_pseudoniem, {{ rij }}.onderwijsnummer_pseudoniem)
{%- endmacro %}

{% macro per_jongere(rijen, sleutel=[]) -%}
    {#
    The rows of a model with their jongere, without duplicates: if one person is delivered under both numbers, a row with a complete birth
    date counts first, then the row with the BSN, then the latest.

    Args: `rijen` is the relation; `sleutel` are the columns that identify a row together with the jongere.
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
                order by
                    case when {{ bevat("waarschuwingen", "'geboortedatum_onvolledig'") }} then 1 else 0 end,
                    case when bsn_pseudoniem is null then 1 else 0 end,
                    volgorde desc,
                    sleutel desc
            ) as rang
        from met_jongere
    )

    select * from gerangschikt
    where rang = 1
{%- endmacro %}

{% macro entiteiten_met_persoon() -%}
    {# Every entiteit whose rows have a person, with its bron. #}
    {{ return([
        ("monitor", "jongere"),
        ("monitor", "woonperiode"),
        ("monitor", "inschrijving"),
        ("monitor", "bsn_wijziging"),
        ("duo", "verzuimmelding"),
        ("duo", "absoluut_verzuim"),
        ("duo", "koppeling"),
        ("carel", "incident"),
        ("carel", "interventie"),
        ("carel", "vrijstelling"),
        ("carel", "verlofaanvraag"),
        ("carel", "thuiszitter_geoorloofd"),
    ]) }}
{%- endmacro %}
