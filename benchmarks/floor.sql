-- The floor: the kerncijfers from the delivered files by one script that trusts them. No checks beyond what a wrong row would do to a
-- figure, no history, no pseudonyms, no gates, no warehouse to keep. `benchmarks/night.py` runs it and compares every cell with the night's.
--
-- Variables: landing (folders <bron>/<levering>, all CSV), seeds (the reference data), gemeenten (a list of codes).

create macro elfproef(nummer) as coalesce(
    regexp_full_match(nummer, '[0-9]{9}')
    and (
        9 * nummer[1]::int + 8 * nummer[2]::int + 7 * nummer[3]::int + 6 * nummer[4]::int + 5 * nummer[5]::int
        + 4 * nummer[6]::int + 3 * nummer[7]::int + 2 * nummer[8]::int - nummer[9]::int
    ) % 11 = 0,
    false
);
create macro schooljaar(dag) as (year(dag) - (month(dag) < 8)::int) || '-' || (year(dag) - (month(dag) < 8)::int + 1);
create macro leeftijd(geboren, dag) as
    year(dag) - year(geboren) - ((month(dag), day(dag)) < (month(geboren), day(geboren)))::int;
create macro leerplicht_begin(geboren) as
    date_trunc('month', geboren + interval 5 year + ((month(geboren), day(geboren)) = (2, 29))::int * interval 1 day) + interval 1 month;
create macro leerplicht_einde(geboren) as make_date(year(geboren) + 16 + (month(geboren) >= 8)::int, 7, 31);
create macro plichtig(geboren, startkwalificatie, dag) as coalesce(
    dag >= leerplicht_begin(geboren)
    and (
        dag <= leerplicht_einde(geboren)
        or (leeftijd(geboren, dag) < 18 and (startkwalificatie is null or dag < startkwalificatie))
    ),
    false
);

-- every file once
create temp table gelezen_jongere as
select filename, bsn, onderwijsnummer, geboortedatum, datum_startkwalificatie, datum_overlijden
from read_csv(
    getvariable('landing') || '/monitor/*/jongeren.csv', delim = ';', header = true, quote = '"', filename = true, dateformat = '%Y-%m-%d',
    types = {'BSN': 'varchar', 'ONDERWIJSNUMMER': 'varchar', 'GEBOORTEDATUM': 'date', 'DATUM_STARTKWALIFICATIE': 'date', 'DATUM_OVERLIJDEN': 'date'}
);
create temp table gelezen_woonperiode as
select filename, bsn, onderwijsnummer, gemeentecode, datum_vestiging, datum_vertrek
from read_csv(
    getvariable('landing') || '/monitor/*/woonperioden.csv', delim = ';', header = true, quote = '"', filename = true, dateformat = '%Y-%m-%d',
    types = {'BSN': 'varchar', 'ONDERWIJSNUMMER': 'varchar', 'GEMEENTECODE': 'varchar', 'DATUM_VESTIGING': 'date', 'DATUM_VERTREK': 'date'}
);
create temp table gelezen_inschrijving as
select filename, bsn, onderwijsnummer, datum_inschrijving, datum_uitschrijving
from read_csv(
    getvariable('landing') || '/monitor/*/inschrijvingen.csv', delim = ';', header = true, quote = '"', filename = true, dateformat = '%Y-%m-%d',
    types = {'BSN': 'varchar', 'ONDERWIJSNUMMER': 'varchar', 'DATUM_INSCHRIJVING': 'date', 'DATUM_UITSCHRIJVING': 'date', 'LEERJAAR': 'varchar'}
);
create temp table gelezen_melding as
select
    filename, meldingsnummer, datum_laatste_mutatie, tijdstip_laatste_mutatie, status, verzuimsoort, bsn, onderwijsnummer,
    datum_begin, datum_einde, datum_melding, replace(uren, ',', '.')::decimal(12, 4) as uren, reden_afgesloten
from read_csv(
    getvariable('landing') || '/duo/*/verzuimmeldingen.csv', delim = ';', header = true, quote = '"', filename = true, all_varchar = true
);
create temp table gelezen_signaal as
select
    filename, signaalnummer, datum_laatste_mutatie, bsn, onderwijsnummer, datum_begin::date as datum_begin, datum_einde::date as datum_einde, status
