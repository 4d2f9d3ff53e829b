{% macro afgerond_quotient(teller, noemer, factor, decimalen) -%}
    {#
    factor × teller / noemer, rounded half away from zero in integer arithmetic: a float may round 4,295 up or down.
    `teller` may be negative; null when the noemer is 0 or null.
    #}
    {%- set schaal = 10 ** decimalen -%}
    cast(
        sign({{ teller }})
        * {{ gehele_deling(
            "(2 * " ~ factor ~ " * " ~ schaal ~ " * abs(" ~ teller ~ ") + " ~ noemer ~ ")",
            "nullif(2 * " ~ noemer ~ ", 0)"
        ) }} as decimal(18, 0)
    ) * cast({{ "0." ~ "0" * (decimalen - 1) ~ "1" }} as decimal({{ decimalen + 1 }}, {{ decimalen }}))
{%- endmacro %}
