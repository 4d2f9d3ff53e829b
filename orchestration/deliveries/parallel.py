"""Read a large delivery with two processes.

Put here: splitting a request and merging the results. Keep out: a process that reads (`process.py`). Entiteiten are read independently, so
the split changes no row, count or verdict.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import Self

from orchestration.deliveries.parse import ReadRequest, ReadResult
from orchestration.deliveries.process import ReadingProcess
from orchestration.settings import Settings

MIN_ROWS = 100_000  # in the 0.4 s that the second process takes to start, the first one reads as many


class ParallelReader:
    """Reads deliveries with one process, and large ones with two; a context manager.

    Args:
        settings: The limits of memory and time of each process.
    """

    def __init__(self, settings: Settings) -> None:
        self._first = ReadingProcess(settings)
        self._second = ReadingProcess(settings)

    def __enter__(self) -> Self:
        self._first.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._first.__exit__(kind, value, trace)
        self._second.__exit__(kind, value, trace)

    def read(self, request: ReadRequest) -> ReadResult:
        """Read the files; a fault of a file is in its result and raises nothing.

        Raises:
            Postponed: A process died, took too long, or could not read a file.
        """
        rows = {name: sum(file.rijen for file in request.files if file.entiteit == name) for name in request.entities}
        if len(rows) < 2 or sum(rows.values()) < MIN_ROWS:
            return self._first.read(request)
        lighter, heavier = _halves(rows)
        with ThreadPoolExecutor(max_workers=1) as thread:
            other = thread.submit(self._second.read, _part(request, lighter))
            try:
                results = [self._first.read(_part(request, heavier)), other.result()]
            except BaseException:  # postponed, or Ctrl-C: do not wait for the other process
                self._second.kill()
                raise
        files = [file for result in results for file in result.files]
        entities = [entity for result in results for entity in result.entities]
        return ReadResult(
            tuple(sorted(files, key=lambda result: request.files.index(result.file))),
            tuple(sorted(entities, key=lambda result: request.entities.index(result.entiteit))),
        )


def _halves(rows: dict[str, int]) -> tuple[set[str], set[str]]:
    """Divide names over two halves, the largest first, each to the half with fewer rows; return the lighter half first."""
    halves: list[set[str]] = [set(), set()]

    def weight(half: set[str]) -> int:
        return sum(rows[name] for name in half)

    for name in sorted(rows, key=lambda name: (-rows[name], name)):
        min(halves, key=weight).add(name)
    lighter, heavier = sorted(halves, key=weight)
    return lighter, heavier


def _part(request: ReadRequest, names: set[str]) -> ReadRequest:
    return replace(
        request,
        entities=tuple(name for name in request.entities if name in names),
        files=tuple(file for file in request.files if file.entiteit in names),
    )
