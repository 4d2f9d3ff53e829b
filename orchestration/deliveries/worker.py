"""`python -m orchestration.deliveries.worker FD BYTES`: the process that reads delivered files. Started by `process.py` only.

Put here: the limits of this process, and its end of the connection. Keep out: reading itself (`parse.py`).

The memory limit is on private, writable memory (RLIMIT_DATA). Address space is no measure, as threads and allocators reserve parts of it
that they never use. For the same reason pyarrow allocates with malloc here, which is also the fastest of its three allocators: 3.1 s for
1,000,000 meldingen, against 3.5 and 3.8.
"""

import errno
import json
import os
import pickle
import resource
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import unexpected

if TYPE_CHECKING:
    from orchestration.deliveries.parse import ReadRequest, ReadResult

ALLOCATION = {"ARROW_DEFAULT_MEMORY_POOL": "system", "ARROW_IO_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}


class NoPandas:
    """An import hook that refuses pandas: pyarrow imports it for the first list it converts, which takes 1.1 s and serves nothing here."""

    @staticmethod
    def find_spec(name: str, _path: Sequence[str] | None = None, _target: object = None) -> None:
        """Raise ImportError for pandas; leave other modules to the next finder."""
        if name == "pandas":
            raise ImportError(name)


def serve(connection: Connection) -> None:
    """Answer requests until the connection is closed."""
    while True:
        try:
            request = pickle.loads(connection.recv_bytes())  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        answer = _answer(request, connection)
        connection.send_bytes(json.dumps(answer).encode())
        if "gelezen" not in answer:
            return  # the state of this process can no longer be trusted


def _answer(request: "ReadRequest", connection: Connection) -> dict[str, Any]:
    from orchestration.deliveries.parse import parse

    try:
        result = parse(request, lambda file: connection.send_bytes(json.dumps({"bezig": request.files.index(file)}).encode()))
        return {"gelezen": _serializable(result, request), "piek": _peak()}
    except MemoryError:
        return {"geheugen": True}
    except OSError as fault:
        return {"geheugen": True} if fault.errno == errno.ENOMEM else {"systeemfout": fault.errno or 0}
    except BaseException as bug:  # a panic of calamine is not an Exception
        if "can't start new thread" in str(bug):
            return {"geheugen": True}
        return {"fout": f"het lezen is onverwacht mislukt ({unexpected(bug)})"}


def _peak() -> int:
    """Return the peak memory of this process in bytes.

    On Linux `ru_maxrss` includes the peak of the process that started this one, so the kernel's own figure is read.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    high_water = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(high_water.split()[1]) * 1024


def _serializable(result: "ReadResult", request: "ReadRequest") -> dict[str, Any]:
    files = [
        [
            request.files.index(file.file),
            file.rijen,
            [file.fault.code, file.fault.reden] if file.fault else None,
            file.unknown,
            file.delivered,
        ]
        for file in result.files
    ]
    return {"bestanden": files, "entiteiten": [entity.model_dump() for entity in result.entities]}


def prepare() -> None:
    """Choose the allocator and import what reading needs, before the limit is set and the first request arrives."""
    for name, value in ALLOCATION.items():
        os.putenv(name, value)
    sys.meta_path.insert(0, NoPandas())
    import orchestration.deliveries.parse  # noqa: F401


def limit(memory: int) -> None:
    """Limit the memory of this process in bytes, and forbid core dumps, which would contain delivered values."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def main() -> None:
    """Prepare, set the limits, serve."""
    prepare()
    limit(int(sys.argv[2]))
    with Connection(int(sys.argv[1])) as connection:
        serve(connection)


if __name__ == "__main__":
    main()
