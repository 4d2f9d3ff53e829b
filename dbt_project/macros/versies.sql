{% macro versies(bron, entiteit) -%}
    {#
    Every loaded version of an entiteit's records, and which of them counts.

    The version that counts is the one with the latest (mutatiemoment, kennisdatum); of equal kennisdata the later delivery name. Its
    record must still be there: in the last full register or a delivery after it. A record that the last full register has, but in a row
    that was rejected, keeps its earlier version. `volgorde` is the rank of a delivery within its bron by (kennisdatum, name); `versie` numbers the versions of the entiteit.
    #}
    {%- set leveringen = source("lake", "levering_entiteit") -%}
    with

    versies as (
        select * from {{ source("lake", bron ~ "__" ~ entiteit) }}
    ),

    register as (
        select max(volgorde) as volgorde
        from {{ leveringen }}
        where bron = '{{ bron }}' and entiteit = '{{ entiteit }}' and aard = 'volledig'
    ),

    -- of the last full register the records whose row was rejected
    afgewezen as (
        select distinct afwijzing.sleutel
        from {{ source("lake", "afwijzing") }} as afwijzing
        inner join register on afwijzing.volgorde = register.volgorde
        where afwijzing.bron = '{{ bron }}' and afwijzing.entiteit = '{{ entiteit }}'
    ),

    gerangschikt as (
        select
            versies.*,
            row_number() over (
                partition by versies.sleutel
                order by coalesce(versies.mutatiemoment, cast('1900-01-01' as timestamp)) desc, versies.volgorde desc
            ) as rang,
            row_number() over (order by versies.volgorde, versies.sleutel, versies.mutatiemoment) as versie,
            -- over the same rows in the same order as `rang`: one sort serves both
            max(versies.volgorde) over (
                partition by versies.sleutel
                order by coalesce(versies.mutatiemoment, cast('1900-01-01' as timestamp)) desc, versies.volgorde desc
                rows between unbounded preceding and unbounded following
            ) as laatste_volgorde
        from versies
    ),

    geoordeeld as (
        select
            gerangschikt.*,
            register.volgorde is null
            or gerangschikt.laatste_volgorde >= register.volgorde
            or afgewezen.sleutel is not null as is_aanwezig
        from gerangschikt
        cross join register
        left join afgewezen on gerangschikt.sleutel = afgewezen.sleutel
    )

    select
        geoordeeld.*,
        geoordeeld.rang = 1 and geoordeeld.is_aanwezig as is_geldig
    from geoordeeld
{%- endmacro %}
