{% macro jongere_id(rij, personen="personen") -%}
    {# The person of a row. Args: `rij` has both pseudonyms; `personen` is int_persoon, joined with `is_persoon`. #}
    coalesce({{ personen }}.jongere_id, {{ rij }}.bsn_pseudoniem, {{ rij }}.onderwijsnummer_pseudoniem)
{%- endmacro %}

{% macro is_persoon(rij, personen="personen") -%}
    {# The condition that joins int_persoon: a row is of its BSN, else of its onderwijsnummer. #}
    coalesce({{ rij }}.bsn_pseudoniem, {{ rij }}.onderwijsnummer_pseudoniem) = {{ personen }}.pseudoniem
{%- endmacro %}

{% macro per_jongere(rijen, inhoud, sleutel=[]) -%}
    {#
    The rows of a model with their jongere, without duplicates: if one person is delivered under several numbers, a row with a complete birth
    date counts first, then one with a BSN, then the newest BSN, then the latest; of one delivery that with the highest content, an open
    end first. Never the pseudonym: another key would give other figures.

    Args: `rijen` is the relation; `inhoud` are its columns that are read further on; `sleutel` are the columns that identify a row together
    with the jongere.
    #}
    with

    personen as (
        select * from {{ ref("int_persoon") }}
    ),

    met_jongere as (
        select
            rijen.*,
            {{ jongere_id("rijen") }} as jongere_id,
            coalesce(personen.stappen, 0) as stappen
        from {{ rijen }} as rijen
        left join personen on {{ is_persoon("rijen") }}
    ),

    gerangschikt as (
        select
            met_jongere.*,
            row_number() over (
                partition by {{ (["jongere_id"] + sleutel) | join(", ") }}
                order by
                    case when {{ bevat("waarschuwingen", "'geboortedatum_onvolledig'") }} then 1 else 0 end,
                    case when bsn_pseudoniem is null then 1 else 0 end,
                    stappen,
                    volgorde desc,
                    {{ inhoud | join(" desc nulls first, ") }} desc nulls first
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
