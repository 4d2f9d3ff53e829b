"""The names of what is not finished yet, and the removal of what a killed process left.

A name that begins with a dot is unfinished. If it ends with the id of a process (`.levering.json.4711.tmp`), that process is writing it;
any other one is written by who holds the lake. So whoever takes the lake may remove each of them but those of a process that lives. Every
temporary file and folder gets its name here; a new kind is then removed without a further line.

Put here: those names, and what is left of them. Keep out: when it is removed (`orchestration.lake.interrupted`), and what is written.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BY_PROCESS = re.compile(r".+\.(?P<pid>\d+)\.tmp")
OUTSIDE = "leerplicht-"  # not in the lake, so a name that somebody finds there must say whose it is


def beside(path: Path) -> Path:
    """Return the path at which this process writes what gets the name of a path."""
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def folder(parent: Path, what: str) -> Path:
    """Make a private folder of this process in another one, and return it; `what` is its purpose, in one word."""
    return Path(tempfile.mkdtemp(prefix=f".{what}-", suffix=f".{os.getpid()}.tmp", dir=parent))


@contextmanager
def outside() -> Iterator[Path]:
    """Yield a private folder outside the lake, which is removed afterwards; what killed processes of this user left goes first."""
    clear_outside()
    made = Path(tempfile.mkdtemp(prefix=OUTSIDE, suffix=f".{os.getpid()}.tmp"))
    try:
        yield made
    finally:
        shutil.rmtree(made)


def clear_outside() -> None:
    """Remove the folders outside the lake (`outside`) of processes of this user that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{OUTSIDE}*.tmp"):
        with suppress(OSError):  # somebody else's
            if path.lstat().st_uid == os.geteuid() and _is_of_the_dead(path):
                shutil.rmtree(path)


def clear_beside(path: Path) -> None:
    """Remove what killed processes left of a path (`beside`) that is not in the lake."""
    for left in path.parent.glob(f".{path.name}.*.tmp"):
        if _is_of_the_dead(left):
            left.unlink(missing_ok=True)


def is_left(path: Path, *, holding: bool = False) -> bool:
    """Return whether nobody will finish a path.

    Args:
        path: The path.
        holding: Whether this process holds the lake, so that no other one writes under a name without a process.
    """
    if not path.name.startswith("."):
        return False
    return _is_of_the_dead(path) if BY_PROCESS.fullmatch(path.name) else holding


def _is_of_the_dead(path: Path) -> bool:
    found = BY_PROCESS.fullmatch(path.name)
    try:
        os.kill(int(found["pid"]) if found else os.getpid(), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:  # it lives, and is somebody else's
        return False
    return False
