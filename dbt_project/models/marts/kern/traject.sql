with

feiten as (
    select * from {{ ref("int_feit") }}
),

grenzen as (
    select * from {{ ref("int_grens") }}
)

select
    feiten.jongere_id,
    cast(
        row_number() over (
            partition by feiten.jongere_id
            order by feiten.datum, feiten.gebeurtenis, feiten.nummer
        ) as integer
    ) as volgnummer,
    {{ datum_in_kern("feiten.datum") }} as datum,
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
left join grenzen on feiten.jongere_id = grenzen.jongere_id
