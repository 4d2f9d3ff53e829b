"""Reads deliveries in a thread that does what the reading process does: the same requests and answers, without the start of a Python.

Put here: that stand-in, for small tests of what is read. Keep out: tests of the process itself, of its limits and its death, which start it
(`fault/test_hostile_reading.py`, `unit/test_parallel.py`, `unit/test_postponed.py`).
"""

import io
import threading
from multiprocessing.connection import Pipe

from orchestration.deliveries import process, worker


class Thread:
    """In place of the process; it ends when its connection is closed."""

    pid = 0

    def poll(self) -> None:
        """It runs."""

    def kill(self) -> None:
        """Closing the connection ends it."""

    def wait(self) -> int:
        return 0


def start(_reader: process.ReadingProcess) -> process._Worker:
    """Do as `ReadingProcess._start`."""
    ours, theirs = Pipe()

    def serve() -> None:
        with theirs:
            worker.serve(theirs)

    threading.Thread(target=serve, daemon=True).start()
    return process._Worker(Thread(), ours, io.BytesIO())  # type: ignore[arg-type]
