{#
A nesting or partition of exact indicators that the data always shows must be a fact of `verband`: who knows it can subtract.

Nested is an indicator of which every jongere (or event) counts in another; a partition is one whose events each count in exactly one other.
Only with at least 50 of them, and not in the population of a day, because they may be nested by chance.

A model and no test: one of a small gemeente may be nested by chance after all, and that stops `openbaar`, not the night.
#}
with

exact as (
    select indicator, telwijze
    from {{ ref("indicator") }}
    where openbaar = 'exact' and telwijze in ('jongeren', 'aantal') and not heeft_peildatum
),

-- what an indicator counts: a jongere in a schooljaar and gemeente, or an event
geteld as (
    select distinct
        bijdragen.indicator,
        exact.telwijze,
        bijdragen.schooljaar,
        bijdragen.gemeente_code,
        case
            when exact.telwijze = 'jongeren' then bijdragen.jongere_id
            else bijdragen.soort_gebeurtenis || '/' || bijdragen.nummer
        end as ding
    from {{ ref("bijdrage") }} as bijdragen
    inner join exact on bijdragen.indicator = exact.indicator
),

-- an indicator with itself too: that is how many it counts
samen as (
    select
        een.indicator as deel,
        ander.indicator as geheel,
        count(*) as aantal
    from geteld as een
    inner join geteld as ander
        on
            een.telwijze = ander.telwijze
            and een.schooljaar = ander.schooljaar
            and een.gemeente_code = ander.gemeente_code
            and een.ding = ander.ding
    group by een.indicator, ander.indicator
),

genest as (
    select samen.deel, samen.geheel
    from samen
    inner join samen as zelf on samen.deel = zelf.deel and samen.aantal = zelf.aantal
    where zelf.deel = zelf.geheel and samen.deel <> samen.geheel and samen.aantal >= 50
),

termen as (
    select * from {{ ref("verband") }}
    where bereik <> 'uitsplitsing' and uitsplitsing is null
),

enkel as (
    select verband
    from termen
    where factor = -1
    group by verband
    having count(*) = 1
),

-- left is at most right; of a sum each part is at most the total
minder as (
    select
        links.indicator as deel,
        rechts.indicator as geheel
    from termen as links
    inner join termen as rechts on links.verband = rechts.verband and links.factor = 1 and rechts.factor = -1
    inner join enkel on links.verband = enkel.verband
    where links.relatie = '<='
    union all
    select
        rechts.indicator as deel,
        links.indicator as geheel
    from termen as links
    inner join termen as rechts on links.verband = rechts.verband and links.factor = 1 and rechts.factor = -1
    where links.relatie = '='
),

bekend as (
    select een.deel, ander.geheel
    from minder as een
    inner join minder as ander on een.geheel = ander.deel
    union all
    select * from minder
),

verdeeld as (
    select geheel
    from (
        select
            geteld.indicator as geheel,
            geteld.ding,
            count(genest.deel) as keren
        from geteld
        left join geteld as delen on geteld.ding = delen.ding and geteld.telwijze = delen.telwijze
        left join genest on delen.indicator = genest.deel and geteld.indicator = genest.geheel
        group by geteld.indicator, geteld.ding
    ) as per_ding
    group by geheel
    having min(keren) = 1 and max(keren) = 1
)

select
    genest.deel || ' <= ' || genest.geheel as verband
from genest
left join bekend on genest.deel = bekend.deel and genest.geheel = bekend.geheel
where bekend.deel is null
union all
select
    verdeeld.geheel || ' = de som van zijn delen' as verband
from verdeeld
left join termen on verdeeld.geheel = termen.indicator and termen.relatie = '=' and termen.factor = 1
where termen.indicator is null
