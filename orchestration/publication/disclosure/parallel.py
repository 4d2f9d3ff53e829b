"""Protects and checks schooljaren side by side: they are independent, so memory depends on the largest, not on how many there are.

Put here: running a function on each, in order. Keep out: what is run.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar, TypeVarTuple

Given = TypeVarTuple("Given")
Made = TypeVar("Made")
PROCESSES = 2
MANY = 5_000  # counts of a release from which a second process saves more than it costs to start


def each(function: Callable[[*Given], Made], asked: Iterable[tuple[*Given]], counts: int) -> Iterator[Made]:
    """Yield what a function makes of each of several arguments, in their order.

    Args:
        function: Of a module, so that another process can import it.
        asked: The arguments of each call; they are taken when they are needed.
        counts: How many counts there are in all.
    """
    if counts < MANY:
        yield from (function(*given) for given in asked)
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=_be_silent) as pool:
        waiting: deque[Future[Made]] = deque()
        for given in asked:
            waiting.append(pool.submit(function, *given))
            if len(waiting) > PROCESSES:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _be_silent() -> None:
    """Print nothing in this process: HiGHS writes lines for its own makers, which no option of SciPy turns off."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
