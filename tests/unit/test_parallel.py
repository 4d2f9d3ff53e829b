"""Two processes read a large delivery to the same rows as one."""

import os
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from leveringen import Landing, bsn, to_csv

from expectations import contract
from orchestration.deliveries import ingest, parallel
from orchestration.deliveries.manifest import ListedFile
from orchestration.deliveries.parse import ReadRequest, ReadResult
from orchestration.deliveries.process import ReadingProcess
from orchestration.deliveries.verdict import Judge

FILES = {"jongeren.csv": "jongere", "woonperioden.csv": "woonperiode", "inschrijvingen.csv": "inschrijving"}


def deliver(landing: Landing, name: str, kennisdatum: str, bad: int = 1) -> None:
    """Write a delivery of the monitor with bad rows in two of its three files."""
    persons = [bsn(20_000_000 + number) for number in range(40)]
    rows = {
        "jongeren.csv": [{"BSN": one, "ONDERWIJSNUMMER": "", "GEBOORTEDATUM": "2010-05-05", "GESLACHT": "M"} for one in persons],
        "woonperioden.csv": [
            {"BSN": one, "ONDERWIJSNUMMER": "", "GEMEENTECODE": "0164", "DATUM_VESTIGING": "2012-01-01", "DATUM_VERTREK": ""}
            for one in persons[:20]
        ],
        "inschrijvingen.csv": [
            {"BSN": one, "ONDERWIJSNUMMER": "", "BRIN": "09TB", "VESTIGING": "", "ONDERWIJSSOORT": "VO", "LEERJAAR": "1"}
            | {"DATUM_INSCHRIJVING": "2022-08-01", "DATUM_UITSCHRIJVING": ""}
            for one in persons
        ],
    }
    for number in range(bad):
        rows["jongeren.csv"][number]["GEBOORTEDATUM"] = "2010-02-30"
        rows["inschrijvingen.csv"][number]["BRIN"] = "geen"
    landing.write(
        name,
        {file: to_csv(content) for file, content in rows.items()},
        bron="monitor",
        entiteit=FILES,
        rijen={file: len(content) for file, content in rows.items()},
        kennisdatum=kennisdatum,
        aard="volledig",
    )


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, tuple[str, ...]]]:
    """Record the process and the entiteiten of each request; treat all deliveries as large."""
    seen: list[tuple[int, tuple[str, ...]]] = []
    original = ReadingProcess.read

    def read(self: ReadingProcess, request: ReadRequest) -> ReadResult:
        found = original(self, request)
        assert self._worker
        seen.append((self._worker.process.pid, request.entities))
        return found

    monkeypatch.setattr(ReadingProcess, "read", read)
    monkeypatch.setattr(parallel, "MIN_ROWS", 1)
    return seen


def test_two_processes_read_the_same_as_one(tmp_path: Path, readers: list[tuple[int, tuple[str, ...]]]):
    found = []
    for apart in (False, True):
        landing = Landing(tmp_path / str(apart))
        (landing.root / "sleutel").mkdir(parents=True, mode=0o700)
        (landing.root / "sleutel" / "geheim.key").write_bytes(bytes(range(64)))
        (landing.root / "sleutel" / "geheim.key").chmod(0o600)
        deliver(landing, "levering", "2025-03-01T02:00:00+01:00")
        entries = landing.ingest("monitor", apart=apart, read_processes=2)
        rows = [[landing.loaded(entry, place) for place in range(3)] for entry in entries]
        rejected = [[landing.rejected(entry, place) for place in range(3)] for entry in entries]
        found.append(([entry.model_dump(exclude={"gezien"}) for entry in entries], rows, rejected))
    assert found[0] == found[1]
    assert [entry["oordeel"] for entry in found[1][0]] == ["geaccepteerd"]
    assert [len(part) for part in found[1][2][0]] == [1, 0, 1], "the bad rows are rejected"
    assert [len(entities) for _, entities in readers] == [1, 1, 1] and len({pid for pid, _ in readers}) == 2
    for pid, _ in readers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("apart", [False, True])
