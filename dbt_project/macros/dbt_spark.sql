{#
What dbt-spark does otherwise than dbt-duckdb does, put right: dbt takes these macros before its own.
#}

{% macro spark_type(type) -%}
    {# A type as contracts and seeds write it; Spark knows no varchar without a length. #}
    {{ return("string" if type | lower == "varchar" else type) }}
{%- endmacro %}

{% macro als_spark_type(vorm) -%}
    {# What `json` calls a form, in Spark's words. #}
    {%- set velden = [] -%}
    {%- for naam in (vorm if vorm is mapping else []) -%}
        {%- do velden.append(naam ~ " " ~ als_spark_type(vorm[naam])) -%}
    {%- endfor -%}
    {%- if vorm is mapping -%}
        {{ return("struct<" ~ velden | join(", ") ~ ">") }}
    {%- elif vorm is string -%}
        {{ return(vorm | lower | replace("varchar", "string") | replace("map(", "map<") | replace(")", ">")) }}
    {%- endif -%}
    {{ return("array<" ~ als_spark_type(vorm[0]) ~ ">") }}
{%- endmacro %}

{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {% for kolom in columns.values() %}
        cast(null as {{ spark_type(kolom.data_type) }}) as {{ kolom.name }}{{ "," if not loop.last }}
    {% endfor %}
{%- endmacro %}

{% macro spark__persist_constraints(relation, model) -%}
    {# dbt-spark only knows those of Delta; a table of Parquet has none, so the nulls are counted. #}
    {%- set verplicht = [] -%}
    {%- for kolom in model.columns.values() if kolom.constraints | selectattr("type", "equalto", "not_null") | list -%}
        {%- do verplicht.append(kolom.name) -%}
    {%- endfor -%}
    {%- if config.get("contract").enforced and verplicht -%}
        {%- set tellingen = [] -%}
        {%- for naam in verplicht -%}
            {%- do tellingen.append("count(*) - count(" ~ naam ~ ")") -%}
        {%- endfor -%}
        {%- set leeg = run_query("select " ~ tellingen | join(", ") ~ " from " ~ relation).rows[0] -%}
        {%- for naam in verplicht -%}
            {%- if leeg[loop.index0] > 0 -%}
                {{ exceptions.raise_database_error("NOT NULL constraint failed: " ~ relation ~ "." ~ naam) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set types = model.config.column_types -%}
    {%- set kolommen = [] -%}
    {%- for naam in agate_table.column_names -%}
        {%- do kolommen.append(naam ~ " " ~ spark_type(types.get(naam) or adapter.convert_type(agate_table, loop.index0))) -%}
    {%- endfor -%}
    {%- set sql = "create table " ~ this ~ " (" ~ kolommen | join(", ") ~ ") using parquet" -%}
    {%- call statement("_") -%}{{ sql }}{%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {# dbt-spark's own writes the text None where a cell is empty, and a quote ends its text. #}
    {%- set types = model.config.column_types -%}
    {%- set kolommen = [] -%}
    {%- for naam in agate_table.column_names -%}
        {%- set type = spark_type(types.get(naam) or adapter.convert_type(agate_table, loop.index0)) -%}
        {%- do kolommen.append("cast(" ~ naam ~ " as " ~ type ~ ")") -%}
    {%- endfor -%}
    {%- set rijen = [] -%}
    {%- for rij in agate_table.rows -%}
        {%- set cellen = [] -%}
        {%- for cel in rij -%}
            {%- set tekst = cel | string | replace("\\", "\\\\") | replace("'", "\\'") -%}
            {%- do cellen.append("cast(null as string)" if cel is none else "'" ~ tekst ~ "'") -%}
        {%- endfor -%}
        {%- do rijen.append("(" ~ cellen | join(", ") ~ ")") -%}
    {%- endfor -%}
    {%- set sql -%}
        insert into {{ this }}
        select {{ kolommen | join(", ") }} from values {{ rijen | join(", ") }} as rijen ({{ agate_table.column_names | join(", ") }})
    {%- endset -%}
    {%- if rijen -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endif -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {# dbt-spark's own repeats its argument, so that three of them nested are 90 kB of SQL. #}
    {%- if datepart in ("day", "week") -%}
        ({{ from_date_or_timestamp }} + make_dt_interval(({{ interval }}) * {{ 7 if datepart == "week" else 1 }}))
    {%- else -%}
        ({{ from_date_or_timestamp }} + make_ym_interval(0, ({{ interval }}) * {{ {"month": 1, "quarter": 3, "year": 12}[datepart] }}))
    {%- endif -%}
{%- endmacro %}

{% macro spark__datediff(first_date, second_date, datepart) -%}
    {%- if datepart != "day" -%}
        {{ exceptions.raise_compiler_error("datediff: op Spark alleen in dagen") }}
    {%- endif -%}
    datediff({{ second_date }}, {{ first_date }})
{%- endmacro %}

{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}

{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {# dbt-spark's own leaves out the order. #}
    listagg({{ measure }}, {{ delimiter_text }}) within group ({{ order_by_clause }})
{%- endmacro %}

{% macro spark__safe_cast(field, type) -%}
    {# A list, record or map of a unit test, which DuckDB reads as text: `[een, twee]`, `[{naam: een}]`, `{een=1}`. #}
    {%- set soort = type.split("<")[0] | lower -%}
    {%- if soort in ("array", "struct", "map") and field != "null" -%}
        {%- set tekst = field[1:-1] | replace("\\'", "'") if field is string and field[0] == "'" else field | string -%}
        {%- set waarde = tojson(fromyaml(tekst | replace("=", ": ") if soort == "map" else tekst)) -%}
        from_json('{{ waarde | replace("\\", "\\\\") | replace("'", "\\'") }}', '{{ type }}')
    {%- else -%}
        cast({{ field }} as {{ type }})
    {%- endif -%}
{%- endmacro %}
