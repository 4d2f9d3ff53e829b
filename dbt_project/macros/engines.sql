{#
Only the differences between engines: models and other macros are ANSI SQL with dbt's own cross-database macros.
#}

{% macro gehele_deling(deeltal, deler) -%}
    {{ return(adapter.dispatch("gehele_deling", "leerplicht")(deeltal, deler)) }}
{%- endmacro %}

{% macro default__gehele_deling(deeltal, deler) -%}
    ({{ deeltal }} // {{ deler }})
{%- endmacro %}

{% macro spark__gehele_deling(deeltal, deler) -%}
    ({{ deeltal }} div {{ deler }})
{%- endmacro %}

{% macro elk_element(lijst) -%}
    {# One row per element of a list column. #}
    {{ return(adapter.dispatch("elk_element", "leerplicht")(lijst)) }}
{%- endmacro %}

{% macro default__elk_element(lijst) -%}
    unnest({{ lijst }})
{%- endmacro %}

{% macro spark__elk_element(lijst) -%}
    explode({{ lijst }})
{%- endmacro %}

{% macro bevat(lijst, waarde) -%}
    {# Whether a list column has a value; null if the list is. #}
    {{ return(adapter.dispatch("bevat", "leerplicht")(lijst, waarde)) }}
{%- endmacro %}

{% macro default__bevat(lijst, waarde) -%}
    list_contains({{ lijst }}, {{ waarde }})
{%- endmacro %}

{% macro spark__bevat(lijst, waarde) -%}
    array_contains({{ lijst }}, {{ waarde }})
{%- endmacro %}

{% macro is_zondag(datum) -%}
    {{ return(adapter.dispatch("is_zondag", "leerplicht")(datum)) }}
{%- endmacro %}

{% macro default__is_zondag(datum) -%}
    extract(isodow from {{ datum }}) = 7
{%- endmacro %}

{% macro spark__is_zondag(datum) -%}
    dayofweek({{ datum }}) = 1
{%- endmacro %}

{% macro elk_deel(tekst) -%}
    {# One row per part of a text such as `duo+carel`; none for an empty text. #}
    {{ return(adapter.dispatch("elk_deel", "leerplicht")(tekst)) }}
{%- endmacro %}

{% macro default__elk_deel(tekst) -%}
    unnest(string_split({{ tekst }}, '+'))
{%- endmacro %}

{% macro spark__elk_deel(tekst) -%}
    explode(split({{ tekst }}, '[+]'))
{%- endmacro %}

{% macro elke_dag(begin, einde) -%}
    {# One row per day, both ends included. #}
    {{ return(adapter.dispatch("elke_dag", "leerplicht")(begin, einde)) }}
{%- endmacro %}

{% macro default__elke_dag(begin, einde) -%}
    cast(unnest(generate_series({{ begin }}, {{ einde }}, interval '1 day')) as date)
{%- endmacro %}

{% macro spark__elke_dag(begin, einde) -%}
    explode(sequence({{ begin }}, {{ einde }}, interval 1 day))
{%- endmacro %}

{% macro parquet(bestanden) -%}
    {# The rows of Parquet files; `bestandsnaam` is the file name, `plaats` the row index. A column that a file lacks is null. #}
    {{ return(adapter.dispatch("parquet", "leerplicht")(bestanden)) }}
{%- endmacro %}

{% macro default__parquet(bestanden) -%}
    (
        select
            * exclude (filename, file_row_number),
            parse_filename(filename) as bestandsnaam,
            file_row_number as plaats
        from read_parquet({{ bestanden }}, filename = true, file_row_number = true, union_by_name = true)
    )
{%- endmacro %}

{% macro spark__parquet(bestanden) -%}
    {# Columns that only some files have: `spark.sql.parquet.mergeSchema`, of the session. #}
    (
        select
            *,
            _metadata.file_name as bestandsnaam,
            _metadata.row_index as plaats
        from parquet.{{ als_pad(bestanden) }}
    )
{%- endmacro %}

{% macro als_pad(bestanden) -%}
    {# The path of files as Spark names it in a `from`; it skips names that begin with a dot or an underscore. #}
    `{{ bestanden[1:-1] | replace("''", "'") | replace("`", "``") }}`
{%- endmacro %}

{% macro json(bestanden, vorm) -%}
    {# One row per JSON file, none without files. Args: `vorm` has the fields and their types. #}
    {{ return(adapter.dispatch("json", "leerplicht")(bestanden, vorm)) }}
{%- endmacro %}

{% macro default__json(bestanden, vorm) -%}
    (select unnest(from_json(content, '{{ tojson(vorm) }}')) from read_text({{ bestanden }}))
{%- endmacro %}

{% macro spark__json(bestanden, vorm) -%}
    {# A file that is not of this form stops the build, where Spark's default is a row of nulls. #}
    (
        select boeking.*
        from (
            select from_json(decode(content, 'UTF-8'), '{{ als_spark_type(vorm)[7:-1] }}', map('mode', 'FAILFAST')) as boeking
            from binaryfile.{{ als_pad(bestanden) }}
        )
    )
{%- endmacro %}

{% macro aantal_bestanden(bestanden) -%}
    {{ return(adapter.dispatch("aantal_bestanden", "leerplicht")(bestanden)) }}
{%- endmacro %}

{% macro default__aantal_bestanden(bestanden) -%}
    select count(*) from glob({{ bestanden }})
{%- endmacro %}

{% macro spark__aantal_bestanden(bestanden) -%}
    select count(*) as aantal from binaryfile.{{ als_pad(bestanden) }}
{%- endmacro %}

{% macro alles_behalve(relatie, kolommen) -%}
    {{ return(adapter.dispatch("alles_behalve", "leerplicht")(relatie, kolommen)) }}
{%- endmacro %}

{% macro default__alles_behalve(relatie, kolommen) -%}
    {{ relatie }}.* exclude ({{ kolommen | join(", ") }})
{%- endmacro %}

{% macro spark__alles_behalve(relatie, kolommen) -%}
    {{ relatie }}.* except ({{ kolommen | join(", ") }})
{%- endmacro %}

{% macro in_utc(tekst) -%}
    {# An ISO 8601 text with an offset, as a timestamp in UTC. #}
    {{ return(adapter.dispatch("in_utc", "leerplicht")(tekst)) }}
{%- endmacro %}

{% macro default__in_utc(tekst) -%}
    {# The cast requires seconds, which a delivery may omit; null for any other form, so that no delivery can stop a build. #}
    timezone('UTC', coalesce(try_cast({{ tekst }} as timestamptz), try_strptime({{ tekst }}, '%Y-%m-%dT%H:%M%z')))
{%- endmacro %}

{% macro spark__in_utc(tekst) -%}
    {# The session is in UTC; its cast requires seconds too. #}
    cast(try_cast(regexp_replace({{ tekst }}, '(T[0-9]{2}:[0-9]{2})([Z+-])', '$1:00$2') as timestamp_ltz) as timestamp_ntz)
{%- endmacro %}

{% macro nederlandse_dag(utc) -%}
    {# The date in the Netherlands of a timestamp in UTC. #}
    {{ return(adapter.dispatch("nederlandse_dag", "leerplicht")(utc)) }}
{%- endmacro %}

{% macro default__nederlandse_dag(utc) -%}
    cast(timezone('Europe/Amsterdam', timezone('UTC', {{ utc }})) as date)
{%- endmacro %}

{% macro spark__nederlandse_dag(utc) -%}
    cast(convert_timezone('UTC', 'Europe/Amsterdam', {{ utc }}) as date)
{%- endmacro %}

{% macro csv(bestand) -%}
    {# The rows of a CSV file with a header; every column is text. #}
    {{ return(adapter.dispatch("csv", "leerplicht")(bestand)) }}
{%- endmacro %}

{% macro default__csv(bestand) -%}
    read_csv('{{ bestand | replace("'", "''") }}', header = true, all_varchar = true)
{%- endmacro %}

{% macro spark__csv(bestand) -%}
    {# Spark reads a header only through a view. #}
    {%- set naam = "csv_" ~ local_md5(bestand) -%}
    {%- if execute -%}
        {%- set pad = bestand | replace("\\", "\\\\") | replace("'", "\\'") -%}
        {%- set opties = "path '" ~ pad ~ "', header 'true', multiline 'true'" -%}
        {%- do run_query("create or replace temporary view " ~ naam ~ " using csv options (" ~ opties ~ ")") -%}
    {%- endif -%}
    {{ naam }}
{%- endmacro %}

{% macro datum_voluit(datum) -%}
    {# A date as `01-01-2025`. #}
    {{ return(adapter.dispatch("datum_voluit", "leerplicht")(datum)) }}
{%- endmacro %}

{% macro default__datum_voluit(datum) -%}
    strftime({{ datum }}, '%d-%m-%Y')
{%- endmacro %}

{% macro spark__datum_voluit(datum) -%}
    date_format({{ datum }}, 'dd-MM-yyyy')
{%- endmacro %}
