"""The gate behind the deliveries sees what went wrong in the lake: of each rule one row that breaks it, and how many it counts."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import gate
from expectations.suites import bronnen
from orchestration.deliveries import ingest
from orchestration.deliveries.process import HereReader
from orchestration.example import region
from orchestration.lake import Lake
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("gelezen")
    lake = Lake(folder / "meer")
    region.write(lake, 0.002)
    settings = Settings(lake=lake.root, key_file=folder / "sleutel")
    for bron in ("monitor", "duo", "carel"):
        ingest.ingest(settings, bron, "test", reader=HereReader())
    return lake


def broken(lake: Lake, bron: str, entiteit: str, column: str, value: str | None) -> list[tuple[str, str, int]]:
    """Give the first row of a delivery another value, see what the gate finds, and put it back."""
    path = max((lake.rows / bron / entiteit).glob("*.parquet"), key=lambda path: path.stat().st_size)
    content = path.read_bytes()
    table = pq.read_table(path)
    values = [value, *table[column].to_pylist()[1:]]
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, column, pa.array(values, table.schema.field(column).type)), path)
    try:
        return red(lake)
    finally:
        path.write_bytes(content)


def red(lake: Lake) -> list[tuple[str, str, int]]:
    verdict = gate.run("bronnen", bronnen.tables(lake), lake)
    return [(finding.tabel, finding.kolom, finding.afwijkend) for finding in verdict.red]


def test_what_was_read_passes_and_every_row_was_seen(read: Lake):
    verdict = gate.run("bronnen", bronnen.tables(read), read)
    assert verdict.passed
    seen = {finding.tabel: finding.gezien for finding in verdict.findings}
    stored = sum(pq.read_metadata(path).num_rows for path in (read.rows / "monitor" / "jongere").glob("*.parquet"))
    assert seen["monitor__jongere"] == stored > 1000


@pytest.mark.parametrize(
    ("bron", "entiteit", "column", "value", "rule"),
    [
        ("monitor", "jongere", "geslacht", "Y", "geslacht: andere code"),
        ("monitor", "jongere", "geslacht", None, "geslacht: leeg"),
        ("monitor", "jongere", "bsn_pseudoniem", "999999990", "bsn_pseudoniem: geen pseudoniem"),
        ("monitor", "woonperiode", "gemeentecode", "16A", "gemeentecode: andere vorm"),
        ("duo", "verzuimmelding", "sleutel", None, "sleutel: leeg"),
        ("carel", "incident", "sleutel", None, "sleutel: leeg"),
    ],
)
def test_one_row_that_breaks_a_rule_is_found(read: Lake, bron: str, entiteit: str, column: str, value: str | None, rule: str):
    assert broken(read, bron, entiteit, column, value) == [(f"{bron}__{entiteit}", rule, 1)]


def test_a_key_that_is_there_twice_is_found(read: Lake):
    path = max((read.rows / "carel" / "incident").glob("*.parquet"), key=lambda path: path.stat().st_size)
    second = pq.read_table(path)["sleutel"][1].as_py()
    assert broken(read, "carel", "incident", "sleutel", second) == [("carel__incident", bronnen.DOUBLE, 2)]


def test_rows_that_are_lost_are_found(read: Lake):
    path = max((read.rows / "carel" / "incident").glob("*.parquet"), key=lambda path: path.stat().st_size)
    content = path.read_bytes()
    pq.write_table(pq.read_table(path).slice(1), path)
    found = red(read)
    path.write_bytes(content)
    assert found == [("leveringen", "geladen, in_het_meer", 1)]
