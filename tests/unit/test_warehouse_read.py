"""The warehouse as analysts open it: read only, and without access to anything outside it."""

import duckdb
import magazijn
import pytest

from orchestration.lake import Lake
from orchestration.warehouse import nights, read


@pytest.fixture
def lake(tmp_path) -> Lake:
    lake = Lake(tmp_path / "het meer van 's-Hertogenbosch")
    for number in (1, 2):
        lake.warehouse_build.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(lake.warehouse_build)) as connection:
            connection.execute(f"create table nacht as select {number} as nummer")
        magazijn.swap(lake)
    return lake


def test_without_a_night_it_says_so(tmp_path):
    with pytest.raises(read.NoWarehouseError, match="draai eerst leerplicht run"), read.opened(Lake(tmp_path)):
        pass


def test_another_night_can_be_put_beside_it(lake):
    with read.opened(lake, nights.nights(lake)[1].path) as connection:
        assert read.rows(connection, "select nu.nummer as nu, toen.nummer as toen from nacht as nu, ander.nacht as toen") == [
            {"nu": 2, "toen": 1}
        ]


def test_sessions_in_one_process_do_not_know_each_other(lake):
    before, after = nights.nights(lake)[1].path, nights.nights(lake)[0].path
    with read.opened(lake) as one, read.opened(lake, before) as two, read.opened(lake, after) as three:
        with duckdb.connect(str(lake.warehouse_current), read_only=True) as own:
            assert own.execute("select nummer from nacht").fetchall() == [(2,)]
        assert [c.execute("select nummer from leerplicht.nacht").fetchone() for c in (one, two, three)] == [(2,)] * 3
        assert [c.execute("select nummer from ander.nacht").fetchone() for c in (two, three)] == [(1,), (2,)]


def test_a_night_that_loses_its_name_before_it_is_opened_is_not_missed(lake, monkeypatch):
    attach = read._attach

    def too_late(connection, path, name):
        monkeypatch.setattr(read, "_attach", attach)
        lake.warehouse_current.unlink()
        lake.warehouse_current.symlink_to(nights.nights(lake)[1].path)
        path.unlink()
        attach(connection, path, name)

    monkeypatch.setattr(read, "_attach", too_late)
    with read.opened(lake) as connection:
        assert connection.execute("select nummer from nacht").fetchall() == [(1,)]


# {csv}, {parquet} and {other} are files outside; {night} is the file that is open; {new} is a path to write to
LEAVING = """
select * from read_csv('{csv}')
select * from read_csv_auto('{csv}')
select * from sniff_csv('{csv}')
select * from read_text('{csv}')
select * from read_text('/proc/self/environ')
select * from read_blob('{csv}')
select * from read_json('{csv}')
select * from read_ndjson_objects('{csv}')
select * from read_parquet('{parquet}')
select * from parquet_scan('{parquet}')
select * from parquet_metadata('{parquet}')
select * from parquet_schema('{parquet}')
select * from parquet_kv_metadata('{parquet}')
select * from read_duckdb('{other}')
select * from glob('/*')
select * from '{csv}'
select * from '{parquet}'
from '{csv}'
select * from "{csv}"
select * from query('from ''{csv}''')
select * from query_table('{csv}')
select * from query_table(['nacht'])
select * from json_execute_serialized_sql(json_serialize_sql('from ''{csv}'''))
select (select count(*) from "Read_CSV"/* */('{csv}'))
with a as materialized (from main.glob('/*')) from a
pivot (from read_csv('{csv}')) on a using count(*)
select * from 'https://example.org/x.parquet'
select * from 's3://emmer/x.parquet'
attach '{other}' as x
attach '{other}' as x (read_only)
attach '{night}' as x (read_only)
attach or replace '{other}' as leerplicht
attach ':memory:' as x
attach '{new}' as x
detach leerplicht
use memory
set search_path = 'memory.main'
copy nacht to '{new}'
copy (select 1) to '{new}' (format parquet)
copy nacht to '/dev/stdout'
copy nacht from '{csv}'
copy from database leerplicht to memory
export database '{new}'
import database '{new}'
install httpfs
force install httpfs from '/tmp'
load httpfs
load '{csv}'
update extensions
set enable_external_access = true
set global enable_external_access = true
reset enable_external_access
pragma enable_external_access = true
set lock_configuration = false
reset lock_configuration
set temp_directory = '{new}'
set allowed_directories = ['/']
set allowed_paths = ['{csv}']
set home_directory = '/tmp'
set secret_directory = '/tmp'
set log_query_path = '{new}'
set profiling_output = '{new}'
set python_enable_replacements = true
set threads = 1
set variable x = 1
pragma threads = 1
pragma enable_profiling = 'json'
call enable_profiling()
from enable_profiling(save_location = '{new}')
call enable_logging(storage = 'file', storage_path = '{new}')
from enable_logging(storage = 'file', storage_path = '{new}')
explain analyze from enable_logging(storage = 'stdout')
from truncate_duckdb_logs()
from duckdb_logs()
from checkpoint()
checkpoint
vacuum
from duckdb_secrets()
from which_secret('s3://x', 's3')
from duckdb_settings()
from duckdb_databases()
from duckdb_extensions()
from duckdb_temporary_files()
pragma database_list
select getenv('HOME')
create secret x (type s3, key_id 'a', secret 'b')
create persistent secret x (type http)
create table weg as select 1
create table memory.weg as select 1
create temp table weg as from range(100000000)
create temp macro weg() as 1
create schema memory.x
explain analyze create table memory.x as select 1
explain analyze copy (select 1) to '{new}'
-- explain\ncreate table memory.x as select 1
insert into nacht from nacht
with a as (select 1) insert into memory.x from a
update nacht set nummer = 1
delete from nacht
truncate nacht
drop table nacht
alter table nacht add column x integer
comment on table nacht is 'x'
begin
prepare q as from nacht
execute q
select 1; select 2
select 1; copy nacht to '{new}'
select * from lake
select * from beside
from python_map_function(1)
from pandas_scan(1)
from sqlite_scan('{csv}', 'x')
from postgres_scan('x', 'y', 'z')
from st_read('{csv}')
""".strip().splitlines()


