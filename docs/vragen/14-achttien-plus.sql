-- Hoe oud zijn de jongeren van 18 jaar en ouder die verzuimen?
--
-- Sinds 1 januari 2026 melden scholen verzuim zonder startkwalificatie tot 27 jaar, daarvoor tot 23 jaar; tot dan telt in de tweede
-- groep alleen wie een school toch meldde. Een jongere telt in een schooljaar in elke groep één keer.
select
    kerncijfers.schooljaar,
    kerncijfers.gemeente,
    max(kerncijfers.waarde) filter (where kerncijfers.indicator = 'verzuim_18_tot_23') as van_18_tot_23,
    max(kerncijfers.waarde) filter (where kerncijfers.indicator = 'verzuim_23_tot_27') as van_23_tot_27
from jaarverslag.kerncijfers
where kerncijfers.indicator in ('verzuim_18_tot_23', 'verzuim_23_tot_27')
group by kerncijfers.schooljaar, kerncijfers.gemeente
order by kerncijfers.schooljaar, kerncijfers.gemeente
