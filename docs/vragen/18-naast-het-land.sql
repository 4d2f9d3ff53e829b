-- Hoe staan wij naast het land?
--
-- Alleen de cijfers die met `ocw_` beginnen, zijn geteld als die van het land. Een kalenderjaar van de bron staat naast het schooljaar dat
-- erin eindigt; het laatste jaar dat de bron noemt, kan eerder zijn dan het onze.
with

land as (
    select
        indicator,
        schooljaar,
        waarde,
        bron
    from kern.vergelijking
    where gebied_soort = 'land'
    qualify row_number() over (partition by indicator order by schooljaar desc, bron asc) = 1
)

select
    kerncijfers.label,
    kerncijfers.gemeente,
    kerncijfers.schooljaar,
    kerncijfers.percentage as per_1000,
    land.waarde as land_per_1000,
    land.schooljaar as schooljaar_van_land,
    land.bron as bron_van_land
from jaarverslag.kerncijfers
inner join land on kerncijfers.indicator = land.indicator
where kerncijfers.percentage is not null
order by kerncijfers.label, kerncijfers.gemeente, kerncijfers.schooljaar
