{# Carel compared with DUO, and ages outside the limits of a measure. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
),

interventies as (
    select
        versie,
        verzuimsoort,
        meldingsnummer,
        -- a column, for an equality join: comparing with a constant was 80 times slower
        'interventie' as gebeurtenis
    from {{ ref("base_carel__interventie") }}
),

carel as (
    select
        gebeurtenissen.*,
        op_datum.leeftijd,
        interventies.verzuimsoort,
        interventies.meldingsnummer
    from gebeurtenissen
    inner join {{ ref("int_jongere_op_datum") }} as op_datum
        on gebeurtenissen.jongere_id = op_datum.jongere_id and gebeurtenissen.datum = op_datum.datum
    left join interventies
        on gebeurtenissen.gebeurtenis = interventies.gebeurtenis and gebeurtenissen.versie = interventies.versie
    where gebeurtenissen.bron = 'carel'
),

meldingen as (
    select * from gebeurtenissen
    where gebeurtenis = 'melding' and is_geldig
),

-- days to the nearest counting melding of the same jongere; whether one of luxe verzuim is on or before the date
bij_melding as (
    select
        carel.bron,
        carel.levering,
        carel.entiteit,
        carel.versie,
        min(abs({{ dbt.datediff("meldingen.datum", "carel.datum", "day") }})) as dagen,
        max(case when meldingen.soort = 'L' and meldingen.datum <= carel.datum then 1 else 0 end) = 1 as heeft_luxe
    from carel
    inner join meldingen on carel.jongere_id = meldingen.jongere_id
    where meldingen.telt
    group by carel.bron, carel.levering, carel.entiteit, carel.versie
),

met_melding as (
    select
        carel.*,
        bij_melding.dagen,
        coalesce(bij_melding.heeft_luxe, false) as heeft_luxe,
        genoemd.nummer as bekende_melding
    from carel
    left join bij_melding
        on
            carel.entiteit = bij_melding.entiteit
            and carel.versie = bij_melding.versie
    left join meldingen as genoemd on carel.meldingsnummer = genoemd.nummer
),

gevonden as (
    select bron, levering, entiteit, versie, 'melding_onbekend' as code
    from met_melding
    where meldingsnummer is not null and bekende_melding is null
    union all
    select bron, levering, entiteit, versie, 'pv_luxe_zonder_melding' as code
    from met_melding
    where gebeurtenis = 'interventie' and soort = 'proces_verbaal' and verzuimsoort = 'luxe' and not heeft_luxe
    union all
    select bron, levering, entiteit, versie, 'spreekuur_zonder_melding' as code
    from met_melding
    where
        gebeurtenis = 'interventie'
        and soort = 'spreekuur'
        and datum >= cast('2024-08-01' as date)
        and (dagen is null or dagen > 28)
    union all
    select bron, levering, entiteit, versie, 'halt_leeftijd' as code
    from met_melding
    where gebeurtenis = 'interventie' and soort = 'halt' and (leeftijd < 12 or leeftijd > 17)
    union all
    select bron, levering, entiteit, versie, 'art15_leeftijd' as code
    from met_melding
    where gebeurtenis = 'vrijstelling' and soort = '15' and leeftijd < 16
    union all
    select bron, levering, entiteit, versie, 'incident_bij_melding' as code
    from met_melding
    where gebeurtenis = 'incident' and dagen <= 7
)

select * from gevonden
