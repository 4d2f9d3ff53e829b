"""A file that fills its reader is refused, one whose reader dies or blocks is postponed, and the other deliveries are read."""

import os
import resource
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from leveringen import Landing, melding

from orchestration.deliveries import ingest
from orchestration.deliveries.parse import ReadRequest, ReadResult
from orchestration.deliveries.process import ReadingProcess

SMALL = 268_435_456


def verdicts(landing: Landing, bron: str = "duo", **settings: Any) -> dict[str, tuple[str, str, str]]:
    return {entry.levering: (entry.oordeel, entry.code, entry.reden) for entry in landing.ingest(bron, apart=True, **settings)}


def test_a_melding_that_needs_all_memory(landing: Landing):
    """One record of very many small elements, which only the memory limit stops."""
    body = b"<LeveringMeldingRelatiefVerzuim><Verzuimgeval>" + b"<x/>" * 5_000_000
    landing.write("a", {"verzuimmeldingen.xml": body + b"</Verzuimgeval></LeveringMeldingRelatiefVerzuim>"})
    landing.meldingen("b", [melding(1)])
    found = verdicts(landing, read_memory_bytes=SMALL)
    assert found["a"][:2] == ("geweigerd", "bestand_onleesbaar")
    assert found["b"] == ("geaccepteerd", "", "")


class Slow(ReadingProcess):
    """Stops its process before it receives a request."""

    def read(self, request: ReadRequest) -> ReadResult:
        if request.folder.name == "a" and self._worker:
            os.kill(self._worker.process.pid, signal.SIGSTOP)
        return super().read(request)


def test_a_file_that_takes_too_long(landing: Landing):
    for name in ("a", "b"):
        landing.meldingen(name, [melding(1, UREN=str(ord(name)))])
    settings = landing.settings(read_seconds=5)
    began = time.monotonic()
    with Slow(settings) as reader:
        entries, (late,) = ingest.ingest(settings, "duo", "proef", read=reader.read)
    assert [(entry.levering, entry.oordeel) for entry in entries] == [("b", "geaccepteerd")]
    assert late.levering == "a" and late.reden == "verzuimmeldingen.csv: het lezen duurt langer dan 5 seconden (LEERPLICHT_READ_SECONDS)"
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_file_that_kills_its_reader(landing: Landing, how: signal.Signals):
    for name in ("a", "b"):
        landing.meldingen(name, [melding(1, UREN=str(ord(name)))])

    class Dying(ReadingProcess):
        def _send(self, worker, request: ReadRequest):  # not earlier: a process that died before it is asked anything is replaced
            if request.folder.name == "a":
                os.kill(worker.process.pid, signal.SIGSTOP)
                threading.Timer(0.2, self._kill, (worker.process.pid,)).start()
            return super()._send(worker, request)

        def _kill(self, pid: int) -> None:
            os.kill(pid, how)
            if how != signal.SIGKILL:
                os.kill(pid, signal.SIGCONT)

    settings = landing.settings()
    with Dying(settings) as reader:
        entries, (late,) = ingest.ingest(settings, "duo", "proef", read=reader.read)
    assert [(entry.levering, entry.oordeel) for entry in entries] == [("b", "geaccepteerd")]
    assert late.levering == "a" and late.reden.startswith(f"verzuimmeldingen.csv: het lezen is afgebroken ({how.name})")
    (entry,) = landing.ingest()
    assert (entry.levering, entry.oordeel) == ("a", "geaccepteerd"), "the next night tries it again"


ENTITY = {"entiteit": "verzuimmelding", "gelezen": 1, "geladen": 1, "herhaald": 0, "afgewezen": 0, "rijen": None, "quarantaine": None}
ENTITY |= {"afgewezen_per_code": {}, "waarschuwingen": {}, "waarschuwingen_van_rijen": {}}