def test_of_two_faulty_files_the_first_of_the_manifest_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: bool):
    monkeypatch.setattr(parallel, "MIN_ROWS", 1)
    landing = Landing(tmp_path)
    broken = {"jongeren.csv": b'BSN;"open', "inschrijvingen.csv": b'BSN;"open too'}
    landing.write("levering", broken, bron="monitor", entiteit=FILES, rijen={"jongeren.csv": 1, "inschrijvingen.csv": 9}, aard="volledig")
    [entry] = landing.ingest("monitor", apart=apart)
    assert (entry.code, entry.reden.partition(":")[0]) == ("bestand_onleesbaar", "jongeren.csv")
    deliver(landing, "volgende", "2025-03-04T02:00:00+01:00", bad=40)
    [entry] = landing.ingest("monitor", apart=apart)
    assert (entry.code, entry.reden.partition(":")[0]) == ("te_veel_afgewezen", "jongere")


def test_a_file_that_kills_a_process_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parallel, "MIN_ROWS", 1)
    original = ReadingProcess._send

    def ask(self: ReadingProcess, worker, request: ReadRequest):
        if request.folder.name == "levering-01" and request.entities == ("jongere",):
            os.kill(worker.process.pid, signal.SIGKILL)
            worker.process.wait()
        return original(self, worker, request)

    monkeypatch.setattr(ReadingProcess, "_send", ask)
    landing = Landing(tmp_path)
    for day in ("01", "02"):
        deliver(landing, f"levering-{day}", f"2025-03-{day}T02:00:00+01:00")
    (second,), (first,) = ingest.ingest(landing.settings(), "monitor", "proef")
    assert first.levering == "levering-01" and first.reden.startswith("jongeren.csv: het lezen is afgebroken (SIGKILL)")
    assert (second.levering, second.oordeel) == ("levering-02", "geaccepteerd")
    monkeypatch.undo()
    assert [(entry.levering, entry.oordeel) for entry in landing.ingest("monitor")] == [("levering-01", "geaccepteerd")]


def test_an_interrupt_waits_for_neither_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parallel, "MIN_ROWS", 1)
    original, began = ReadingProcess._send, threading.Event()

    def ask(self: ReadingProcess, worker, request: ReadRequest):
        if request.entities == ("jongere",):
            os.kill(worker.process.pid, signal.SIGSTOP)
            began.set()
            return original(self, worker, request)
        assert began.wait(20)
        raise KeyboardInterrupt

    monkeypatch.setattr(ReadingProcess, "_send", ask)
    landing = Landing(tmp_path)
    deliver(landing, "levering", "2025-03-01T02:00:00+01:00")
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        landing.ingest("monitor", apart=True, read_seconds=60)
    assert time.monotonic() - before < 30, "the time to start two processes, not the time limit of reading"


def monitor(rows: dict[str, int]) -> ReadRequest:
    files = tuple(ListedFile(naam=f"{name}.csv", entiteit=name, sha256="0" * 64, rijen=count) for name, count in rows.items())
    moment = datetime(2025, 3, 1, tzinfo=UTC)
    return ReadRequest(Path(), contract.load("monitor"), tuple(rows), files, moment, b"", None, 1)


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        ({"jongere": 99_999}, [("jongere",)]),
        ({"jongere": 200_000}, [("jongere",)]),
        ({"jongere": 50_000, "woonperiode": 49_999}, [("jongere", "woonperiode")]),
        ({"jongere": 20_000, "woonperiode": 30_000, "inschrijving": 50_000}, [("inschrijving",), ("woonperiode",), ("jongere",)]),
    ],
)
def test_a_large_delivery_is_split_by_entiteit_the_largest_first(rows: dict[str, int], parts: list[tuple[str, ...]]):
    assert [part.entities for part in parallel.split(monitor(rows))] == parts