@pytest.mark.parametrize("beside", [False, True])
def test_no_statement_leaves_the_session(lake, tmp_path, beside):
    """In one session: a statement that gets through fails the test, so none can open a door for the next."""
    outside = {"csv": tmp_path / "buiten.csv", "parquet": tmp_path / "buiten.parquet", "other": tmp_path / "ander.duckdb"}
    outside["csv"].write_text("a\n1\n")
    duckdb.execute(f"copy (select 1 as a) to '{outside['parquet']}'")
    duckdb.connect(str(outside["other"])).close()
    named = {**outside, "night": lake.warehouse_current.resolve(), "new": tmp_path / "nieuw"}
    paths = {name: str(path).replace("'", "''") for name, path in named.items()}
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(LEAVING) > 100
    left = []
    with read.opened(lake, nights.nights(lake)[1].path if beside else None) as connection:
        for statement in LEAVING:
            try:
                left.append((statement, connection.execute(statement.replace("\\n", "\n").format(**paths)).fetchall()))
            except duckdb.Error:
                assert connection.execute("select nummer from nacht").fetchall() == [(2,)]
    assert left == []
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_duckdb_alone_would_let_some_of_them_through(lake):
    """So that the test above is about our rule too, not only about DuckDB's."""
    with read.opened(lake) as connection:
        own = connection._connection
        assert own.execute("create table memory.weg as select 1").fetchall() == [(1,)]
        assert own.execute("from checkpoint()").fetchall() == []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("select nummer from nacht", 2),
        ("SELECT 1 AS x, $$read_csv('x')$$ -- read_csv('x')", 1),
        ("with eerst as (from nacht) select nummer + 1 from eerst;", 3),
        ("from nacht", 2),
        ("(select 1) union all (select 2) order by all", 1),
        ("values (7)", 7),
        ("table nacht", 2),
        ("/* vooraf */ select count(*) from range(3), generate_series(1, 2)", 6),
        ("select unnest([4, 5])", 4),
        ("select nummer from leerplicht.main.nacht", 2),
        ("describe nacht", "nummer"),
        ("describe select 1 as x", "x"),
        ("show tables", "nacht"),
        ("summarize nacht", "nummer"),
        ("pivot nacht on nummer in (1, 2) using count(*)", 0),
        ("pivot nacht on nummer using count(*)", 1),
        ("unpivot nacht on nummer into name naam value waarde", "nummer"),
        ("explain select 1", "physical_plan"),
        ("-- waarom\nexplain analyze select 1", "analyzed_plan"),
        ("select histogram(nummer)[2] from nacht", 1),
        ("select table_name from information_schema.tables", "nacht"),
        ("select table_name from duckdb_tables() where database_name = current_database()", "nacht"),
        ("select column_name from duckdb_columns() where table_name = 'nacht' and database_name = 'leerplicht'", "nummer"),
        ("select nummer from nacht qualify row_number() over (order by nummer) = 1", 2),
    ],
)
def test_every_kind_of_query_works(lake, query, first):
    with read.opened(lake) as connection:
        assert connection.execute(query).fetchall()[0][0] == first


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("drop table nacht", "dit is niet één vraag"),
        ("", "dit is niet één vraag"),
        ("select 1; select 2", "dit is niet één vraag"),
        ("from read_csv('x')", r"read_csv\(\) kan hier niet"),
        ("selec 1", "syntax error"),
    ],
)
def test_a_refusal_says_why(lake, query, says):
    with read.opened(lake) as connection, pytest.raises(duckdb.Error, match=says):
        connection.execute(query)


def test_the_tables_behind_a_night_are_attached_on_request_only(lake):
    with pytest.raises(read.NoWarehouseError, match="waar zij van gemaakt is"), read.opened(lake, provenance=True):
        pass
    lake.warehouse_build.parent.mkdir(parents=True)
    for path, number in ((lake.warehouse_build, 3), (lake.provenance_build, 30)):
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"create table nacht as select {number} as nummer")
    magazijn.swap(lake)
    with read.opened(lake, provenance=True) as connection:
        assert connection.execute("select nummer from herkomst.nacht").fetchall() == [(30,)]
    with read.opened(lake) as connection, pytest.raises(duckdb.Error, match="herkomst"):
        connection.execute("select nummer from herkomst.nacht")


def test_who_may_not_read_them_gets_a_sentence(lake, monkeypatch):
    [night] = [night for night in nights.nights(lake) if night.is_current]
    lake.provenances.mkdir(parents=True)
    lake.provenance(night.name).write_bytes(b"")
    monkeypatch.setattr(read.os, "access", lambda *_: False)  # whatever the user of this test
    with pytest.raises(read.ProvenanceError, match="niet voor analisten"), read.opened(lake, provenance=True):
        pass