@pytest.mark.parametrize(
    "found",
    [
        {}, {"bestanden": [[7, 1, 0, None]], "entiteiten": []}, {"bestanden": [], "entiteiten": [ENTITY | {"entiteit": "jongere"}]},
        {"bestanden": [], "entiteiten": [ENTITY | {"afgewezen_per_code": {"123456782": 1}}]},
        {"bestanden": [], "entiteiten": [ENTITY | {"geladen": "veel"}]},
        {"bestanden": 1, "entiteiten": []}, {"bestanden": [], "entiteiten": [ENTITY | {"gelezen": 10**30, "geladen": 10**30}]},
        {"bestanden": [], "entiteiten": [ENTITY | {"waarschuwingen": {"kolom_onbekend": -1}}]},
        {"bestanden": [[0, "123456782", 0, None]], "entiteiten": []}, {"bestanden": [[0, None, 0, ["zomaar", "x"]]], "entiteiten": []},
    ],
    ids=["no result", "another file", "another entiteit", "an unknown code", "no number", "no list",
         "too many rows", "a negative count", "a text as a count", "another reason"],
)  # fmt: skip
def test_a_process_that_sends_an_invalid_answer(landing: Landing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: dict[str, Any]):
    """A parser under the control of a file can send anything: an invalid answer is refused."""
    (tmp_path / "valse_lezer.py").write_text(
        "from orchestration.deliveries import worker\n"
        f"worker._answer = lambda request, connection: { ({'gelezen': found, 'piek': 0})!r}\n"
        "worker.main()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("orchestration.deliveries.process.WORKER", "valse_lezer")
    landing.meldingen("a", [melding(1)])
    ((oordeel, code, reden),) = verdicts(landing).values()
    assert (oordeel, code) == ("geweigerd", "bestand_onleesbaar")
    assert reden == "verzuimmeldingen.csv: het lezen gaf een ongeldig antwoord: het bestand is beschadigd of onveilig"


def test_a_file_that_triggers_a_bug(landing: Landing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A bug does not stop the run: the reason contains its location and no value of the file."""
    (tmp_path / "kapotte_lezer.py").write_text(
        "from orchestration.deliveries import worker\n"
        "original = worker.limit\n"
        "def limit(memory):\n"
        "    import orchestration.deliveries.readers.csv as reader\n"
        "    def fail(self): raise KeyError('123456782')\n"
        "    reader.CsvReading.batches = fail\n"
        "    original(memory)\n"
        "worker.limit = limit\n"
        "worker.main()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("orchestration.deliveries.process.WORKER", "kapotte_lezer")
    landing.meldingen("a", [melding(1)])
    ((oordeel, code, reden),) = verdicts(landing).values()
    assert (oordeel, code) == ("geweigerd", "bestand_onleesbaar")
    assert reden.startswith("verzuimmeldingen.csv: het lezen is onverwacht mislukt (KeyError, ")
    assert "123456782" not in reden


def test_a_file_that_is_too_large_is_not_opened(landing: Landing):
    landing.meldingen("a", [melding(n) for n in range(100)])
    landing.meldingen("b", [melding(1)])
    found = verdicts(landing, max_file_bytes=2000)
    assert found["a"][:2] == ("geweigerd", "bestand_onleesbaar")
    assert found["a"][2] == "verzuimmeldingen.csv is groter dan 2.000 bytes (LEERPLICHT_MAX_FILE_BYTES)"
    assert found["b"][0] == "geaccepteerd"


def test_one_process_reads_all_and_is_stopped(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    pids = []
    original = ReadingProcess.read

    def read(self: ReadingProcess, request: ReadRequest) -> ReadResult:
        assert self._worker
        pids.append(self._worker.process.pid)
        return original(self, request)

    monkeypatch.setattr(ReadingProcess, "read", read)
    for number in range(5):
        landing.meldingen(str(number), [melding(number)])
    landing.ingest(apart=True)
    assert len(pids) == 5 and len(set(pids)) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_starting_the_process_and_reading_a_melding_takes_well_under_a_second(landing: Landing):
    """Measured in CPU time, which does not depend on the load of the machine."""
    landing.meldingen("a", [melding(1)])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    landing.ingest(apart=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.5, "0.5 s on an idle machine"
