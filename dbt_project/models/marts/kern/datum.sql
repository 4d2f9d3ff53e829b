with

schooljaren as (
    select * from {{ ref("int_schooljaar") }}
),

dagen as (
    select
        schooljaar,
        peildatum,
        {{ elke_dag("begin", "einde") }} as datum
    from schooljaren
)

select
    datum,
    schooljaar,
    substring(cast(datum as {{ dbt.type_string() }}), 1, 7) as maand,
    datum = peildatum as is_peildatum
from dagen
