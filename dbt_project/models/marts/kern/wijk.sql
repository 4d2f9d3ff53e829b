with

wijken as (
    {{ met_eigen_rijen("referentie__wijk", "wijken", ["wijkcode", "wijk"]) }}
)

select
    wijkcode,
    wijk as naam
from wijken
