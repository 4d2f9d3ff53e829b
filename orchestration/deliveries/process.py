"""Read deliveries in a separate process, so that a file that crashes or fills a parser does not stop the run.

Put here: starting that process, sending it requests, its limits of memory and time, and what becomes of a delivery on which it fails.
Keep out: the work of the process (`worker.py` is its entry point, `parse.py` its work).

The process is a new Python: a fork is not safe with the threads of a run, and `multiprocessing` would import the main module again, Dagster
included. Requests are pickles, which only this process makes. Results are JSON, so that a parser under an attacker's control can give wrong
results for its file but cannot run code here. One process reads all deliveries of a bron. It is started in advance, which hides most of its
0.4 s, and restarted after a delivery that took much memory or killed it.
"""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from orchestration.deliveries.ledger import LedgerEntity
from orchestration.deliveries.manifest import MAX_ROWS, ListedFile
from orchestration.deliveries.parse import FileResult, ReadRequest, ReadResult
from orchestration.deliveries.reasons import REASONS, REFUSAL_RANK, Postponed, Refusal
from orchestration.scrub import safe_text, scrub
from orchestration.settings import Settings

WORKER = "orchestration.deliveries.worker"
MAX_ANSWER = 64 << 20
MB, MIB = 10**6, 1 << 20
SLACK = 64 * MIB  # for which a process is not restarted
NO_MEMORY = b"memory allocation of "  # what a Rust library writes before it aborts


# reads the files of a delivery; a fault of a file is in the result and raises nothing
Read = Callable[[ReadRequest], ReadResult]


@dataclass(frozen=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    errors: BinaryIO


class ReadingProcess:
    """A separate process that reads, as a context manager.

    Args:
        settings: Its limits of memory and time; both grow with the size of what it reads.
    """

    def __init__(self, settings: Settings) -> None:
        self._least = self._memory = settings.read_memory_bytes
        self._seconds = settings.read_seconds
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        self._worker = self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def read(self, request: ReadRequest) -> ReadResult:
        """Read the files in the process.

        Returns:
            The result. If the process needs too much memory or fails: one refusal, of the file that it was reading.

        Raises:
            Postponed: The process died, took too long, or could not read a file.
        """
        if not request.files:
            return ReadResult((), ())
        worker, memory = self._worker, self._least + _size(request) // 4  # keys and counts of a row are kept: 12 bytes, of some 60
        if worker is None or worker.process.poll() is not None or memory > self._memory + SLACK:
            self._memory = max(memory, self._memory)
            worker = self._restart()
        place, answer = self._send(worker, request)
        if isinstance(answer, ReadResult):
            return answer
        self._restart()
        file = request.files[place]
        if isinstance(answer, OSError):
            raise Postponed.by(answer, file.naam)
        reden = f"{safe_text(file.naam)}: {answer}"
        if isinstance(answer, Postponed):
            raise Postponed(reden)
        return ReadResult((FileResult(file, None, Refusal("bestand_onleesbaar", reden)),), ())

    def kill(self) -> None:
        """Kill the process while another thread waits for its answer."""
        if worker := self._worker:
            worker.process.kill()
            worker.process.wait()  # otherwise the next request could be sent to a process that is about to die

    def _send(self, worker: _Worker, request: ReadRequest) -> tuple[int, ReadResult | OSError | Postponed | str]:
        """Send a request and wait; return the position of the last file that was opened, and the result or a fault; a text is a refusal."""
        place = 0
        seconds = self._seconds + _size(request) // MB
        deadline = time.monotonic() + seconds
        try:
            worker.connection.send_bytes(pickle.dumps(request))
            while worker.connection.poll(max(0.0, deadline - time.monotonic())):
                answer: dict[str, Any] = json.loads(worker.connection.recv_bytes(MAX_ANSWER))
                if "bezig" in answer:
                    place = range(len(request.files))[int(answer["bezig"])]
                elif "gelezen" in answer:
                    result = _result(answer["gelezen"], request)
                    if int(answer["piek"]) > self._memory // 2:
                        self._restart()
                    return place, result
                elif "systeemfout" in answer:
                    return place, OSError(int(answer["systeemfout"]), "")
                elif answer.get("geheugen"):
                    return place, self._no_memory()
                else:
                    return place, str(answer["fout"])
        except (OSError, EOFError):
            return place, self._died(worker)
        except (ValueError, LookupError, TypeError, AttributeError):
            return place, "het lezen gaf een ongeldig antwoord: het bestand is beschadigd of onveilig"
        return place, Postponed(f"het lezen duurt langer dan {seconds} seconden (LEERPLICHT_READ_SECONDS)")

    def _no_memory(self) -> str:
        return f"het lezen vraagt meer geheugen dan {self._memory // MIB} MiB (LEERPLICHT_READ_MEMORY_BYTES)"

    def _died(self, worker: _Worker) -> Postponed | str:
        worker.connection.close()
        try:
            code = worker.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Postponed("het lezen is afgebroken")
        if NO_MEMORY in worker.errors.read():  # never shown: it may contain a value
            return self._no_memory()
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        limit = f"{self._memory // MIB} MiB"
        return Postponed(f"het lezen is afgebroken ({how}); blijft dat zo, dan is het bestand beschadigd of vraagt het meer dan {limit}")

    def _restart(self) -> _Worker:
        """Start a new process, so that the next delivery has all of its memory."""
        self._stop()
        self._worker = self._start()
        return self._worker

    def _start(self) -> _Worker:
        ours, theirs = Pipe()
        readable, writable = os.pipe()
        os.set_blocking(writable, False)  # a process that writes more than fits must not wait
        with theirs, os.fdopen(writable, "wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", WORKER, str(theirs.fileno()), str(self._memory)],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,  # Ctrl-C is for this process, which then stops the other
            )
        return _Worker(process, ours, os.fdopen(readable, "rb"))

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.connection.close()
            self._worker.process.kill()
            self._worker.process.wait()
            self._worker.errors.close()
            self._worker = None


