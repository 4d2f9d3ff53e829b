{% macro jongere_id(rij, koppeling) -%}
    {#
    Who a row is about: its BSN, else the BSN that its onderwijsnummer is coupled to, else the onderwijsnummer itself.

    Args: `rij` has both pseudonyms; `koppeling` is int_koppeling, joined on the row's onderwijsnummer.
    #}
    coalesce({{ rij }}.bsn_pseudoniem, {{ koppeling }}.bsn_pseudoniem, {{ rij }}.onderwijsnummer_pseudoniem)
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
