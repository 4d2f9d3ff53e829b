{# What others published, to set beside our own rates: of each figure the last publication. Earlier ones stay in staging. #}

with

publicaties as (
    select * from {{ ref("stg_vergelijking__vergelijkingscijfer") }}
),

gerangschikt as (
    select
        publicaties.*,
        row_number() over (
            partition by bron, peiljaar, gebied_soort, gebied_code, indicator order by publicatiedatum desc
        ) as plaats,
        cast(substring(peiljaar, 1, 4) as integer) as eerste_jaar,
        -- a calendar year is the one in which the schooljaar ends
        cast(right(peiljaar, 4) as integer) as laatste_jaar,
        length(peiljaar) = 4 as is_kalenderjaar
    from publicaties
)

select
    bron,
    peiljaar,
    case
        when is_kalenderjaar or laatste_jaar = eerste_jaar + 1
            then
                cast(laatste_jaar - 1 as {{ dbt.type_string() }})
                || '-'
                || cast(laatste_jaar as {{ dbt.type_string() }})
    end as schooljaar,
    gebied_soort,
    gebied_code,
    indicator,
    waarde,
    -- text: a date of kern is one of a jongere, and none of those is of before the first schooljaar (the gate looks at every one)
    cast(publicatiedatum as {{ dbt.type_string() }}) as publicatiedatum,
    licentie,
    vindplaats,
    levering
from gerangschikt
where plaats = 1
