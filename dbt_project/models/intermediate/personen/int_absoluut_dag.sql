{#
The days of a signal on which a jongere can begin to be plichtig, resident, not enrolled and not exempt. If all four hold on any day of the
signal, they hold on one of these.
#}

with

signalen as (
    select * from {{ ref("int_signaal") }}
),

vrijstellingen as (
    select * from {{ ref("int_vrijgesteld") }}
),

veranderingen as (
    select
        jongere_id,
        datum_vestiging as datum
    from {{ ref("int_woonperiode") }}
    union
    -- an earlier period may still be valid
    select
        jongere_id,
        datum_vertrek as datum
    from {{ ref("int_woonperiode") }}
    union
    select
        jongere_id,
        datum_uitschrijving as datum
    from {{ ref("int_inschrijving") }}
    union
    select
        jongere_id,
        cast({{ dbt.dateadd("day", 1, "datum_einde") }} as date) as datum
    from vrijstellingen
    union
    -- kwalificatieplicht begins on 1 August, the first day of a signal's schooljaar
    select
        jongere_id,
        {{ leerplicht_begin("geboortedatum") }} as datum
    from {{ ref("int_jongere") }}
)

select
    nummer,
    jongere_id,
    schooljaar,
    eerste_dag as datum
from signalen
union
select
    signalen.nummer,
    signalen.jongere_id,
    signalen.schooljaar,
    veranderingen.datum
from signalen
inner join veranderingen
    on
        signalen.jongere_id = veranderingen.jongere_id
        and signalen.eerste_dag < veranderingen.datum
        and signalen.laatste_dag >= veranderingen.datum
