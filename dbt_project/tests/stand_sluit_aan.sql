{# The stock of langdurig verzuim at the end of a schooljaar is that at the begin of the next, in every area and onderwijssoort. #}
{{ config(group="jaarverslag") }}

with

schooljaren as (
    select * from {{ ref("schooljaar") }}
),

standen as (
    select
        schooljaar,
        gebied_code,
        indicator,
        '' as onderwijssoort,
        waarde
    from {{ ref("telling") }}
    where status = 'gepubliceerd'
    union all
    select
        schooljaar,
        gebied_code,
        indicator,
        uitsplitsing_waarde as onderwijssoort,
        waarde
    from {{ ref("uitsplitsing_telling") }}
    where uitsplitsing = 'onderwijssoort'
),

eindes as (
    select
        schooljaren.schooljaar,
        standen.gebied_code,
        standen.onderwijssoort,
        standen.waarde
    from standen
    inner join schooljaren on standen.schooljaar = schooljaren.vorig_schooljaar
    where standen.indicator = 'lrv_stand_einde'
),

begins as (
    select standen.* from standen
    inner join schooljaren on standen.schooljaar = schooljaren.schooljaar
    where standen.indicator = 'lrv_stand_begin' and schooljaren.vorig_schooljaar in (select eerder.schooljaar from schooljaren as eerder)
)

select
    coalesce(eindes.schooljaar, begins.schooljaar) as schooljaar,
    coalesce(eindes.gebied_code, begins.gebied_code) as gebied_code,
    coalesce(eindes.onderwijssoort, begins.onderwijssoort) as onderwijssoort,
    eindes.waarde as waarde_einde,
    begins.waarde as waarde_begin
from eindes
full outer join begins
    on
        eindes.schooljaar = begins.schooljaar
        and eindes.gebied_code = begins.gebied_code
        and eindes.onderwijssoort = begins.onderwijssoort
where coalesce(eindes.waarde, 0) <> coalesce(begins.waarde, 0)
