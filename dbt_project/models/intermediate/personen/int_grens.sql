with

monitor as (
    select * from {{ ref("int_jongere") }}
),

-- every jongere in a current version
genoemd as (
    select jongere_id from monitor
    union
    select jongere_id from {{ ref("int_gebeurtenis") }}
    where is_geldig
    union
    select jongere_id from {{ ref("int_woonperiode") }}
    union
    select jongere_id from {{ ref("int_inschrijving") }}
),

schooljaren as (
    select
        min(begin) as eerste_dag,
        cast({{ dbt.dateadd("day", -1, "min(begin)") }} as date) as dag_ervoor
    from {{ ref("int_schooljaar") }}
),

jongeren as (
    select
        genoemd.jongere_id,
        monitor.geboortedatum,
        schooljaren.eerste_dag,
        schooljaren.dag_ervoor,
        cast({{ dbt.dateadd("year", 1, dbt.date_trunc("year", "monitor.geboortedatum")) }} as date) as na_geboortejaar
    from genoemd
    cross join schooljaren
    left join monitor on genoemd.jongere_id = monitor.jongere_id
)

select
    jongere_id,
    geboortedatum,
    eerste_dag,
    case
        when geboortedatum = dag_ervoor then cast({{ dbt.dateadd("day", -1, "dag_ervoor") }} as date)
        else dag_ervoor
    end as dag_ervoor,
    case when na_geboortejaar > eerste_dag then na_geboortejaar else eerste_dag end as register_vanaf
from jongeren
