"""Read with several processes: the entiteiten of a large delivery side by side, and the next delivery while this one is judged.

Put here: dividing the work and merging the results. Keep out: a process that reads (`process.py`), and the order in which deliveries are
judged (`ingest.py`). Entiteiten are read independently, and what a file holds does not depend on the ledger, so neither the number of
processes nor reading ahead changes a row, a count or a verdict.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import NamedTuple, Self

from orchestration.deliveries.manifest import ListedFile, hash_file, presence_fault
from orchestration.deliveries.parse import ReadRequest, ReadResult
from orchestration.deliveries.process import ReadingProcess
from orchestration.settings import Settings

MIN_ROWS = 100_000  # in the 0.4 s that another process takes to start, the first one reads as many
MOST = 8  # processes, unless the setting says so: the largest entiteit is one process's work


class _Begun(NamedTuple):
    """A request that is being read; None if it was begun before it was asked, and its files were not as listed."""

    request: ReadRequest
    result: Future[ReadResult | None]


class ParallelReader:
    """Reads deliveries with one process, and large ones with as many as there are; a context manager.

    Args:
        settings: The number of processes, and the limits of memory and time of each.
    """

    def __init__(self, settings: Settings) -> None:
        self._processes = [ReadingProcess(settings) for _ in range(settings.read_processes or min(os.cpu_count() or 1, MOST))]
        self._idle: LifoQueue[ReadingProcess] = LifoQueue()  # the last one used first: the others start when there is work for them
        for process in reversed(self._processes):
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(max_workers=len(self._processes))
        self._early: list[_Begun] = []
        self._asked: set[Future[ReadResult | None]] = set()

    def __enter__(self) -> Self:
        self._processes[0].__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()
        self._threads.shutdown()
        for process in self._processes:
            process.__exit__(kind, value, trace)

    def ahead(self, requests: Iterable[ReadRequest]) -> None:
        """Begin to read what will be asked, each request of one entiteit and with a folder of its own."""
        for request in requests:
            self._early.append(_Begun(request, self._begin(self._read_as_listed, request)))

    def read(self, request: ReadRequest) -> ReadResult:
        """Read the files; a fault of a file is in its result and raises nothing.

        Raises:
            Postponed: A process died, took too long, or could not read a file.
        """
        begun = [(part, self._taken(part) or _Begun(part, self._begin(self._read, part))) for part in split(request)]
        try:
            results = [self._finished(one, part) for part, one in begun]
        except BaseException:  # postponed, or Ctrl-C: do not wait for the other processes
            self._stop()
            raise
        files = [file for result in results for file in result.files]
        entities = [entity for result in results for entity in result.entities]
        return ReadResult(
            tuple(sorted(files, key=lambda result: request.files.index(result.file))),
            tuple(sorted(entities, key=lambda result: request.entities.index(result.entiteit))),
        )

    def _taken(self, part: ReadRequest) -> _Begun | None:
        """Return the early reading of a part, if there is one; it is used once."""
        for place, one in enumerate(self._early):
            if replace(one.request, out=part.out) == part:
                return self._early.pop(place)
        return None

    def _finished(self, one: _Begun, part: ReadRequest) -> ReadResult:
        """Wait for a part, and move rows that were read early into its folder; what was not as listed then is read now."""
        result = one.result.result()
        while result is None:
            one = _Begun(part, self._begin(self._read, part))
            result = one.result.result()
        if part.out and one.request.out and one.request.out != part.out:
            for path in one.request.out.iterdir():
                path.replace(part.out / path.name)
        return result

    def _begin(self, read: Callable[[ReadRequest], ReadResult | None], request: ReadRequest) -> Future[ReadResult | None]:
        future = self._threads.submit(read, request)
        self._asked = {one for one in self._asked if not one.done()} | {future}
        return future

    def _read_as_listed(self, request: ReadRequest) -> ReadResult | None:
        """Read files that have the hashes of the manifest; who judges the delivery compares them again."""
        return self._read(request) if all(_is_as_listed(request.path(file), file, request.max_bytes) for file in request.files) else None

    def _read(self, request: ReadRequest) -> ReadResult | None:
        process = self._idle.get()
        try:
            return process.read(request)
        finally:
            self._idle.put(process)

    def _stop(self) -> None:
        """End all reading; what was read early is forgotten."""
        self._early.clear()
        for future in self._asked:
            future.cancel()
        while wait(self._asked, timeout=0.1).not_done:
            for process in self._processes:
                process.kill()


def is_large(request: ReadRequest) -> bool:
    """Return whether several processes read a request faster than one."""
    return sum(file.rijen for file in request.files) >= MIN_ROWS


def split(request: ReadRequest) -> Iterator[ReadRequest]:
    """Yield the parts of a request that are read side by side: of a large one each entiteit, the largest first."""
    if len(request.entities) < 2 or not is_large(request):
        yield request
        return
    rows = {name: sum(file.rijen for file in request.files if file.entiteit == name) for name in request.entities}
    for name in sorted(rows, key=lambda name: (-rows[name], name)):
        yield replace(request, entities=(name,), files=tuple(file for file in request.files if file.entiteit == name))


def _is_as_listed(path: Path, file: ListedFile, max_bytes: int) -> bool:
    try:
        return presence_fault(path, max_bytes) is None and hash_file(path) == file.sha256
    except OSError:
        return False
