with

feiten as (
    select * from {{ ref("int_feit") }}
)

select
    feiten.jongere_id,
    cast(
        row_number() over (
            partition by feiten.jongere_id
            order by feiten.datum, feiten.gebeurtenis, feiten.nummer
        ) as integer
    ) as volgnummer,
    feiten.datum,
    feiten.schooljaar,
    feiten.gemeente_code,
    feiten.wijkcode,
    feiten.leeftijd,
    feiten.onderwijssoort,
    feiten.school_code,
    feiten.bron,
    feiten.gebeurtenis as soort_gebeurtenis,
    feiten.soort,
    feiten.aanleiding,
    feiten.nummer,
    feiten.telt
from feiten
