{% macro in_dubbel_uur(moment) -%}
    {#
    Whether a local time is in the hour that comes twice, when summer time ends: on the last Sunday of October, from 02:00 to 03:00. A source
    gives no offset, so of two such times nobody knows which is the later one.
    #}
    (
        extract(month from {{ moment }}) = 10
        and extract(day from {{ moment }}) >= 25
        and extract(hour from {{ moment }}) = 2
        and {{ is_zondag(moment) }}
    )
{%- endmacro %}

{% macro nieuwste_eerst(versies, met_tijdstip=true) -%}
    {#
    The order of the versions of a record, the newest first: by mutatiemoment, in which the hour that comes twice is one moment; then by
    kennisdatum and name of the delivery (`volgorde`); then by the clock. A version without a mutatiemoment is older than any with one.

    Args: `versies` is a relation with `mutatiemoment` and `volgorde`; `met_tijdstip` is whether the moments have a time of day.
    #}
    {%- set moment = versies ~ ".mutatiemoment" -%}
    {%- if met_tijdstip -%}
        {%- set orde -%}
            case when {{ in_dubbel_uur(moment) }} then {{ dbt.date_trunc("hour", moment) }} else {{ moment }} end
        {%- endset -%}
    {%- endif -%}
    coalesce({{ orde or moment }}, cast('1900-01-01' as timestamp)) desc, {{ versies }}.volgorde desc
    {%- if met_tijdstip %}, {{ moment }} desc{% endif %}
{%- endmacro %}

{% macro versies(bron, entiteit, alleen_kandidaten=false, met_tijdstip=false) -%}
    {#
    Every loaded version of an entiteit's records, and which of them counts.

    The version that counts is the newest (macro nieuwste_eerst). Its record must still exist: in the last full register or a delivery after
    it. A record in a rejected row of the last full register keeps its earlier version. `volgorde` is the rank of a delivery within its bron
    by (kennisdatum, name).

    Args: `alleen_kandidaten` drops, before sorting, versions that cannot count: those without a mutatiemoment from before the last full
    register, unless that register has the record in a rejected row. A later version replaces it, or the record is gone. In a region's
    five registers that is three rows in four. `met_tijdstip` is whether the mutatiemomenten have a time of day.
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
            {% if met_tijdstip %}{{ in_dubbel_uur("versies.mutatiemoment") }} as is_dubbel_uur,{% endif %}
            -- of one width on every engine
            cast(
                row_number() over (
                    partition by versies.sleutel
                    order by {{ nieuwste_eerst("versies", met_tijdstip) }}
                ) as bigint
            ) as rang,
            -- same partition and order as `rang`, so one sort serves both
            max(case when versies.is_na_register or versies.is_afgewezen then 1 else 0 end) over (
                partition by versies.sleutel
                order by {{ nieuwste_eerst("versies", met_tijdstip) }}
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

{% macro geleverde_kolommen(versies, en_zonder=[]) -%}
    {#
    The contract's columns in the lake, and the delivery of the version: all columns except those that select the version. So a new column
    of a contract is in staging without a change here.

    Args: `en_zonder` are other columns that only select the version.
    #}
    {{ alles_behalve(versies, ["versie", "is_na_register", "is_afgewezen", "rang", "is_aanwezig", "is_geldig"] + en_zonder) }}
{%- endmacro %}