from read_csv(
    getvariable('landing') || '/duo/*/absoluut_verzuim.csv', delim = ';', header = true, quote = '"', filename = true, all_varchar = true
);
create temp table koppeling as
select onderwijsnummer, arg_max(bsn, filename) as bsn
from read_csv(getvariable('landing') || '/duo/*/koppeling.csv', delim = ';', header = true, filename = true, all_varchar = true)
group by onderwijsnummer;
create temp table gelezen_incident as
select filename, incidentnr, lpad(bsn, 9, '0') as bsn, onderwijsnummer, strptime(datum, '%d-%m-%Y')::date as datum
from read_csv(getvariable('landing') || '/carel/*/incidenten.csv', delim = ';', header = true, filename = true, all_varchar = true);
create temp table gelezen_interventie as
select
    filename, interventienr, lpad(bsn, 9, '0') as bsn, onderwijsnummer, strptime(datum, '%d-%m-%Y')::date as datum,
    soort, verzuimsoort, meldingsnummer
from read_csv(getvariable('landing') || '/carel/*/interventies.csv', delim = ';', header = true, filename = true, all_varchar = true);
create temp table gelezen_vrijstelling as
select
    filename, vrijstellingnr, lpad(bsn, 9, '0') as bsn, onderwijsnummer, grond, aard, besluit,
    strptime(datum_ingang, '%d-%m-%Y')::date as datum_ingang, strptime(datum_einde, '%d-%m-%Y')::date as datum_einde
from read_csv(getvariable('landing') || '/carel/*/vrijstellingen.csv', delim = ';', header = true, filename = true, all_varchar = true);
create temp table gelezen_verlofaanvraag as
select filename, verlofnr, lpad(bsn, 9, '0') as bsn, onderwijsnummer, strptime(datum_aanvraag, '%d-%m-%Y')::date as datum_aanvraag, besluit
from read_csv(getvariable('landing') || '/carel/*/verlofaanvragen.csv', delim = ';', header = true, filename = true, all_varchar = true);
create temp table gelezen_geoorloofd as
select
    filename, geoorloofdnr, lpad(bsn, 9, '0') as bsn, onderwijsnummer,
    strptime(datum_begin, '%d-%m-%Y')::date as datum_begin, strptime(datum_einde, '%d-%m-%Y')::date as datum_einde
from read_csv(getvariable('landing') || '/carel/*/thuiszitters_geoorloofd.csv', delim = ';', header = true, filename = true, all_varchar = true);

-- who and where, by the last register
create temp table jongere as
select coalesce(j.bsn, k.bsn, j.onderwijsnummer) as persoon, j.geboortedatum, j.datum_startkwalificatie, j.datum_overlijden
from gelezen_jongere as j left join koppeling as k using (onderwijsnummer)
where j.filename = (select max(filename) from gelezen_jongere) and (j.bsn is null or elfproef(j.bsn));
create temp table woonperiode as
select
    coalesce(w.bsn, k.bsn, w.onderwijsnummer) as persoon, w.gemeentecode, w.datum_vestiging as van,
    coalesce(w.datum_vertrek, date '9999-12-31') as tot
from gelezen_woonperiode as w left join koppeling as k using (onderwijsnummer)
where w.filename = (select max(filename) from gelezen_woonperiode) and (w.datum_vertrek is null or w.datum_vertrek > w.datum_vestiging);

create temp table inschrijving as
select
    coalesce(i.bsn, k.bsn, i.onderwijsnummer) as persoon, i.datum_inschrijving as van, coalesce(i.datum_uitschrijving, date '9999-12-31') as tot
from gelezen_inschrijving as i left join koppeling as k using (onderwijsnummer)
where i.filename = (select max(filename) from gelezen_inschrijving);

