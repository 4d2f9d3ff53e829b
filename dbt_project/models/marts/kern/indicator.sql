with

indicatoren as (
    select * from {{ ref("referentie__indicator") }}
)

select
    indicator,
    tabel,
    label,
    eenheid,
    telwijze,
    volgorde,
    definitie,
    teller,
    noemer,
    factor,
    afronding,
    bron,
    heeft_peildatum,
    op_leerplichtigen
from indicatoren
