-- Hoeveel dagen zitten er tussen een melding en de eerste interventie, per gemeente?
--
-- `jaarverslag.doorlooptijd` heeft één rij per melding die werd opgevolgd. De mediaan is het gepubliceerde cijfer; de andere twee laten
-- zien hoe ver de staart reikt.
select
    gebied.naam as gebied,
    doorlooptijd.schooljaar,
    count(*) as opgevolgd,
    cast(median(doorlooptijd.dagen) as decimal(5, 1)) as mediaan,
    cast(quantile_cont(doorlooptijd.dagen, 0.9) as decimal(5, 1)) as een_op_tien_langer,
    max(doorlooptijd.dagen) as langste
from jaarverslag.doorlooptijd
inner join kern.gebied on doorlooptijd.gemeente_code = gebied.gemeente_code
group by gebied.naam, doorlooptijd.schooljaar
order by gebied.naam, doorlooptijd.schooljaar