-- what happened, each in its newest version
create temp table versie as
select *, row_number() over (partition by meldingsnummer order by datum_laatste_mutatie desc, tijdstip_laatste_mutatie desc, filename desc) as rang
from gelezen_melding
where
    verzuimsoort in ('V1', 'V2', 'V3', 'V4', 'RMC', 'L', 'LRV', 'O')
    and (bsn is null or elfproef(bsn))
    and datum_begin >= '19900101'
    and (datum_einde is not null or verzuimsoort not in ('V3', 'LRV', 'RMC'));

-- a melding is closed since the first of its last versions that say so
create temp table sluiting as
select meldingsnummer as nummer, min(strptime(datum_laatste_mutatie, '%Y%m%d')::date) as dag
from versie inner join (
    select meldingsnummer, coalesce(min(rang) filter (where status not in ('G', 'K')), max(rang) + 1) as open from versie group by meldingsnummer
) using (meldingsnummer)
where rang < open
group by meldingsnummer;

create temp table feit as
with
signaal as (
    select * from gelezen_signaal
    qualify row_number() over (partition by signaalnummer order by datum_laatste_mutatie desc, filename desc) = 1
),
alle as (
    select
        'melding' as wat, meldingsnummer as nummer, bsn, onderwijsnummer, strptime(datum_melding, '%Y%m%d')::date as dag,
        verzuimsoort as soort, status, reden_afgesloten as reden, uren, null as genoemd, null::date as einde
    from versie where rang = 1 and status <> 'I'
    union all
    select 'signaal', signaalnummer, bsn, onderwijsnummer, datum_begin, '', status, null, null, null, datum_einde
    from signaal where status <> 'ingetrokken'
    union all
    select 'incident', incidentnr, bsn, onderwijsnummer, datum, '', '', null, null, null, null
    from gelezen_incident where filename = (select max(filename) from gelezen_incident)
    union all
    select 'interventie', interventienr, bsn, onderwijsnummer, datum, soort, '', verzuimsoort, null, meldingsnummer, null
    from gelezen_interventie where filename = (select max(filename) from gelezen_interventie)
    union all
    select 'vrijstelling', vrijstellingnr, bsn, onderwijsnummer, datum_ingang, grond, besluit, aard, null, null, datum_einde
    from gelezen_vrijstelling where filename = (select max(filename) from gelezen_vrijstelling) and besluit = 'toegekend'
    union all
    select 'verlof', verlofnr, bsn, onderwijsnummer, datum_aanvraag, '', besluit, null, null, null, null
    from gelezen_verlofaanvraag where filename = (select max(filename) from gelezen_verlofaanvraag)
    union all
    select 'afwezig', geoorloofdnr, bsn, onderwijsnummer, datum_begin, '', '', null, null, null, datum_einde
    from gelezen_geoorloofd where filename = (select max(filename) from gelezen_geoorloofd)
)
select alle.* exclude (bsn, onderwijsnummer), coalesce(alle.bsn, k.bsn, alle.onderwijsnummer) as persoon
from alle left join koppeling as k using (onderwijsnummer);

create temp table bekend as
select strptime(max(regexp_extract(file, '/duo/([0-9]{8})', 1)), '%Y%m%d')::date as dag from glob(getvariable('landing') || '/duo/*/absoluut_verzuim.csv');

create temp table peildata as
select schooljaar, begin, einde, peildatum from read_csv(getvariable('seeds') || '/referentie/referentie__schooljaar.csv')
where schooljaar between (select min(schooljaar(dag)) from feit) and (
    select max(schooljaar(dag)) from feit where wat not in ('verlof', 'afwezig')
);

-- the days on which a signal may have begun to be that of a plichtige without a school: if it ever was, it was on one of these
create temp table dag_zonder as
with
looptijd as (
    select
        f.nummer, f.persoon, greatest(f.dag, p.begin) as eerste,
        least(coalesce(f.einde, b.dag), p.einde) as laatste
    from feit as f inner join peildata as p on f.wat = 'signaal' and f.dag <= p.einde cross join bekend as b
),
verandering as (
    select persoon, unnest([van, tot]) as dag from woonperiode
    union
    select persoon, tot from inschrijving
    union
    select persoon, einde + 1 from feit where wat = 'vrijstelling'
    union
    select persoon, leerplicht_begin(geboortedatum) from jongere
)
select nummer, persoon, eerste as dag from looptijd where eerste <= laatste
union
select l.nummer, l.persoon, v.dag from looptijd as l inner join verandering as v on l.persoon = v.persoon and v.dag > l.eerste and v.dag <= l.laatste;

