"""The attacker on the published example: he solves nothing, and the files contain nothing beyond the shown rows."""

import csv
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from attack.attacker import Count, Zeros, attack, read
from conftest import Night

from expectations.published import schemas
from orchestration.publication import parquet
from orchestration.publication.disclosure import knowledge
from orchestration.publication.disclosure.mask import NOTHING, Mask, said, small

TABLES = ("kerncijfers", "uitsplitsingen")


@pytest.fixture(scope="module")
def openbaar(night: Night) -> Path:
    return (night.lake.published("openbaar") / "current").resolve()


@pytest.fixture(scope="module")
def true(night: Night) -> dict[Count, Any]:
    return {count: row["waarde"] for count, row in read(night.release).rows.items()}


@pytest.mark.parametrize("zero_is_shown", [False, True])
def test_nothing_of_the_example_is_solved(zero_is_shown: bool, openbaar: Path, true: dict[Count, Any]):
    found = attack([openbaar], zeros=Zeros(are_shown=zero_is_shown))
    assert not found.contradictions
    assert found.solved == {}
    assert found.ranges.keys() >= {count for count, value in true.items() if value in range(1, 5)}


def test_he_solves_it_when_secondary_suppressions_are_published(openbaar: Path, true: dict[Count, Any], tmp_path: Path):
    """Publishing the secondary suppressions makes small counts solvable, which shows that the attack works."""
    for name in TABLES:
        table = pq.read_table(openbaar / f"{name}.parquet")
        rows = [_opened(row, true) for row in table.to_pylist()]
        parquet.write(tmp_path / f"{name}.parquet", rows, table.schema)
    solved = attack([tmp_path]).solved
    assert any(value in range(1, 5) for value in solved.values())
    assert all(true[count._replace(versie=0)] == value for count, value in solved.items())


def _opened(row: dict[str, Any], true: dict[Count, Any]) -> dict[str, Any]:
    count = Count(
        row["schooljaar"], row["gemeente_code"], row["indicator"], row.get("uitsplitsing", ""), row.get("uitsplitsing_waarde", "")
    )
    value = true[count]
    return row if row["waarde"] is not None or value is None or value in range(1, 5) else {**row, "waarde": value}


def test_other_withheld_numbers_give_the_same_bytes(night: Night, openbaar: Path, tmp_path: Path):
    """Change the withheld numbers and mask again: row statistics, dictionaries and metadata must not differ."""
    dictionary = pq.read_table(night.release / "indicatoren.parquet").to_pylist()
    withheld = {
        knowledge.cell(row): said(row, small(5, hide_zeros=False)) or NOTHING
        for name in TABLES
        for row in pq.read_table(openbaar / f"{name}.parquet").to_pylist()
        if row["status"].startswith(("onderdrukt", "afgerond")) and row["eenheid"] not in ("procent", "per_1000", "dagen")
    }
    assert len(set(withheld.values())) > 5, "of every kind: <5, x, and rounded to several multiples"
    shown, other = Mask(withheld, dictionary, 5), random.Random(1)
    for name in TABLES:
        rows = pq.read_table(night.release / f"{name}.parquet").to_pylist()
        changed = [{**row, "waarde": other.randint(1, 9_999)} if knowledge.cell(row) in withheld else row for row in rows]
        for kind, given in (("true", rows), ("other", changed)):
            parquet.write(tmp_path / f"{name}-{kind}.parquet", shown.rows(given), schemas()[name])
        published = (openbaar / f"{name}.parquet").read_bytes()
        assert published == (tmp_path / f"{name}-true.parquet").read_bytes() == (tmp_path / f"{name}-other.parquet").read_bytes()


@pytest.mark.parametrize("name", TABLES)
def test_statistics_and_dictionaries_hold_shown_values_only(name: str, openbaar: Path):
    file = pq.ParquetFile(openbaar / f"{name}.parquet")
    table = file.read()
    for group in range(file.num_row_groups):
        part = file.metadata.row_group(group)
        for column in (part.column(number) for number in range(part.num_columns)):
            shown = [value for value in table[column.path_in_schema].to_pylist() if value is not None]
            if column.statistics is not None and column.statistics.has_min_max:
                assert (column.statistics.min, column.statistics.max) == (min(shown), max(shown))


@pytest.mark.parametrize("name", TABLES)
def test_order_and_rows_are_those_of_their_keys(name: str, openbaar: Path, night: Night):
    """Rows have the order of `intern`, regardless of what is withheld; the file has only the declared metadata."""
    keys = [[knowledge.cell(row) for row in pq.read_table(folder / f"{name}.parquet").to_pylist()] for folder in (openbaar, night.release)]
    assert keys[0] == keys[1]
    found = pq.read_schema(openbaar / f"{name}.parquet")
    assert found.equals(schemas()[name], check_metadata=True)


def test_the_csv_has_a_cell_filled_only_where_the_parquet_has_a_value(openbaar: Path):
    rows = pq.read_table(openbaar / "kerncijfers.parquet").to_pylist()
    with (openbaar / "kerncijfers.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    shown = [{name for name, value in row.items() if value is not None} for row in rows]
    assert [{name for name, text in line.items() if text} for line in lines] == shown
    assert [line["weergave"] for line in lines] == [row["weergave"] for row in rows]
