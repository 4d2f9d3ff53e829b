"""The gate `bronnen` detects faults in the lake: for each rule one failing row, and the right count."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import gate
from expectations.suites import bronnen
from orchestration.deliveries import ingest
from orchestration.deliveries.parse import parse
from orchestration.example import region
from orchestration.lake import Lake
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("gelezen")
    lake = Lake(folder / "meer")
    region.write(lake, share=0.002)
    settings = Settings(lake=lake.root, key_file=folder / "sleutel")
    for bron in ("monitor", "duo", "carel"):
        ingest.ingest(settings, bron, "test", read=parse)
    return lake


@contextmanager
def altered(lake: Lake, bron: str, entiteit: str, column: str, row: int, value: str | None) -> Iterator[None]:
    """Change a value in a row of a delivery, and restore it."""
    path = largest(lake, bron, entiteit)
    content = path.read_bytes()
    table = pq.read_table(path)
    values = table[column].to_pylist()
    values[row] = value
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, column, pa.array(values, table.schema.field(column).type)), path)
    yield
    path.write_bytes(content)


def largest(lake: Lake, bron: str, entiteit: str) -> Path:
    return max((lake.rows / bron / entiteit).glob("*.parquet"), key=lambda path: path.stat().st_size)


def red(lake: Lake) -> list[tuple[str, str, int]]:
    verdict = gate.run("bronnen", bronnen.tables(lake), lake, lake.ledger)
    return [(finding.tabel, finding.kolom, finding.afwijkend) for finding in verdict.red]


def test_what_was_read_passes_and_every_row_was_seen(read: Lake):
    verdict = gate.run("bronnen", bronnen.tables(read), read, read.ledger)
    assert verdict.passed
    seen = {finding.tabel: finding.gezien for finding in verdict.findings}
    stored = sum(pq.read_metadata(path).num_rows for path in (read.rows / "monitor" / "jongere").glob("*.parquet"))
    assert seen["monitor__jongere"] == stored > 1000


BROKEN = (
    ("monitor", "jongere", "geslacht", "Y", "geslacht: andere code"),
    ("monitor", "jongere", "geslacht", None, "geslacht: leeg"),
    ("monitor", "jongere", "bsn_pseudoniem", "999999990", "bsn_pseudoniem: geen pseudoniem"),
    ("monitor", "woonperiode", "gemeentecode", "16A", "gemeentecode: andere vorm"),
    ("duo", "verzuimmelding", "sleutel", None, "sleutel: leeg"),
    ("carel", "incident", "sleutel", None, "sleutel: leeg"),
)


def test_of_rows_that_break_a_rule_each_is_found_and_no_other(read: Lake):
    with ExitStack() as all_of_them:
        for row, (bron, entiteit, column, value, _) in enumerate(BROKEN):
            all_of_them.enter_context(altered(read, bron, entiteit, column, row, value))
        assert sorted(red(read)) == sorted((f"{bron}__{entiteit}", rule, 1) for bron, entiteit, _, _, rule in BROKEN)


def test_a_key_that_is_there_twice_and_a_row_that_is_lost_are_found(read: Lake):
    path = largest(read, "carel", "incident")
    second = pq.read_table(path)["sleutel"][1].as_py()
    lost = largest(read, "monitor", "woonperiode")
    content = lost.read_bytes()
    pq.write_table(pq.read_table(lost).slice(1), lost)
    with altered(read, "carel", "incident", "sleutel", 0, second):
        assert sorted(red(read)) == [("carel__incident", bronnen.DOUBLE, 2), ("leveringen", "geladen, in_het_meer", 1)]
    lost.write_bytes(content)