-- with the person on the day on which it counts: that of the event, or another one on which it held or ended
create temp table gebeurtenis as
with
alle as (
    select * from feit where wat <> 'afwezig'
    union all
    select f.* replace ('afwezig' as wat, greatest(f.dag, p.begin) as dag)
    from feit as f inner join peildata as p on f.dag <= p.einde and coalesce(f.einde, p.begin) >= p.begin
    where f.wat = 'afwezig'
    union all
    select f.* replace ('stand' as wat, p.peildatum as dag)
    from feit as f inner join peildata as p on f.dag <= p.peildatum and coalesce(f.einde, p.peildatum) >= p.peildatum
    where f.wat = 'vrijstelling'
    union all
    select * replace ('opgelost' as wat, einde as dag) from feit where wat = 'signaal' and status = 'opgelost' and einde is not null
    union all
    select 'zonder' as wat, nummer, dag, null, null, null, null, null, null, persoon from dag_zonder
),
momenten as (
    select distinct persoon, dag from alle
),
thuis as (
    select
        m.persoon, m.dag, bool_or(w.van <= m.dag) as woont,
        coalesce(
            arg_max(w.gemeentecode, w.van) filter (where w.van <= m.dag), arg_min(w.gemeentecode, w.van) filter (where w.van > m.dag)
        ) as gemeente
    from momenten as m inner join woonperiode as w on m.persoon = w.persoon and w.tot > m.dag
    group by m.persoon, m.dag
),
leerling as (
    select distinct m.persoon, m.dag from momenten as m inner join inschrijving as i on m.persoon = i.persoon and i.van <= m.dag and i.tot > m.dag
)
select
    a.*, schooljaar(a.dag) as schooljaar, coalesce(t.gemeente, 'onbekend') as gemeente, coalesce(t.woont, false) as woont,
    leeftijd(j.geboortedatum, a.dag) as leeftijd, plichtig(j.geboortedatum, j.datum_startkwalificatie, a.dag) as plichtig,
    coalesce(j.datum_overlijden <= a.dag, false) as overleden, l.persoon is not null as ingeschreven
from alle as a
left join thuis as t using (persoon, dag)
left join leerling as l using (persoon, dag)
left join jongere as j using (persoon);

create temp table doorlooptijd as
select m.nummer, m.persoon, m.schooljaar, m.gemeente, min(date_diff('day', m.dag, i.dag)) as dagen
from gebeurtenis as m inner join gebeurtenis as i on m.wat = 'melding' and i.wat = 'interventie' and i.genoemd = m.nummer and i.dag >= m.dag
group by all;

