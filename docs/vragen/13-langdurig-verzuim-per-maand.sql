-- Hoeveel langdurig verzuim komt er per maand bij, en hoeveel wordt er afgesloten?
--
-- Een zaak is een melding LRV die niet is ingetrokken. Zij begint op de datum van de melding en eindigt als DUO haar voor het laatst sluit
-- (`datum_gesloten`); leeftijd, verhuizing of overlijden sluiten haar niet. De stand is die aan het einde van de maand, in de regio.
with

zaken as (
    select
        melding.datum,
        melding.datum_gesloten
    from kern.melding
    inner join kern.gebied on melding.gemeente_code = gebied.gemeente_code and gebied.gebied_code = 'regio'
    where melding.telt and melding.duo_code = 'LRV'
),

maanden as (
    select
        strftime(datum.datum, '%Y-%m') as maand,
        last_day(datum.datum) as einde
    from kern.datum
    inner join kern.schooljaar on datum.datum >= schooljaar.begin and datum.datum <= schooljaar.einde
    group by all
)

select
    maanden.maand,
    count(*) filter (where strftime(zaken.datum, '%Y-%m') = maanden.maand) as erbij,
    count(*) filter (where strftime(zaken.datum_gesloten, '%Y-%m') = maanden.maand) as afgesloten,
    count(*) filter (where zaken.datum <= maanden.einde and (zaken.datum_gesloten is null or zaken.datum_gesloten > maanden.einde))
        as loopt_aan_het_einde
from maanden
cross join zaken
group by maanden.maand
order by maanden.maand
