with

plicht as (
    select * from {{ ref("int_plicht_op_datum") }}
),

woongemeente as (
    select * from {{ ref("int_woongemeente_op_datum") }}
),

inschrijving as (
    select * from {{ ref("int_inschrijving_op_datum") }}
)

select
    plicht.jongere_id,
    plicht.datum,
    {{ schooljaar_van("plicht.datum") }} as schooljaar,
    plicht.leeftijd,
    plicht.is_overleden,
    plicht.is_leerplichtig,
    plicht.is_kwalificatieplichtig,
    plicht.is_leerplichtig or plicht.is_kwalificatieplichtig as is_plichtig,
    woongemeente.gemeente_code,
    woongemeente.geleverde_gemeente_code,
    woongemeente.woont_er,
    woongemeente.wijkcode,
    inschrijving.onderwijssoort,
    inschrijving.brin || inschrijving.vestiging as inschrijving_school_code
from plicht
inner join woongemeente
    on plicht.jongere_id = woongemeente.jongere_id and plicht.datum = woongemeente.datum
left join inschrijving
    on plicht.jongere_id = inschrijving.jongere_id and plicht.datum = inschrijving.datum
