-- Waarom verschilt het aantal vrijstellingen van het aantal vrijgestelde jongeren?
--
-- `vrijstellingen_totaal` telt besluiten van vier gronden die in het schooljaar ingaan, `vrijstellingen_stand` jongeren met een
-- vrijstelling van een van zes gronden die op 1 oktober geldt.
select
    schooljaar,
    gemeente,
    max(waarde) filter (where indicator = 'vrijstellingen_totaal') as besluiten,
    max(waarde) filter (where indicator = 'vrijstellingen_stand') as jongeren_op_1_oktober
from jaarverslag.kerncijfers
where indicator in ('vrijstellingen_totaal', 'vrijstellingen_stand')
group by schooljaar, gemeente
order by schooljaar, gemeente
