{# Meldingen whose soort does not fit the age or the hours, and absoluut verzuim that is not plausible. #}

with

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
),

op_datum as (
    select * from {{ ref("int_jongere_op_datum") }}
),

uren as (
    select * from {{ ref("base_duo__verzuimmelding") }}
),

meldingen as (
    select
        gebeurtenissen.bron,
        gebeurtenissen.levering,
        gebeurtenissen.entiteit,
        gebeurtenissen.versie,
        gebeurtenissen.soort,
        uren.uren,
        op_datum.leeftijd
    from gebeurtenissen
    inner join uren
        on gebeurtenissen.versie = uren.versie
    inner join op_datum
        on gebeurtenissen.jongere_id = op_datum.jongere_id and gebeurtenissen.datum = op_datum.datum
    where gebeurtenissen.gebeurtenis = 'melding'
),

signalen as (
    select * from gebeurtenissen
    where gebeurtenis = 'absoluut_verzuim'
),

vrijgesteld as (
    select
        gebeurtenissen.jongere_id,
        vrijstellingen.datum_ingang,
        vrijstellingen.datum_einde
    from gebeurtenissen
    inner join {{ ref("stg_carel__vrijstelling") }} as vrijstellingen on gebeurtenissen.nummer = vrijstellingen.vrijstellingnr
    where gebeurtenissen.gebeurtenis = 'vrijstelling' and gebeurtenissen.is_geldig and gebeurtenissen.telt
),

-- enrolled, or with a valid vrijstelling, on that day
niet_aannemelijk as (
    select distinct
        signalen.bron,
        signalen.levering,
        signalen.entiteit,
        signalen.versie
    from signalen
    inner join op_datum on signalen.jongere_id = op_datum.jongere_id and signalen.datum = op_datum.datum
    left join vrijgesteld
        on
            signalen.jongere_id = vrijgesteld.jongere_id
            and vrijgesteld.datum_ingang <= signalen.datum
            and (vrijgesteld.datum_einde is null or vrijgesteld.datum_einde >= signalen.datum)
    where op_datum.inschrijving_school_code is not null or vrijgesteld.jongere_id is not null
),

gevonden as (
    select bron, levering, entiteit, versie, 'leeftijd_bij_soort' as code
    from meldingen
    where (soort in ('V3', 'LRV') and leeftijd >= 18) or (soort in ('V4', 'RMC') and leeftijd < 18)
    union all
    select bron, levering, entiteit, versie, 'uren_onder_16' as code
    from meldingen
    where soort in ('V3', 'V4') and uren < 16
    union all
    select bron, levering, entiteit, versie, 'uren_vanaf_16' as code
    from meldingen
    where soort = 'O' and uren >= 16
    union all
    select bron, levering, entiteit, versie, 'buiten_definitie_jaarverslag' as code
    from meldingen
    where soort = 'O' and uren >= 14 and uren < 16
    union all
    select bron, levering, entiteit, versie, 'absoluut_niet_aannemelijk' as code
    from niet_aannemelijk
)

select * from gevonden
