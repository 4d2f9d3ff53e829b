with

schooljaren as (
    select * from {{ ref("referentie__schooljaar") }}
),

gebeurtenissen as (
    select * from {{ ref("int_gebeurtenis") }}
),

grenzen as (
    select
        coalesce(nullif('{{ instelling("eerste_schooljaar") }}', ''), min(schooljaar)) as eerste,
        coalesce(nullif('{{ instelling("laatste_schooljaar") }}', ''), max(schooljaar)) as laatste
    from gebeurtenissen
    where is_geldig and telt and bepaalt_schooljaren
)

select
    schooljaren.schooljaar,
    schooljaren.begin,
    schooljaren.einde,
    schooljaren.peildatum,
    schooljaren.vorig_schooljaar
from schooljaren
inner join grenzen on schooljaren.schooljaar >= grenzen.eerste and schooljaren.schooljaar <= grenzen.laatste
