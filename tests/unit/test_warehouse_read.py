"""The warehouse as analysts open it: nothing can be written, and nothing outside it is in reach."""

import duckdb
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
        nights.swap(lake)
    return lake


def test_without_a_night_it_says_so(tmp_path):
    with pytest.raises(read.NoWarehouseError, match="draai eerst leerplicht run"), read.opened(Lake(tmp_path)):
        pass


def test_another_night_can_be_put_beside_it(lake):
    with read.opened(lake, nights.nights(lake)[1].path) as connection:
        assert read.rows(connection, "select nu.nummer as nu, toen.nummer as toen from nacht as nu, ander.nacht as toen") == [
            {"nu": 2, "toen": 1}
        ]


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
        "select * from lake",  # a variable of this very function
    ],
)
def test_nothing_is_written_and_nothing_else_is_read(lake, tmp_path, statement, beside):
    outside = tmp_path / "buiten.csv"
    outside.write_text("a\n1\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with read.opened(lake, nights.nights(lake)[1].path if beside else None) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(outside=outside)).fetchall()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
