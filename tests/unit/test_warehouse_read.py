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


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "create table weg as select 1",
        "delete from nacht",
        "drop table nacht",
        "select * from '{outside}'",
        "select * from read_csv('{outside}')",
        "select * from glob('/*')",
        "copy nacht to '{outside}'",
        "attach '{outside}'",
        "export database '{outside}'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set threads = 1",
        "select * from lake",  # a variable of this function
    ],
)
def test_nothing_is_written_and_nothing_else_is_read(lake, tmp_path, statement, beside):
    outside = tmp_path / "buiten.csv"
    outside.write_text("a\n1\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with read.opened(lake, nights.nights(lake)[1].path if beside else None) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(outside=outside)).fetchall()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
