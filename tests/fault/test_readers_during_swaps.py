"""Fifty processes read while thirty nights are built and swapped in: no reader waits, and none gets a torn read."""

import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import command_line
import duckdb
import magazijn

from orchestration import housekeeping
from orchestration.lake import Lake
from orchestration.warehouse import nights, read

READERS, NIGHTS, ROWS = 50, 30, 2_000
TABLES = ("kern.jongere", "kern.melding", "kern.traject", "jaarverslag.kerncijfers")


@dataclass
class Told:
    """The results of one reading process."""

    sessions: int = 0
    across: int = 0  # sessions during which the open night was replaced
    seen: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def build(lake: Lake, number: int) -> None:
    """Make a small warehouse in which every table, row and count has the number of the night."""
    lake.warehouse_build.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(lake.warehouse_build)) as connection:
        for schema in ("kern", "jaarverslag"):
            connection.execute(f"create schema {schema}")
        for table in TABLES:
            connection.execute(f"create table {table} as select {number} as nacht, i from range({ROWS + number}) as t(i)")


def session(lake: Lake, pause: float) -> int:
    """Read all tables in turn, with time for a swap in between, and return the single night that they belong to."""
    with read.opened(lake) as connection:
        numbers = set()
        for table in TABLES:
            low, high, rows, total = connection.execute(f"select min(nacht), max(nacht), count(*), sum(i) from {table}").fetchone()
            assert low == high
            assert rows == ROWS + low
            assert total == rows * (rows - 1) // 2
            numbers.add(low)
            time.sleep(pause)
    assert len(numbers) == 1, f"tables of several nights in one session: {numbers}"
    return numbers.pop()


def read_on(root: Path, pause: float, start, stop, answers) -> None:
    """Run one process: session after session until it must stop."""
    told, lake = Told(), Lake(root)
    start.wait()
    while not stop.is_set():
        before = lake.warehouse_current.readlink()
        try:
            told.seen.add(session(lake, pause))
        except Exception as problem:
            told.faults.append(f"{type(problem).__name__}: {problem}")
        told.sessions += 1
        told.across += before != lake.warehouse_current.readlink()
    answers.put(told)


def test_fifty_readers_through_thirty_nights(tmp_path, record_property, capsys):
    lake = Lake(tmp_path / "meer")
    build(lake, 0)
    magazijn.swap(lake)
    context = command_line.server()  # a fork of this process would copy DuckDB's threads
    start, stop, answers = context.Barrier(READERS + 1), context.Event(), context.Queue()
    readers = [context.Process(target=read_on, args=(lake.root, 0.2 + number / 100, start, stop, answers)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    start.wait(timeout=60)
    began = time.monotonic()
    try:
        for number in range(1, NIGHTS + 1):
            build(lake, number)
            magazijn.swap(lake)
            time.sleep(0.2)
            if number % 10 == 0:
                nights.rollback(lake, nights.nights(lake)[-1].name, door="test", omdat="")
                time.sleep(0.2)
    finally:
        stop.set()  # always stop them: fifty running readers slow every other test
    seconds = time.monotonic() - began
    told = [answers.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join(timeout=60)

    sessions, across = sum(one.sessions for one in told), sum(one.across for one in told)
    seen = set().union(*(one.seen for one in told))
    figures = f"{READERS} readers, {NIGHTS} nights in {seconds:.1f} s: {sessions} sessions, {across} across a swap, {len(seen)} nights seen"
    record_property("readers", figures)
    with capsys.disabled():
        sys.stdout.write(f"\n{figures}\n")
    assert [fault for one in told for fault in one.faults] == []
    assert all(reader.exitcode == 0 for reader in readers)
    assert all(one.sessions for one in told)
    assert across > READERS
    assert len(seen) > NIGHTS // 2
    assert housekeeping.NIGHTS <= len(nights.nights(lake)) <= housekeeping.NIGHTS + 1


def test_an_open_session_continues_with_its_night(night, tmp_path):
    """The example's warehouse, and eight more nights, so that the open file is deleted as well."""
    lake = Lake(tmp_path / "meer")

    def next_night(statement: str) -> None:
        lake.warehouse_build.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(night.lake.warehouse_current, lake.warehouse_build)
        lake.warehouse_build.chmod(0o644)
        with duckdb.connect(str(lake.warehouse_build)) as connection:
            connection.execute(statement)
        magazijn.swap(lake)

    def seen(connection) -> list[tuple]:
        return connection.execute("select count(*), count(distinct jongere_id), bit_xor(hash(melding)) from kern.melding").fetchall()

    next_night("select 1")
    opened = lake.warehouse_current.resolve()
    with read.opened(lake) as evening:
        before = seen(evening)
        plichtigen = evening.execute("select count(*) from kern.plichtige").fetchone()
        for _ in range(housekeeping.NIGHTS + 1):
            next_night("delete from kern.melding where telt")
        assert not opened.exists()
        assert seen(evening) == before
        assert evening.execute("select count(*) from kern.plichtige").fetchone() == plichtigen  # not yet read by this query
        assert evening.execute("select count(*) from kern.traject").fetchone()[0] > 4000  # never read before the swaps
        with read.opened(lake) as morning:
            assert seen(morning)[0][0] < before[0][0]