def _size(request: ReadRequest) -> int:
    """Return the bytes of the files of a request; a missing one has none."""
    paths = {request.path(file) for file in request.files}
    return sum(path.lstat().st_size for path in paths if path.exists())


def _result(answer: dict[str, Any], request: ReadRequest) -> ReadResult:
    """Convert an answer to a result; entiteiten and codes of rows must be known, and paths stay in the folder of the request.

    Raises:
        LookupError, ValueError: It is no valid answer.
    """
    files = tuple(_file(request.files[place], *found) for place, *found in answer["bestanden"])
    return ReadResult(files, tuple(_entity(found, request) for found in answer["entiteiten"]))


def _file(file: ListedFile, rijen: int | None, fault: list[str] | None, unknown: list[str], delivered: list[str]) -> FileResult:
    if not _are_counts(rijen or 0) or (fault and fault[0] not in REFUSAL_RANK):
        raise ValueError("an impossible count or an unknown code")
    return FileResult(file, rijen, Refusal(*fault) if fault else None, tuple(map(scrub, unknown)), tuple(map(str, delivered)))


def _entity(found: dict[str, Any], request: ReadRequest) -> LedgerEntity:
    entity = LedgerEntity.model_validate(found)
    if entity.entiteit not in request.entities or not {*entity.afgewezen_per_code, *entity.waarschuwingen_van_rijen} <= REASONS.keys():
        raise ValueError("an unknown entiteit or code")
    counted = (entity.afgewezen_per_code, entity.waarschuwingen, entity.waarschuwingen_van_rijen)
    per_code = (count for counts in counted for count in counts.values())
    if not _are_counts(entity.gelezen, entity.geladen, entity.herhaald, entity.afgewezen, *per_code):
        raise ValueError("an impossible count")
    names = {name: Path(path).name for name in ("rijen", "quarantaine") if (path := getattr(entity, name))}
    return entity.model_copy(update=names)


def _are_counts(*numbers: int) -> bool:
    return all(type(number) is int and 0 <= number <= MAX_ROWS for number in numbers)
