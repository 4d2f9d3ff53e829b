"""What was counted of a file is found again only for the same bytes and the same rules, and a damaged memory is no memory."""

import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import counted, gate, remembered
from expectations.suites import bronnen
from orchestration import whole
from orchestration.lake import Lake
from orchestration.lake.files import digests

QUERY = counted.query("read_parquet($1)", [counted.where("fout", "x < 0", "geen getal is negatief")])


class Counter:
    """Counts files, and remembers which ones it opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def __call__(self, path: Path, query: str) -> remembered.Numbers:
        self.opened.append(path.name)
        with counted.opened(None) as connection:
            return counted.row(connection, query, [str(path)])


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "een.parquet", tmp_path / "twee.parquet"]
    for path, values in zip(paths, ([1, 2, 3], [4, -1]), strict=True):
        pq.write_table(pa.table({"x": values}), path)
    return paths


def night(files: list[Path], memory: Path | None, query: str = QUERY) -> tuple[list[int], list[str]]:
    """Return how many rows deviate in each file, and which files were opened to count them."""
    counter = Counter()
    found = remembered.numbers([(path, query) for path in files], counter, memory)
    return [numbers["fout"] for numbers in found], counter.opened


def test_a_file_is_counted_once_whatever_its_name(files: list[Path], tmp_path: Path):
    memory = tmp_path / "geteld.json"
    assert night(files, memory) == ([0, 1], ["een.parquet", "twee.parquet"])
    assert night(files, memory) == ([0, 1], [])
    moved = files[1].rename(tmp_path / "drie.parquet")
    assert night([moved], memory) == ([1], [])
    assert night(files[:1], memory) == ([0], ["een.parquet"]), "what the last night did not see is forgotten"


def test_one_other_byte_in_a_file_counts_it_anew(files: list[Path], tmp_path: Path):
    memory = tmp_path / "geteld.json"
    night(files, memory)
    pq.write_table(pa.table({"x": [1, 2, -3]}), files[0])
    assert night(files, memory) == ([1, 1], ["een.parquet"])


def test_another_rule_or_another_duckdb_counts_everything_anew(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    memory = tmp_path / "geteld.json"
    night(files, memory)
    stricter = counted.query("read_parquet($1)", [counted.where("fout", "x < 2", "elk getal is minstens 2")])
    assert night(files, memory, stricter) == ([1, 1], ["een.parquet", "twee.parquet"])
    monkeypatch.setattr(duckdb, "__version__", "0")
    assert night(files, memory, stricter)[1] == ["een.parquet", "twee.parquet"]


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda content: content.replace(b'"fout": 1', b'"fout": 0'), id="a count made green"),
        pytest.param(lambda content: content[: content.index(b',\n "zegel"')] + b"\n}\n", id="the seal taken off"),
        pytest.param(lambda content: content[:-9], id="cut off"),
        pytest.param(lambda _: b"", id="emptied"),
        pytest.param(lambda content: bytes([*content[:40], content[40] ^ 1, *content[41:]]), id="a bit flipped"),
        pytest.param(None, id="removed"),
    ],
)
def test_a_memory_that_is_not_what_was_written_is_none(files: list[Path], tmp_path: Path, harm):
    memory = tmp_path / "geteld.json"
    night(files, memory)
    content = memory.read_bytes()
    memory.unlink() if harm is None else memory.write_bytes(harm(content))
    assert harm is None or memory.read_bytes() != content
    assert night(files, memory) == ([0, 1], ["een.parquet", "twee.parquet"])
    assert memory.read_bytes() == content, "and it is written anew"
    assert night(files, memory) == ([0, 1], [])


def test_without_a_memory_everything_is_counted_and_nothing_written(files: list[Path], tmp_path: Path):
    night(files, None)
    assert night(files, None) == ([0, 1], ["een.parquet", "twee.parquet"])
    assert {path.name for path in tmp_path.iterdir()} == {"een.parquet", "twee.parquet"}


def test_the_memory_holds_hashes_and_counts_alone(files: list[Path], tmp_path: Path):
    memory = tmp_path / "geteld.json"
    night(files, memory)
    content, is_sealed = whole.unseal(memory)
    kept = json.loads(content)[remembered.WHAT]
    assert is_sealed
    assert all(len(key) == 64 for key in kept)
    assert all(isinstance(number, int) for numbers in kept.values() for number in numbers.values())


def test_files_hashed_side_by_side_have_their_own_hash(files: list[Path]):
    assert digests([*files, files[0]]) == {path: digests([path])[path] for path in files}
    with pytest.raises(FileNotFoundError):
        digests([files[0].with_name("weg")])


def test_a_row_that_breaks_a_rule_is_found_in_a_lake_that_was_green_last_night(tmp_path: Path):
    lake = Lake(tmp_path)
    table = "carel__incident"
    entity = bronnen.ENTITIES[table]
    columns = {column.lake_name: "varchar" for column in entity.columns if column.lake_name}
    rows = lake.rows / "a.parquet"
    rows.parent.mkdir(parents=True)

    def write(key: str) -> None:
        empty = ", ".join(f"null::{kind} as {name}" for name, kind in columns.items())
        with duckdb.connect() as connection:
            made = f"select {key} as sleutel, timestamp '2025-01-01' as mutatiemoment, {empty} from range(3000000) as t(i)"
            connection.execute(f"copy ({made}) to '{rows}' (format parquet)")

    def keys() -> list[int]:
        part = {"entiteit": entity.name, "rijen": "a.parquet", "gelezen": 3000000, "geladen": 3000000, "afgewezen": 0, "herhaald": 0}
        entry = {"oordeel": "geaccepteerd", "bron": entity.bron, "levering": "x", "entiteiten": [part | {"afgewezen_per_code": {}}]}
        lake.ledger.mkdir(parents=True, exist_ok=True)
        (lake.ledger / "x.json").write_text(json.dumps(entry))
        verdict = gate.judge("bronnen", bronnen.tables(lake, remembers=True), lake.ledger)
        return [one.afwijkend for one in verdict.of(table) if one.kolom in ("sleutel: leeg", bronnen.DOUBLE)]

    write("i::varchar")
    assert keys() == [0, 0]
    assert keys() == [0, 0]
    write("case when i = 2999999 then '17' else i::varchar end")
    assert keys() == [0, 2], "one of three million"
    write("nullif(i::varchar, '2999999')")
    assert keys() == [1, 0]
