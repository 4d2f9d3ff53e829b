-- Waarom is het verzuimpercentage van het jaarverslag hoger dan dat van plichtige jongeren?
--
-- Het jaarverslag telt ook jongeren van 18 jaar en ouder in de teller, en wie absoluut én relatief verzuimt twee keer; de noemer is in
-- beide het aantal leerplichtigen.
select
    ruim.gemeente,
    ruim.schooljaar,
    ruim.percentage as van_het_jaarverslag,
    plichtig.percentage as van_plichtigen,
    ruim.teller - plichtig.teller as verschil_in_teller,
    ruim.noemer
from jaarverslag.kerncijfers as ruim
inner join jaarverslag.kerncijfers as plichtig
    on
        ruim.schooljaar = plichtig.schooljaar
        and ruim.gemeente_code = plichtig.gemeente_code
        and plichtig.indicator = 'verzuimpercentage_plichtig'
where ruim.indicator = 'verzuimpercentage' and ruim.percentage is not null
order by ruim.gemeente, ruim.schooljaar
