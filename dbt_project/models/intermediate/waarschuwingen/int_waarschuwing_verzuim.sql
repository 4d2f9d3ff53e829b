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
        gebeurtenissen.datum,
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
    select * from {{ ref("int_vrijgesteld") }}
),

-- the bounds of a code on a date are those that began last
grenzen as (
    select
        leeftijdsgrens.*,
        lead(vanaf) over (partition by duo_code order by coalesce(vanaf, cast('1900-01-01' as date))) as tot
    from {{ ref("referentie__leeftijdsgrens") }} as leeftijdsgrens
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
    select
        meldingen.bron, meldingen.levering, meldingen.entiteit, meldingen.versie, 'leeftijd_bij_soort' as code
    from meldingen
    inner join grenzen
        on
            meldingen.soort = grenzen.duo_code
            and (grenzen.vanaf is null or meldingen.datum >= grenzen.vanaf)
            and (grenzen.tot is null or meldingen.datum < grenzen.tot)
    where meldingen.leeftijd < grenzen.leeftijd_van or meldingen.leeftijd >= grenzen.leeftijd_tot
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
