{% macro versies(bron, entiteit, alleen_kandidaten=false) -%}
    {#
    Every loaded version of an entiteit's records, and which of them counts.

    The version that counts has the latest (mutatiemoment, kennisdatum); with equal kennisdata, the later delivery name. Its record must
    still exist: in the last full register or a delivery after it. A record in a rejected row of the last full register keeps its earlier
    version. `volgorde` is the rank of a delivery within its bron by (kennisdatum, name).

    Args: `alleen_kandidaten` drops, before sorting, versions that cannot count: those without a mutatiemoment from before the last full
    register, unless that register has the record in a rejected row. A later version replaces it, or the record is gone. In a region's
    five registers that is three rows in four.
    #}
    with

    register as (
        select max(volgorde) as volgorde
        from {{ ref("stg_grootboek__levering_entiteit") }}
        where bron = '{{ bron }}' and entiteit = '{{ entiteit }}' and aard = 'volledig'
    ),

    -- the records with a rejected row in the last full register
    afgewezen as (
        select distinct afwijzing.sleutel
        from {{ ref("stg_grootboek__afwijzing") }} as afwijzing
        inner join register on afwijzing.volgorde = register.volgorde
        where afwijzing.bron = '{{ bron }}' and afwijzing.entiteit = '{{ entiteit }}'
    ),

    versies as (
        select
            rijen.*,
            register.volgorde is null or rijen.volgorde >= register.volgorde as is_na_register,
            afgewezen.sleutel is not null as is_afgewezen
        from {{ ref("rijen_" ~ bron ~ "__" ~ entiteit) }} as rijen
        cross join register
        left join afgewezen on rijen.sleutel = afgewezen.sleutel
    ),

    gerangschikt as (
        select
            versies.*,
            row_number() over (
                partition by versies.sleutel
                order by coalesce(versies.mutatiemoment, cast('1900-01-01' as timestamp)) desc, versies.volgorde desc
            ) as rang,
            -- same partition and order as `rang`, so one sort serves both
            max(case when versies.is_na_register or versies.is_afgewezen then 1 else 0 end) over (
                partition by versies.sleutel
                order by coalesce(versies.mutatiemoment, cast('1900-01-01' as timestamp)) desc, versies.volgorde desc
                rows between unbounded preceding and unbounded following
            ) = 1 as is_aanwezig
        from versies
        {% if alleen_kandidaten %}
            where versies.is_na_register or versies.is_afgewezen or versies.mutatiemoment is not null
        {% endif %}
    )

    select
        gerangschikt.*,
        gerangschikt.rang = 1 and gerangschikt.is_aanwezig as is_geldig
    from gerangschikt
{%- endmacro %}

{% macro geleverde_kolommen(versies) -%}
    {#
    The contract's columns in the lake, and the delivery of the version: all columns except those that select the version. So a new column
    of a contract is in staging without a change here.
    #}
    {{ alles_behalve(versies, ["versie", "is_na_register", "is_afgewezen", "rang", "is_aanwezig", "is_geldig"]) }}
{%- endmacro %}
