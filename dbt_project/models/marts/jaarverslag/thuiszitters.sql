with

-- longer than four weeks, or not enrolled at all, if plichtig on the date
verzuim as (
    select
        'melding' as soort_gebeurtenis,
        meldingsnummer as nummer,
        jongere_id,
        datum,
        schooljaar,
        gemeente_code
    from {{ ref("melding") }}
    where telt and is_plichtig and duo_code = 'LRV'
    union all
    select
        'absoluut_verzuim' as soort_gebeurtenis,
        signaalnummer as nummer,
        jongere_id,
        datum,
        schooljaar,
        gemeente_code
    from {{ ref("absoluut_verzuim") }}
    where telt and is_plichtig
),

-- of any grond; it is still valid on its last day
vrijgesteld as (
    select distinct
        verzuim.soort_gebeurtenis,
        verzuim.nummer
    from verzuim
    inner join {{ ref("vrijstelling") }} as vrijstelling on verzuim.jongere_id = vrijstelling.jongere_id
    where
        vrijstelling.telt
        and vrijstelling.datum <= verzuim.datum
        and (vrijstelling.datum_einde is null or vrijstelling.datum_einde >= verzuim.datum)
)

select
    'thuiszitters' as indicator,
    verzuim.soort_gebeurtenis,
    verzuim.nummer,
    verzuim.jongere_id,
    verzuim.schooljaar,
    verzuim.gemeente_code
from verzuim
left join vrijgesteld
    on verzuim.soort_gebeurtenis = vrijgesteld.soort_gebeurtenis and verzuim.nummer = vrijgesteld.nummer
where vrijgesteld.nummer is null
union all
select
    'thuiszitters_geoorloofd' as indicator,
    'thuiszitter_geoorloofd' as soort_gebeurtenis,
    nummer,
    jongere_id,
    schooljaar,
    gemeente_code
from {{ ref("stand") }}
where stand = 'geoorloofd'
