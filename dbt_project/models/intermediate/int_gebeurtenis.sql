{# Every loaded version of what happened to a jongere, of five entiteiten, in one form. #}

with

koppelingen as (
    select * from {{ ref("int_koppeling") }}
),

meldingen as (
    select
        'melding' as gebeurtenis,
        'duo' as bron,
        'verzuimmelding' as entiteit,
        meldingsnummer as nummer,
        datum_melding as datum,
        verzuimsoort as soort,
        status <> 'I' as telt,
        brin || vestiging as school_code,
        aanleiding,
        bsn_pseudoniem,
        onderwijsnummer_pseudoniem,
        levering,
        versie,
        is_geldig
    from {{ ref("base_duo__verzuimmelding") }}
),

signalen as (
    select
        'absoluut_verzuim' as gebeurtenis,
        'duo' as bron,
        'absoluut_verzuim' as entiteit,
        signaalnummer as nummer,
        datum_begin as datum,
        status as soort,
        status <> 'ingetrokken' as telt,
        cast(null as {{ dbt.type_string() }}) as school_code,
        cast(null as {{ dbt.type_string() }}) as aanleiding,
        bsn_pseudoniem,
        onderwijsnummer_pseudoniem,
        levering,
        versie,
        is_geldig
    from {{ ref("base_duo__absoluut_verzuim") }}
),

incidenten as (
    select
        'incident' as gebeurtenis,
        'carel' as bron,
        'incident' as entiteit,
        incidentnr as nummer,
        datum,
        contact_met as soort,
        true as telt,
        -- Carel names no vestiging: the main one
        brin || '00' as school_code,
        aanleiding,
        bsn_pseudoniem,
        onderwijsnummer_pseudoniem,
        levering,
        versie,
        is_geldig
    from {{ ref("base_carel__incident") }}
),

interventies as (
    select
        'interventie' as gebeurtenis,
        'carel' as bron,
        'interventie' as entiteit,
        interventienr as nummer,
        datum,
        soort,
        true as telt,
        cast(null as {{ dbt.type_string() }}) as school_code,
        cast(null as {{ dbt.type_string() }}) as aanleiding,
        bsn_pseudoniem,
        onderwijsnummer_pseudoniem,
        levering,
        versie,
        is_geldig
    from {{ ref("base_carel__interventie") }}
),

vrijstellingen as (
    select
        'vrijstelling' as gebeurtenis,
        'carel' as bron,
        'vrijstelling' as entiteit,
        vrijstellingnr as nummer,
        datum_ingang as datum,
        grond as soort,
        besluit = 'toegekend' as telt,
        cast(null as {{ dbt.type_string() }}) as school_code,
        cast(null as {{ dbt.type_string() }}) as aanleiding,
        bsn_pseudoniem,
        onderwijsnummer_pseudoniem,
        levering,
        versie,
        is_geldig
    from {{ ref("base_carel__vrijstelling") }}
),

alle as (
    select * from meldingen
    union all
    select * from signalen
    union all
    select * from incidenten
    union all
    select * from interventies
    union all
    select * from vrijstellingen
)

select
    alle.gebeurtenis,
    alle.bron,
    alle.entiteit,
    alle.levering,
    alle.versie,
    alle.nummer,
    {{ jongere_id("alle", "koppelingen") }} as jongere_id,
    alle.datum,
    {{ schooljaar_van("alle.datum") }} as schooljaar,
    alle.soort,
    alle.school_code,
    alle.aanleiding,
    alle.telt,
    alle.is_geldig
from alle
left join koppelingen on alle.onderwijsnummer_pseudoniem = koppelingen.onderwijsnummer_pseudoniem
