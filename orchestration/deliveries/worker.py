"""`python -m orchestration.deliveries.worker FD BYTES`: the process in which delivered files are read. Started by `process.py` alone.

Put here: limiting this process, and its side of the talk. Keep out: reading itself (`parse.py`).

The limit of memory is on private, writable memory (RLIMIT_DATA): the address space says little, as threads and allocators reserve parts of
it that they never use. For the same reason pyarrow allocates with malloc here; it is also the fastest of its three (3.1 s for 1,000,000
meldingen, against 3.5 and 3.8).
"""

import json
import os
import pickle
import resource
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestration.deliveries.parse import Order, Parsed

ALLOCATION = {"ARROW_DEFAULT_MEMORY_POOL": "system", "ARROW_IO_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}


class NoPandas:
    """Keeps pyarrow from importing pandas, which it does at the first list it sees: 1.1 s, and nothing here needs it."""

    @staticmethod
    def find_spec(name: str, _path: Sequence[str] | None = None, _target: object = None) -> None:
        """Refuse pandas, leave the rest to others."""
        if name == "pandas":
            raise ImportError(name)


def serve(connection: Connection) -> None:
    """Read what is ordered, until nobody is there to order."""
    while True:
        try:
            order = pickle.loads(connection.recv_bytes())  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        answer = _answer(order, connection)
        connection.send_bytes(json.dumps(answer).encode())
        if "gelezen" not in answer:
            return  # what is left of this process is not to be trusted


def _answer(order: "Order", connection: Connection) -> dict[str, Any]:
    from orchestration.deliveries.parse import parse

    try:
        found = parse(order, lambda file: connection.send_bytes(json.dumps({"bezig": order.files.index(file)}).encode()))
        return {"gelezen": _plain(found, order), "piek": _peak()}
    except MemoryError:
        return {"geheugen": True}
    except BaseException as bug:  # calamine's panics are no Exception
        if "can't start new thread" in str(bug):
            return {"geheugen": True}
        place = traceback.extract_tb(bug.__traceback__)[-1]  # the message may hold a value, the place does not
        return {"fout": f"het lezen is onverwacht mislukt ({type(bug).__name__}, {os.path.basename(place.filename)}:{place.lineno})"}  # noqa: PTH119


def _peak() -> int:
    """The most memory this process has held, in bytes.

    Not `ru_maxrss`: on Linux a process starts with that of the one that started it, a whole night's.
    """
    status = Path("/proc/self/status")
    if not status.exists():  # elsewhere than on Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    high_water = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(high_water.split()[1]) * 1024


def _plain(found: "Parsed", order: "Order") -> dict[str, Any]:
    files = [
        [order.files.index(result.file), result.rijen, result.unknown, [result.fault.code, result.fault.reden] if result.fault else None]
        for result in found.files
    ]
    return {"bestanden": files, "entiteiten": [json.loads(json.dumps(asdict(result), default=str)) for result in found.entities]}


def prepare() -> None:
    """Choose how memory is allocated, and import what reading needs: before the limit and before the first order."""
    for name, value in ALLOCATION.items():
        os.putenv(name, value)
    sys.meta_path.insert(0, NoPandas())
    import orchestration.deliveries.parse  # noqa: F401


def limit(memory: int) -> None:
    """Limit this process, and let it leave no image of its memory behind."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def main() -> None:
    """Prepare, limit, serve."""
    prepare()
    limit(int(sys.argv[2]))
    with Connection(int(sys.argv[1])) as connection:
        serve(connection)


if __name__ == "__main__":
    main()
