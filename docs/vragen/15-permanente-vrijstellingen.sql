-- Hoeveel jongeren hebben een vrijstelling zonder einde, en hoeveel een die dit jaar inging?
--
-- Het jaarverslag telt besluiten die in het schooljaar ingaan; wie al langer is vrijgesteld, telt daar niet mee. De stand van 1 oktober
-- telt de jongeren. Een vrijstelling zonder laatste dag geldt tot Carel iets anders zegt.
select
    stand.schooljaar,
    vrijstellingsgrond.naam as grond,
    count(distinct stand.jongere_id) as vrijgesteld_op_1_oktober,
    count(distinct stand.jongere_id) filter (where vrijstelling.datum_einde is null) as zonder_einde,
    count(distinct stand.jongere_id) filter (where vrijstelling.schooljaar = stand.schooljaar) as ingegaan_sinds_1_augustus
from kern.stand
inner join kern.vrijstelling on stand.nummer = vrijstelling.vrijstellingnr
inner join kern.vrijstellingsgrond on stand.soort = vrijstellingsgrond.grond
inner join kern.gebied on stand.gemeente_code = gebied.gemeente_code and gebied.gebied_code = 'regio'
where stand.stand = 'vrijstelling_stand'
group by stand.schooljaar, vrijstellingsgrond.naam
order by stand.schooljaar, vrijstellingsgrond.naam
