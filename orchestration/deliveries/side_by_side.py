"""Entiteiten of a large delivery side by side: two processes that read, of which the second begins when there is enough to do for it.

Put here: dividing an order, and putting together what came of its parts. Keep out: a process that reads (`process.py`). Entiteiten know
nothing of each other while they are read, so it makes no difference to any row, count or verdict.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import Self

from orchestration.deliveries.parse import Order, Parsed
from orchestration.deliveries.process import ReadingProcess
from orchestration.settings import Settings

ENOUGH = 100_000  # rows; the second process takes 0.4 s to begin, in which the first one reads so many


class SideBySide:
    """Reads deliveries in one process, and large ones in two; as a context.

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

    def read(self, order: Order) -> Parsed:
        """Read; whatever the files are, there is an answer."""
        rows = {name: sum(file.rijen for file in order.files if file.entiteit == name) for name in order.entities}
        if len(rows) < 2 or sum(rows.values()) < ENOUGH:
            return self._first.read(order)
        lighter, heavier = _halves(rows)
        with ThreadPoolExecutor(max_workers=1) as beside:
            other = beside.submit(self._second.read, _part(order, lighter))
            try:
                found = [self._first.read(_part(order, heavier)), other.result()]
            except BaseException:  # Ctrl-C: nobody waits for what the other one finds
                self._second.abandon()
                raise
        return Parsed(
            tuple(sorted((result for part in found for result in part.files), key=lambda result: order.files.index(result.file))),
            tuple(sorted((result for part in found for result in part.entities), key=lambda result: order.entities.index(result.entiteit))),
        )


def _halves(rows: dict[str, int]) -> tuple[set[str], set[str]]:
    """Divide names over two sides, the largest first, each to the side that has less; the lighter side comes first."""
    sides: list[set[str]] = [set(), set()]

    def weight(side: set[str]) -> int:
        return sum(rows[name] for name in side)

    for name in sorted(rows, key=lambda name: (-rows[name], name)):
        min(sides, key=weight).add(name)
    lighter, heavier = sorted(sides, key=weight)
    return lighter, heavier


def _part(order: Order, names: set[str]) -> Order:
    return replace(
        order,
        entities=tuple(name for name in order.entities if name in names),
        files=tuple(file for file in order.files if file.entiteit in names),
    )