-- what counts in which figure
create temp table bijdrage as
with
melding as (
    select g.*, s.verzuimsoort as rij
    from gebeurtenis as g inner join read_csv(getvariable('seeds') || '/kern/verzuimsoort.csv') as s on g.soort = s.duo_code
    where g.wat = 'melding'
),
thuiszitter as (
    select * from gebeurtenis as g
    where
        plichtig and ((wat = 'melding' and soort = 'LRV') or wat = 'signaal')
        and not exists (
            from gebeurtenis as v
            where v.wat = 'vrijstelling' and v.persoon = g.persoon and v.dag <= g.dag and (v.einde is null or v.einde >= g.dag)
        )
),
plichtige as (
    select j.persoon, p.schooljaar, arg_max(w.gemeentecode, w.van) as gemeente
    from jongere as j
    cross join peildata as p
    inner join woonperiode as w on j.persoon = w.persoon and w.van <= p.peildatum and w.tot > p.peildatum
    where
        plichtig(j.geboortedatum, j.datum_startkwalificatie, p.peildatum)
        and (j.datum_overlijden is null or j.datum_overlijden > p.peildatum)
    group by j.persoon, p.schooljaar
)
select 'leerplichtigen' as indicator, persoon, schooljaar, gemeente from plichtige
union all
select unnest(list_filter([
    rij, 'meldingen_' || rij, 'meldingen_totaal', 'relatief_verzuim_jongeren', 'totaal_jongeren_uniek', 'herhaalverzuim_jongeren',
    case when soort = 'O' and uren >= 14 and uren < 16 then 'overig_buiten_definitie' end,
    case when plichtig and soort = 'V3' then 'telling_16_uur_jongeren' end,
    case when plichtig and soort = 'V3' then 'telling_16_uur_meldingen' end,
    case when plichtig and soort = 'L' then 'telling_luxe_jongeren' end,
    case when plichtig and soort = 'L' then 'telling_luxe_meldingen' end,
    case when soort in ('V4', 'RMC') and leeftijd >= 18 and leeftijd < 23 then 'verzuim_18_tot_23' end,
    case when soort in ('V4', 'RMC') and leeftijd >= 23 and leeftijd < 27 then 'verzuim_23_tot_27' end,
    case when plichtig then 'verzuim_plichtig_jongeren' end,
    case when plichtig and (soort in ('V3', 'LRV') or (soort = 'L' and uren >= 16)) then 'ocw_relatief_jongeren' end,
    case when plichtig and (soort in ('V3', 'LRV') or (soort = 'L' and uren >= 16)) then 'ocw_relatief_herhaald_jongeren' end,
    case when soort = 'LRV' then 'lrv_instroom' end,
    case when status = 'G' and soort in ('V3', 'LRV') then 'meldingen_gesloten' end,
    case when status = 'G' and soort in ('V3', 'LRV') and reden = '1' then 'meldingen_teruggeleid' end
], lambda naam: naam is not null)), persoon, schooljaar, gemeente from melding
union all
select 'meldingen_opgevolgd', persoon, schooljaar, gemeente from doorlooptijd
union all
select unnest(list_filter([
    case when s.dag <= p.einde and (s.gesloten is null or s.gesloten > p.einde) then 'lrv_stand_einde' end,
    case when s.dag < p.begin and (s.gesloten is null or s.gesloten >= p.begin) then 'lrv_stand_begin' end,
    case when s.gesloten between p.begin and p.einde then 'lrv_uitstroom' end
], lambda naam: naam is not null)), s.persoon, p.schooljaar, s.gemeente
from (
    select m.persoon, m.gemeente, m.dag, case when c.dag is not null then greatest(c.dag, m.dag) end as gesloten
    from melding as m left join sluiting as c using (nummer) where m.soort = 'LRV'
) as s cross join peildata as p
union all
select unnest(list_filter([
    'absoluut_verzuim', 'totaal_jongeren_uniek',
    case when g.plichtig then 'verzuim_plichtig_jongeren' end,
    case when least(coalesce(g.einde, b.dag), p.einde, b.dag) > g.dag + interval 3 month then 'absoluut_langer_3_maanden' end
], lambda naam: naam is not null)), g.persoon, g.schooljaar, g.gemeente
from gebeurtenis as g inner join peildata as p using (schooljaar) cross join bekend as b
where g.wat = 'signaal'
union all
select unnest(list_filter([
    'absoluut_opgelost', case when ingeschreven then 'telling_absoluut_heringeschreven' end
], lambda naam: naam is not null)), persoon, schooljaar, gemeente from gebeurtenis where wat = 'opgelost'
union all
select distinct 'ocw_absoluut_jongeren', persoon, schooljaar, gemeente from gebeurtenis as g
where
    wat = 'zonder' and plichtig and woont and not overleden and not ingeschreven
    and not exists (
        from gebeurtenis as v
        where v.wat = 'vrijstelling' and v.persoon = g.persoon and v.dag <= g.dag and (v.einde is null or v.einde >= g.dag)
    )
