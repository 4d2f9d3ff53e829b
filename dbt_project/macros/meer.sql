{#
The files of the lake as relations: the ledger's JSON, and the Parquet of rows. Models that read them are in `staging`.
#}

{% macro bestanden_van_het_meer(patroon) -%}
    {# The path of files in the lake as an SQL string; wildcards only work in `patroon`, not in the path of the lake. #}
    {%- set meer = instelling("lake") | replace("[", "[[]") | replace("*", "[*]") | replace("?", "[?]") -%}
    '{{ (meer ~ "/" ~ patroon) | replace("'", "''") }}'
{%- endmacro %}

{% macro geleverde_rijen(bron, entiteit) -%}
    {#
    Every row of every accepted delivery of an entiteit, with the delivery's name, kennisdatum and rank.

    `versie` numbers the rows: the rank of the delivery, then the index in its file. Numbering by key needed a sort of all rows, which was
    half the cost of a region's versions.
    #}
    {%- do source("lake", bron ~ "__" ~ entiteit) -%}
    with

    leveringen as (
        select * from {{ ref("stg_grootboek__levering_entiteit") }}
        where bron = '{{ bron }}' and entiteit = '{{ entiteit }}'
    ),

    rijen as (
        select * from {{ parquet(bestanden_van_het_meer("lake/rijen/" ~ bron ~ "/" ~ entiteit ~ "/*.parquet")) }}
    )

    select
        {{ alles_behalve("rijen", ["bestandsnaam", "plaats"]) }},
        leveringen.levering,
        leveringen.kennisdatum,
        leveringen.volgorde,
        -- no delivery has 10 billion rows
        leveringen.volgorde * 10000000000 + rijen.plaats as versie
    from leveringen
    inner join rijen on leveringen.rijenbestand = rijen.bestandsnaam
{%- endmacro %}

{% macro het_meer_is_klaar() -%}
    {#
    Stop with one sentence if the lake was never read: the deliveries step leaves a file without rows for every entiteit. The docs need no
    lake.
    #}
    {%- if execute and flags.WHICH != "generate" -%}
        {%- for source in graph.sources.values() if "__" in source.name -%}
            {%- set patroon = bestanden_van_het_meer("lake/rijen/" ~ source.name.replace("__", "/") ~ "/*.parquet") -%}
            {%- if run_query(aantal_bestanden(patroon)).columns[0][0] == 0 -%}
                {{ exceptions.raise_compiler_error(
                    "in " ~ instelling("lake") ~ " is van " ~ source.name.replace("__", ".") ~ " nog niets gelezen, ook niet dat er niets is;"
                    ~ " draai eerst leerplicht run, of zet LEERPLICHT_LAKE op het goede meer"
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
