-- Hoeveel meldingen komen van een andere school dan die waar de jongere is ingeschreven?
--
-- `meldende_school_code` is de school die meldt, `inschrijving_school_code` die van de inschrijving op de datum van de melding.
select
    schooljaar,
    count(*) as meldingen,
    count(*) filter (where inschrijving_school_code is null) as zonder_inschrijving,
    count(*) filter (where meldende_school_code <> inschrijving_school_code) as andere_school
from kern.melding
where telt
group by schooljaar
order by schooljaar
