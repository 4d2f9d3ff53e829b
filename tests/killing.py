"""Kills a step just before a chosen moment: a Python audit event, so a change on disk or a read, the same ones each time.

Put here: that. Keep out: the steps that are killed.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import command_line

from orchestration.lake import Lake

READS = ("open", "os.scandir", "os.listdir")
CHANGES = ("os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink")


def killed(lake: Lake, act: Callable[[Lake], object], fatal: int, told: Path) -> int | None:
    """Run a step in its own process, and kill it just before an event; return its exit code.

    Args:
        lake: The lake that it changes.
        act: The step.
        fatal: The number of the event; -1 for none.
        told: If it was not killed: gets a JSON list of whether each event changes the disk.
    """
    process = command_line.server().Process(target=_until, args=(lake, act, fatal, told))
    process.start()
    process.join(timeout=60)
    return process.exitcode


def _until(lake: Lake, act: Callable[[Lake], object], fatal: int, told: Path) -> None:
    changes: list[bool] = []

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if event in (*READS, *CHANGES) and str(lake.root) in str(arguments[:2]):
            if len(changes) == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            changes.append(writes or event in CHANGES)

    sys.addaudithook(audit)
    act(lake)
    told.write_text(json.dumps(changes))