def test_as_many_processes_as_the_setting_says(tmp_path: Path, readers: list[tuple[int, tuple[str, ...]]]):
    landing = Landing(tmp_path)
    deliver(landing, "levering", "2025-03-01T02:00:00+01:00")
    assert [entry.oordeel for entry in landing.ingest("monitor", apart=True, read_processes=1)] == ["geaccepteerd"]
    assert len({pid for pid, _ in readers}) == 1 and len(readers) == 3


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    """Record what was read before it was asked."""
    seen: list[tuple[str, tuple[str, ...]]] = []
    original = parallel.ParallelReader._taken

    def taken(self: parallel.ParallelReader, part: ReadRequest):
        if found := original(self, part):
            seen.append((part.folder.name, part.entities))
        return found

    monkeypatch.setattr(parallel.ParallelReader, "_taken", taken)
    monkeypatch.setattr(parallel, "MIN_ROWS", 1)
    return seen


def ingested(landing: Landing, days: tuple[str, ...], *, apart: bool) -> list[Any]:
    (landing.root / "sleutel").mkdir(parents=True, mode=0o700)
    (landing.root / "sleutel" / "geheim.key").write_bytes(bytes(range(64)))
    (landing.root / "sleutel" / "geheim.key").chmod(0o600)
    for day in days:
        deliver(landing, f"levering-{day}", f"2025-03-{day}T02:00:00+01:00", bad=int(day))
    entries = landing.ingest("monitor", apart=apart)
    return [
        (entry.model_dump(exclude={"gezien"}), [(landing.loaded(entry, n), landing.rejected(entry, n)) for n in range(3)])
        for entry in entries
    ]


def test_what_is_read_early_is_judged_in_order_to_the_same_rows(tmp_path: Path, early: list[tuple[str, tuple[str, ...]]]):
    days = ("02", "01", "03")
    expected, found = (ingested(Landing(tmp_path / str(apart)), days, apart=apart) for apart in (False, True))
    assert found == expected
    assert {folder for folder, _ in early} == {"levering-01", "levering-02", "levering-03"}
    assert [entry["levering"] for entry, _ in found] == ["levering-01", "levering-02", "levering-03"]
    assert not list((tmp_path / "True").rglob(".lezen-*"))


def test_a_file_that_is_not_as_listed_when_it_is_read_early_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, early: list[tuple[str, tuple[str, ...]]]
):
    landing = Landing(tmp_path)
    for day in ("01", "02"):
        deliver(landing, f"levering-{day}", f"2025-03-{day}T02:00:00+01:00", bad=int(day))
    path = next(landing.lake.landing.glob("monitor/levering-02/jongeren.csv"))
    whole, original = path.read_bytes(), Judge.judge
    path.write_bytes(whole[: len(whole) // 2])  # somebody is still writing it

    entered: list[parallel.ParallelReader] = []

    def judge(self: Judge, folder: Path, *asked):
        if folder.name == "levering-02":
            for one in parallel.wait(entered[-1]._asked).done:
                one.result()
            path.write_bytes(whole)
        return original(self, folder, *asked)

    enter = parallel.ParallelReader.__enter__
    monkeypatch.setattr(parallel.ParallelReader, "__enter__", lambda self: entered.append(self) or enter(self))
    monkeypatch.setattr(Judge, "judge", judge)
    entries = landing.ingest("monitor", apart=True)
    assert [(entry.oordeel, entry.entiteiten[0].gelezen) for entry in entries] == [("geaccepteerd", 40)] * 2
    assert ("levering-02", ("jongere",)) in early


def test_a_file_that_stays_another_one_is_refused_as_ever(tmp_path: Path, early: list[tuple[str, tuple[str, ...]]]):
    landing = Landing(tmp_path)
    for day in ("01", "02"):
        deliver(landing, f"levering-{day}", f"2025-03-{day}T02:00:00+01:00", bad=int(day))
    path = next(landing.lake.landing.glob("monitor/levering-01/jongeren.csv"))
    path.write_bytes(path.read_bytes() + b"\n")
    assert [entry.code for entry in landing.ingest("monitor", apart=True)] == ["hash_wijkt_af", ""]
    assert ("levering-02", ("jongere",)) in early
