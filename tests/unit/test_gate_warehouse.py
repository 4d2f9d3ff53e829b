"""The gate of the warehouse on what analysts may not see: other tables, dates of before the schooljaren, and birth dates."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations import gate
from expectations.suites import warehouse
from orchestration.lake import Lake

OWN, OTHERS = date(2012, 3, 4), date(2024, 9, 10)
TABLES = """
create schema kern;
create schema jaarverslag;
create table kern.schooljaar as select date '2023-08-01' as begin, date '2024-07-31' as einde;
create table kern.jongere as select unnest(['a', 'b', 'c']) as jongere_id;
create table kern.plichtige as select 'a' as jongere_id, date '2023-10-01' as peildatum, 11 as leeftijd;
create table kern.melding as select 'm' as meldingsnummer, 'a' as jongere_id, 12 as leeftijd, timestamp '2024-09-10 12:00' as mutatiemoment;
create table kern.interventie (interventienr varchar, jongere_id varchar, leeftijd integer);
create table kern.incident (incidentnr varchar, jongere_id varchar, leeftijd integer);
create table kern.vrijstelling (vrijstellingnr varchar, jongere_id varchar, leeftijd integer);
create table kern.absoluut_verzuim (signaalnummer varchar, jongere_id varchar, leeftijd integer);
create table kern.traject as select 'melding' as soort_gebeurtenis;
create table kern.verzuimsoort as select 'luxe' as verzuimsoort, true as is_relatief;
create table jaarverslag.kerncijfers as
select
    '2023-2024' as schooljaar, '0164' as gemeente_code, 'verzuim_naar_soort' as tabel, 'gepubliceerd' as status, indicator,
    1::bigint as waarde
