"""Read deliveries in a separate process, so that a file that crashes or fills a parser does not stop the run.

Put here: starting that process, sending it requests, its limits of memory and time, and the refusal of a file on which it dies. Keep out:
the work of the process (`worker.py` is its entry point, `parse.py` its work).

The process is a new Python: a fork is not safe with the threads of a run, and `multiprocessing` would import the main module again, Dagster
included. Requests are pickles, which only this process makes. Results are JSON, so that a parser under an attacker's control can give wrong
results for its file but cannot run code here. One process reads all deliveries of a bron. It is started in advance, which hides most of its
0.4 s, and restarted after a delivery that took much memory or killed it.
"""

import json
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
from typing import Any, Self

from orchestration.deliveries.ledger import LedgerEntity
from orchestration.deliveries.parse import FileResult, ReadRequest, ReadResult
from orchestration.deliveries.reasons import REASONS, Refusal, safe_text
from orchestration.settings import Settings

WORKER = "orchestration.deliveries.worker"
MAX_ANSWER = 64 << 20
MIB = 1 << 20


# reads the files of a delivery; a fault of a file is in the result and raises nothing
Read = Callable[[ReadRequest], ReadResult]


@dataclass(frozen=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection


class ReadingProcess:
    """A separate process that reads, as a context manager.

    Args:
        settings: Its limits of memory and time.
    """

    def __init__(self, settings: Settings) -> None:
        self._memory = settings.read_memory_bytes
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
            The result. If the process exceeds a limit or dies: one refusal, of the file that it was reading.
        """
        if not request.files:
            return ReadResult((), ())
        worker = self._worker
        if worker is None or worker.process.poll() is not None:
            worker = self._restart()
        place, answer = self._send(worker, request)
        if isinstance(answer, ReadResult):
            return answer
        self._restart()
        file = request.files[place]
        return ReadResult((FileResult(file, None, Refusal("bestand_onleesbaar", f"{safe_text(file.naam)}: {answer}")),), ())

    def kill(self) -> None:
        """Kill the process while another thread waits for its answer."""
        if self._worker is not None:
            self._worker.process.kill()

    def _send(self, worker: _Worker, request: ReadRequest) -> tuple[int, ReadResult | str]:
        """Send a request and wait; return the position of the last file that was opened, and the result or a fault in Dutch."""
        place = 0
        deadline = time.monotonic() + self._seconds
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
                elif answer.get("geheugen"):
                    return place, f"het lezen vraagt meer geheugen dan {self._memory // MIB} MiB (LEERPLICHT_READ_MEMORY_BYTES)"
                else:
                    return place, str(answer["fout"])
        except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError):  # it died, or its answer is invalid
            return place, self._died(worker)
        return place, f"het lezen duurt langer dan {self._seconds} seconden (LEERPLICHT_READ_SECONDS)"

    def _died(self, worker: _Worker) -> str:
        worker.connection.close()
        try:
            code = worker.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        return f"het lezen is afgebroken ({how}): het bestand is beschadigd, of vraagt meer geheugen dan {self._memory // MIB} MiB"

    def _restart(self) -> _Worker:
        """Start a new process, so that the next delivery has all of its memory."""
        self._stop()
        self._worker = self._start()
        return self._worker

    def _start(self) -> _Worker:
        ours, theirs = Pipe()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", WORKER, str(theirs.fileno()), str(self._memory)],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a crash report may contain a value
                start_new_session=True,  # Ctrl-C is for this process, which then stops the other
            )
        return _Worker(process, ours)

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.connection.close()
            self._worker.process.kill()
            self._worker.process.wait()
            self._worker = None


def _result(answer: dict[str, Any], request: ReadRequest) -> ReadResult:
    """Convert an answer to a result; entiteiten and codes of rows must be known, and paths stay in the folder of the request.

    Raises:
        LookupError, ValueError: It is no valid answer.
    """
    files = tuple(
        FileResult(request.files[place], rijen, Refusal(*fault) if fault else None, tuple(map(str, unknown)), tuple(map(str, delivered)))
        for place, rijen, fault, unknown, delivered in answer["bestanden"]
    )
    return ReadResult(files, tuple(_entity(found, request) for found in answer["entiteiten"]))


def _entity(found: dict[str, Any], request: ReadRequest) -> LedgerEntity:
    entity = LedgerEntity.model_validate(found)
    if entity.entiteit not in request.entities or not {*entity.afgewezen_per_code, *entity.waarschuwingen_van_rijen} <= REASONS.keys():
        raise ValueError("an unknown entiteit or code")
    names = {name: Path(path).name for name in ("rijen", "quarantaine") if (path := getattr(entity, name))}
    return entity.model_copy(update=names)
