"""A clock that is set by hand, for whole processes: libfaketime (Debian: faketime).

It goes on at its own speed. All that a process asks the time gets this one: ours, Dagster, dbt, and the processes that they start. What the
kernel writes keeps the real time: the times of files.

Put here: that clock. Keep out: what is run under it.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

WITHIN = 1  # second: then every process knows that it jumped; without it, DuckDB reads the file thousands of times a second
LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
# libfaketime refuses the absolute sleep of Python (clock_nanosleep); this one is relative
RELATIVE_SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], max(0, seconds)) and None\n"


@dataclass(frozen=True)
class Clock:
    """A clock.

    Args:
        folder: Holds its distance to the real one, and what Python needs to run under it.
    """

    folder: Path

    def set(self, moment: datetime) -> None:
        """Let it jump to a moment; processes notice that within `WITHIN`."""
        distance = moment.timestamp() - self.real().timestamp()
        self._file.write_text(f"{distance:+.0f}\n", encoding="ascii")

    def real(self) -> datetime:
        """Return the time of the machine, also in a process under this clock."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / "nu"
        place.write_bytes(b"")
        return datetime.fromtimestamp(place.stat().st_mtime, UTC)

    @property
    def environment(self) -> dict[str, str]:
        """What a process and those that it starts get to run under it."""
        (self.folder / "sitecustomize.py").write_text(RELATIVE_SLEEP, encoding="ascii")
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": str(WITHIN),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": os.pathsep.join([str(self.folder), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }

    @property
    def _file(self) -> Path:
        return self.folder / "afstand"