from (values ('relatief_verzuim_jongeren'), ('luxe')) as rij (indicator);
create table kern.woonperiode as
select jongere_id, datum_vestiging
from (values ('a', date '2024-09-10'), ('b', date '2025-01-01'), ('c', date '2023-08-01')) as rij (jongere_id, datum_vestiging);
"""


@pytest.fixture
def built(tmp_path: Path) -> Lake:
    """A warehouse without faults: two dates of jongere a are the birth date of b."""
    lake = Lake(tmp_path)
    lake.warehouse_build.parent.mkdir(parents=True)
    with duckdb.connect(str(lake.warehouse_build)) as connection:
        connection.execute(TABLES)
    born(lake, [("a", OWN), ("b", OTHERS), ("c", None)])
    return lake


def born(lake: Lake, known: list[tuple[str, date | None]]) -> None:
    lake.birth_dates_build.unlink(missing_ok=True)
    with duckdb.connect(str(lake.birth_dates_build)) as connection:
        connection.execute("create schema intermediate")
        connection.execute("create table intermediate.int_grens (jongere_id varchar, geboortedatum date)")
        connection.executemany("insert into intermediate.int_grens values (?, ?)", known or [("niemand", None)])


def red(lake: Lake, change: str = "") -> dict[str, int]:
    """Return the number of deviations of each red rule, after a change to the warehouse."""
    if change:
        with duckdb.connect(str(lake.warehouse_build)) as connection:
            connection.execute(change)
    verdict = gate.judge("warehouse", warehouse.tables(lake.warehouse_build, lake.birth_dates_build), lake.warehouse_build)
    return {f"{finding.tabel}.{finding.kolom}": finding.afwijkend for finding in verdict.findings if finding.is_red}


def test_the_birth_date_of_another_is_a_coincidence(built: Lake):
    assert red(built) == {}
    frames = {table.name: table.frame for table in warehouse.tables(built.warehouse_build, built.birth_dates_build)}
    assert set(frames["geboortedata"].kolom) == {
        "kern.melding.mutatiemoment",
        "kern.plichtige.peildatum",
        "kern.woonperiode.datum_vestiging",
    }
    assert set(frames["datums"].kolom) == {*frames["geboortedata"].kolom, "kern.schooljaar.begin", "kern.schooljaar.einde"}


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        # as the models were: who was born here lives here since the birth date
        (f"update kern.woonperiode set datum_vestiging = '{OWN}' where jongere_id = 'a'", {"datums.te_vroeg", "geboortedata.gelijk"}),
        (f"update kern.woonperiode set datum_vestiging = '{OTHERS}' where jongere_id = 'b'", {"geboortedata.gelijk"}),
        # a column or table that somebody adds, of any type with a date
        (f"create table kern.nieuw as select 'b' as jongere_id, timestamp_s '{OTHERS} 23:59:59' as ooit", {"geboortedata.gelijk"}),
        (
            f"create table jaarverslag.nieuw as select 'b' as jongere_id, '{OTHERS} 12:00:00+00'::timestamptz as ooit",
            {"geboortedata.gelijk"},
        ),
        (f"alter table kern.traject add column ooit date default date '{OWN}'", {"datums.te_vroeg"}),
        ("create table kern.nieuw as select 'm' as nummer, date '2023-07-29' as ooit", {"datums.te_vroeg"}),
        ("create table kern.nieuw as select 'm' as nummer, date '2023-07-30' as ooit", set()),
        (f"create table kern.nieuw as select 'b' as jongere_id, [date '{OTHERS}'] as ooit", {"datums.te_vroeg"}),
        (f"create table kern.nieuw as select {{'ooit': date '{OTHERS}'}} as wanneer", {"datums.te_vroeg"}),
        ("delete from kern.schooljaar", {"datums.te_vroeg"}),
        ("create schema staging; create table staging.base as select 1 as x", {"tabellen.schema"}),
        ("create view main.blik as select 1 as x", {"tabellen.schema"}),
        ("create table main.los as select 1 as x", {"tabellen.schema"}),
    ],
)
def test_what_analysts_may_not_see_is_red(built: Lake, change: str, rules: set[str]):
    assert red(built, change).keys() == rules


@pytest.mark.parametrize("known", [[], [("a", None), ("b", None)], [("d", OWN)]])
def test_without_birth_dates_to_compare_with_it_is_red(built: Lake, known: list[tuple[str, date | None]]):
    born(built, known)
    assert red(built).keys() == {"geboortedata.vergeleken"}


def test_without_dates_it_is_red(built: Lake):
    change = "alter table kern.melding drop mutatiemoment; alter table kern.woonperiode drop datum_vestiging;"
    change += " update kern.plichtige set peildatum = null"
    assert {"geboortedata.vergeleken", "plichtige.peildatum"} <= red(built, change).keys()


def test_a_warehouse_in_place_is_judged_without_birth_dates(built: Lake):
    names = {table.name for table in warehouse.tables(built.warehouse_build, None)}
    assert {"datums", "tabellen"} <= names
    assert "geboortedata" not in names


# --- keys and ages are counted


def findings(lake: Lake, change: str) -> dict[str, tuple[bool, int, int]]:
    """Return of each rule on meldingen whether it holds, how many rows it saw and how many deviate, after a change."""
    with duckdb.connect(str(lake.warehouse_build)) as connection:
        connection.execute(change)
    verdict = gate.judge("warehouse", warehouse.tables(lake.warehouse_build, lake.birth_dates_build), lake.warehouse_build)
    own = [one for one in verdict.findings if one.tabel == "melding"]
    return {one.verwachting: (one.geslaagd, one.gezien, one.afwijkend) for one in own}


def test_one_key_among_a_million_is_found(built: Lake):
    more = "insert into kern.melding select i::varchar, 'a', 12, timestamp '2024-09-10 12:00' from range(1000000) as t(i)"
    found = findings(built, more)
    assert found["de sleutel is uniek"] == (True, 1000001, 0)
    assert findings(built, "update kern.melding set meldingsnummer = '7' where meldingsnummer = 'm'")["de sleutel is uniek"] == (
        False,
        1000001,
        2,
    )
    assert findings(built, "update kern.melding set meldingsnummer = null where meldingsnummer = '8'")["de sleutel is gevuld"][2] == 1


@pytest.mark.parametrize(("odd", "holds"), [(0, True), (2, True), (3, False)])
def test_of_the_ages_one_in_a_hundred_may_be_odd(built: Lake, odd: int, holds: bool):
    ages = f"case when i < {odd} then 31 when i < 200 then 30 end"
    rows = f"select i::varchar, 'a', {ages}, timestamp '2024-09-10 12:00' from range(300) as t(i)"
    found = findings(built, f"delete from kern.melding; insert into kern.melding {rows}")
    assert found["de leeftijd past bij een jongere"] == (holds, 300, odd), "of those that are known"


def test_a_table_of_facts_without_rows_is_left_out_and_one_of_jongeren_is_red(built: Lake):
    assert findings(built, "delete from kern.melding; delete from kern.traject") == {}
    assert "jongere." in red(built, "delete from kern.jongere")
