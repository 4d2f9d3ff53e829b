{# The other dates on which a record counts than that of its event: while it is valid on a date of the year, and when it ended. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
    where is_geldig and telt
),

schooljaren as (
    select * from {{ ref("int_schooljaar") }}
),

-- still valid on its last day
vrijstellingen as (
    select
        'vrijstelling_stand' as stand,
        gebeurtenissen.nummer,
        gebeurtenissen.jongere_id,
        schooljaren.peildatum as datum
    from gebeurtenissen
    inner join {{ ref("stg_carel__vrijstelling") }} as records on gebeurtenissen.nummer = records.vrijstellingnr
    inner join schooljaren
        on
            records.datum_ingang <= schooljaren.peildatum
            and coalesce(records.datum_einde, schooljaren.peildatum) >= schooljaren.peildatum
    where gebeurtenissen.gebeurtenis = 'vrijstelling'
),

geoorloofd as (
    select
        'geoorloofd' as stand,
        gebeurtenissen.nummer,
        gebeurtenissen.jongere_id,
        case when records.datum_begin > schooljaren.begin then records.datum_begin else schooljaren.begin end as datum
    from gebeurtenissen
    inner join {{ ref("stg_carel__thuiszitter_geoorloofd") }} as records on gebeurtenissen.nummer = records.geoorloofdnr
    inner join schooljaren
        on
            records.datum_begin <= schooljaren.einde
            and coalesce(records.datum_einde, schooljaren.begin) >= schooljaren.begin
    where gebeurtenissen.gebeurtenis = 'thuiszitter_geoorloofd'
),

opgelost as (
    select
        'opgelost' as stand,
        gebeurtenissen.nummer,
        gebeurtenissen.jongere_id,
        records.datum_einde as datum
    from gebeurtenissen
    inner join {{ ref("stg_duo__absoluut_verzuim") }} as records on gebeurtenissen.nummer = records.signaalnummer
    where gebeurtenissen.gebeurtenis = 'absoluut_verzuim' and records.status = 'opgelost' and records.datum_einde is not null
),

standen as (
    select * from vrijstellingen
    union all
    select * from geoorloofd
    union all
    select * from opgelost
)

select
    stand,
    nummer,
    jongere_id,
    datum,
    {{ schooljaar_van("datum") }} as schooljaar
from standen