union all
select unnest(list_filter([
    'verlof_aanvragen', case when status in ('toegekend', 'afgewezen') then 'verlof_' || status end
], lambda naam: naam is not null)), persoon, schooljaar, gemeente from gebeurtenis where wat = 'verlof'
union all
select 'thuiszitters_geoorloofd', persoon, schooljaar, gemeente from gebeurtenis where wat = 'afwezig'
union all
select unnest(['vrijstelling_' || soort || '_stand', 'vrijstellingen_stand']), persoon, schooljaar, gemeente from gebeurtenis where wat = 'stand'
union all
select 'thuiszitters', persoon, schooljaar, gemeente from thuiszitter
union all
select 'incidenten', persoon, schooljaar, gemeente from gebeurtenis where wat = 'incident'
union all
select unnest(list_filter([
    'interventies',
    case soort
        when 'halt' then 'haltstraf' when 'spreekuur' then 'spreekuur_jongeren' when 'thuiszitterstafel' then 'thuiszitterstafel_aanmeldingen'
        when 'proces_verbaal' then 'pv_' || reden || '_verzuim'
    end
], lambda naam: naam is not null)), persoon, schooljaar, gemeente from gebeurtenis where wat = 'interventie'
union all
select unnest(list_filter([
    'vrijstelling_' || soort, case when reden = 'verlenging' and soort not in ('3a', '3b') then 'vrijstellingen_verlenging' end
], lambda naam: naam is not null)), persoon, schooljaar, gemeente from gebeurtenis where wat = 'vrijstelling';

create table kerncijfers as
with
indicatoren as (select * from read_csv(getvariable('seeds') || '/kern/indicator.csv')),
gebied as (
    select unnest(getvariable('gemeenten')) as gemeente, gemeente as gebied
    union all
    select unnest(getvariable('gemeenten')), 'regio'
    union all
    select 'onbekend', 'onbekend'
),
per_jongere as (
    select schooljaar, gebied, indicator, persoon, count(*) as aantal from bijdrage inner join gebied using (gemeente) group by all
),
geteld as (
    select
        schooljaar, gebied, indicator,
        case any_value(telwijze) when 'jongeren' then count(*) when 'herhaald' then count(*) filter (where aantal >= 2) else sum(aantal) end
            as waarde
    from per_jongere inner join indicatoren using (indicator)
    group by schooljaar, gebied, indicator
),
opgeteld as (
    select schooljaar, gebied, totaal as indicator, sum(waarde) as waarde
    from geteld inner join (
        select links as totaal, unnest(string_split(rechts, '+')) as onderdeel from read_csv(getvariable('seeds') || '/referentie/referentie__verband.csv')
        where relatie = '=' and links in (select indicator from indicatoren where telwijze = 'optelling')
    ) as o on geteld.indicator = o.onderdeel
    group by all
),
alles as (
    select p.schooljaar, g.gebied, i.indicator, i.telwijze, i.teller, i.noemer, i.factor, i.op_leerplichtigen, coalesce(t.waarde, 0) as waarde
    from indicatoren as i
    cross join peildata as p
    cross join (select distinct gebied from gebied) as g
    left join (from geteld union all from opgeteld) as t using (schooljaar, gebied, indicator)
),
mediaan as (
    select schooljaar, gebied, median(dagen) as dagen from doorlooptijd inner join gebied using (gemeente) group by all
)
select
    a.schooljaar, a.gebied as gemeente_code, a.indicator,
    case when a.telwijze not in ('verhouding', 'mediaan') and not (a.op_leerplichtigen and a.gebied = 'onbekend') then a.waarde::bigint end
        as waarde,
    case
        when a.op_leerplichtigen and a.gebied = 'onbekend' then null
        when a.telwijze = 'mediaan' then m.dagen::decimal(9, 2)
        when a.telwijze = 'verhouding' and n.waarde > 0
            then (((2 * a.factor * 100 * t.waarde + n.waarde) // (2 * n.waarde))::decimal(18, 0) * 0.01)::decimal(9, 2)
    end as percentage
from alles as a
left join alles as t on a.schooljaar = t.schooljaar and a.gebied = t.gebied and a.teller = t.indicator
left join alles as n on a.schooljaar = n.schooljaar and a.gebied = n.gebied and a.noemer = n.indicator
left join mediaan as m on a.schooljaar = m.schooljaar and a.gebied = m.gebied;
