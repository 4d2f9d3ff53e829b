"""Reading in a process apart: what delivered files can do to a parser, they do to that process and not to the night.

Put here: starting that process, giving it orders, its limits of memory and time, and what a file gets that it dies of. Keep out: what the
process does (`worker.py` is its face, `parse.py` its work).

It is a new Python (not a fork: the night has threads; not `multiprocessing`: that would import the night's own main module, Dagster and
all). Orders go in as pickles, from us; what comes back is JSON, so that a parser that was taken over can lie about a file but not act in
this process. One process serves all deliveries of a bron; it is started beforehand, which hides most of its 0.4 s,
and again after a delivery that took much memory, or killed it.
"""

import json
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from orchestration.deliveries.parse import EntityResult, FileResult, Order, Parsed, parse
from orchestration.deliveries.reasons import REJECTIONS, WARNINGS, Refusal, shown
from orchestration.settings import Settings

WORKER = "orchestration.deliveries.worker"
MAX_ANSWER = 64 << 20
MIB = 1 << 20


class Reader(Protocol):
    """Whoever reads the files of a delivery."""

    def read(self, order: Order) -> Parsed:
        """Read; whatever the files are, there is an answer."""
        ...


class HereReader:
    """Reads in this process, without limits: for tests that do it thousands of times."""

    def read(self, order: Order) -> Parsed:
        """Read."""
        return parse(order)


@dataclass(frozen=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection


class ReadingProcess:
    """A process that reads, as a context.

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

    def read(self, order: Order) -> Parsed:
        """Read in the process.

        Returns:
            What it found. When it needed too much, or died, that is the fault of the file it was reading, and there are no other results.
        """
        if not order.files:
            return Parsed((), ())
        worker = self._worker
        if worker is None or worker.process.poll() is not None:
            worker = self._restart()
        busy, answer = self._ask(worker, order)
        if "gelezen" in answer:
            parsed = _parsed(answer["gelezen"], order)
            if int(answer["piek"]) > self._memory // 2:
                self._restart()
            return parsed
        self._restart()
        file = order.files[busy]
        return Parsed((FileResult(file, None, 0, Refusal("bestand_onleesbaar", f"{shown(file.naam)}: {answer['fout']}")),), ())

    def abandon(self) -> None:
        """End the process while another thread waits for it: that thread then hears that it died."""
        if self._worker is not None:
            self._worker.process.kill()

    def _ask(self, worker: _Worker, order: Order) -> tuple[int, dict[str, Any]]:
        """Give an order and wait; the number of the last file that was begun, and what was answered."""
        busy = 0
        deadline = time.monotonic() + self._seconds
        try:
            worker.connection.send_bytes(pickle.dumps(order))
            while worker.connection.poll(max(0.0, deadline - time.monotonic())):
                answer: dict[str, Any] = json.loads(worker.connection.recv_bytes(MAX_ANSWER))
                if "bezig" not in answer:
                    return busy, {"fout": self._too_much()} if answer.get("geheugen") else answer
                busy = min(int(answer["bezig"]), len(order.files) - 1)
        except (OSError, EOFError, ValueError):
            return busy, {"fout": self._died(worker)}
        return busy, {"fout": f"het lezen duurt langer dan {self._seconds} seconden (LEERPLICHT_READ_SECONDS)"}

    def _too_much(self) -> str:
        return f"het lezen vraagt meer geheugen dan {self._memory // MIB} MiB (LEERPLICHT_READ_MEMORY_BYTES)"

    def _died(self, worker: _Worker) -> str:
        worker.connection.close()
        try:
            code = worker.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        return f"het lezen is afgebroken ({how}): het bestand is beschadigd, of vraagt meer geheugen dan {self._memory // MIB} MiB"

    def _restart(self) -> _Worker:
        """Begin anew, after a delivery that took much memory or went wrong: it would leave less for the next one."""
        self._stop()
        self._worker = self._start()
        return self._worker

    def _start(self) -> _Worker:
        ours, theirs = Pipe()
        command = [sys.executable, "-m", WORKER, str(theirs.fileno()), str(self._memory)]
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a parser's last words may hold a value
                start_new_session=True,  # Ctrl-C reaches us, and we end it
            )
        return _Worker(process, ours)

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.connection.close()
            self._worker.process.kill()
            self._worker.process.wait()
            self._worker = None


def _parsed(told: dict[str, Any], order: Order) -> Parsed:
    """What the process found, believed only as far as it can be checked against the order."""
    files = tuple(
        FileResult(order.files[place], rijen, unknown, Refusal(*fault) if fault else None)
        for place, rijen, unknown, fault in told["bestanden"]
    )
    return Parsed(files, tuple(_entity(found, order) for found in told["entiteiten"]))


def _entity(found: dict[str, Any], order: Order) -> EntityResult:
    return EntityResult(
        entiteit=next(name for name in order.entities if name == found["entiteit"]),
        gelezen=int(found["gelezen"]),
        geladen=int(found["geladen"]),
        herhaald=int(found["herhaald"]),
        rejected={r.code: int(found["rejected"][r.code]) for r in sorted(REJECTIONS, key=lambda r: r.code) if r.code in found["rejected"]},
        warned={r.code: int(found["warned"][r.code]) for r in WARNINGS if r.code in found["warned"]},
        unknown=int(found["unknown"]),
        rows=_path(order, found["rows"]),
        quarantine=_path(order, found["quarantine"]),
    )


def _path(order: Order, name: str | None) -> Path | None:
    return order.out / Path(name).name if name and order.out else None
