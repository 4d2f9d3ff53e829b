"""A change of many files of the lake that happens as a whole or not at all, also if the process is killed.

What is to be put in place is written in a folder of its own. Then one file, the plan, is put in place atomically: the commit. Then each
file is moved and each removal is done. `Lake.hold` completes a change that was interrupted after the commit, and removes one that was not
committed, so whoever holds the lake sees all of it or nothing.

`lake/wijzigingen.jsonl` records each one that removes or renames persons: when, what, by whom and how much, never whose.

Put here: making such a change, and its record. Keep out: what is changed (`orchestration.persons`), and completing one (`lake.py`).
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from orchestration import whole
from orchestration.lake import Lake, interrupted
from orchestration.lake.files import make_private, remove, replace_bytes, sync_folder
from orchestration.lake.interrupted import CHANGE_OUTSIDE, CHANGE_PLAN

COUNTED = ("rijen", "afgewezen", "leveringen", "originelen", "personen")
COMPARED = ("van", "naar", "verschillen", "definitief")
RECORDED = ("op", "wat", "door", "omdat", *COUNTED, *COMPARED)
REWRITES = ("gewist", "verlopen", "sleutel_vernieuwd")


class Change:
    """A change in the making.

    Args:
        lake: The lake.
    """

    def __init__(self, lake: Lake) -> None:
        self.name = secrets.token_hex(8)
        self._lake = lake
        self._put: list[tuple[str, str]] = []
        self._gone: list[str] = []
        self._outside: list[str] = []
        self._number = count()
        self._is_dropped = False

    def scratch(self, target: Path) -> Path:
        """Return a path to write what may replace a file of the lake; it does so if it is also placed."""
        return make_private(self._lake.change) / f"{next(self._number)}{target.suffix}"

    def place(self, staged: Path, target: Path) -> None:
        """Let what was written in scratch replace a file of the lake."""
        self._put.append((self._within(staged), self._within(target)))

    def put(self, target: Path, content: bytes) -> None:
        """Replace the content of a file of the lake."""
        staged = self.scratch(target)
        staged.write_bytes(content)
        self.place(staged, target)

    def put_outside(self, target: Path, content: bytes) -> None:
        """Replace the content of a file outside the lake, on any disk. It is staged next to it, readable by its owner only."""
        staged = target.with_name(f".{target.name}.nieuw")
        self._outside.append(str(staged))
        replace_bytes(make_private(self._lake.change) / CHANGE_OUTSIDE, "\n".join(self._outside).encode())
        remove(staged)
        with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        self._put.append((str(staged), str(target)))

    def remove(self, path: Path) -> None:
        """Remove a file, a folder or a link, if it exists."""
        self._gone.append(self._within(path))

    def note(self, **line: object) -> None:
        """Add a line to the record of changes.

        Args:
            line: `op` (UTC), `wat`, `door`, `omdat`, and counts; nothing about a person in the data.
        """
        self.put(self._lake.changes, whole.extended(self._lake.changes, line))

    def drop(self) -> None:
        """Let nothing of it happen: what was staged is removed at the end."""
        self._is_dropped = True

    def commit(self) -> None:
        """Make the change. From the moment that the plan is in place, it is completed, now or when the lake is next held."""
        if self._is_dropped:
            interrupted.finish_change(self._lake)  # there is no plan, so it only removes what was staged
            return
        for staged, _ in self._put:
            with (self._lake.root / staged).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(make_private(self._lake.change))
        plan = {"zetten": self._put, "weg": self._gone}
        replace_bytes(self._lake.change / CHANGE_PLAN, json.dumps(plan).encode())
        interrupted.finish_change(self._lake)

    def _within(self, path: Path) -> str:
        """Return a path relative to the lake, which may be moved before the change is completed."""
        return str(path.relative_to(self._lake.root))


@contextmanager
def changing(lake: Lake) -> Iterator[Change]:
    """Make a change of the lake: committed at the end, undone by an exception.

    Args:
        lake: The lake; the caller holds its lock.
    """
    change = Change(lake)
    try:
        yield change
    except BaseException:
        interrupted.finish_change(lake)  # there is no plan, so it only removes what was staged
        raise
    change.commit()


def record(lake: Lake) -> list[dict[str, Any]]:
    """Return the record of changes, oldest first.

    Raises:
        DamageError: A line is not what was written.
    """
    return whole.read_journal(lake.changes, RECORDED, "de lijst van wijzigingen")


def latest(lake: Lake) -> datetime | None:
    """Return when persons were last removed or renamed: a warehouse of before still holds what is gone from the lake."""
    moments = [datetime.fromisoformat(line["op"]) for line in record(lake) if line["wat"] in REWRITES]
    return max(moments, default=None)
