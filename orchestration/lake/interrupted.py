"""What a killed process left in the lake: completes or undoes its change, and removes its unfinished files.

Put here: doing so; who calls it holds the lock. Keep out: the names of what is unfinished (`orchestration.unfinished`), and making a change
(`orchestration.change`).
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from orchestration.lake.files import make_private, remove, sync_folder
from orchestration.lake.paths import Paths
from orchestration.unfinished import clear_outside, is_left

CHANGE_PLAN = "plan.json"
CHANGE_OUTSIDE = "buiten.txt"


def finish_change(lake: Paths) -> None:
    """Complete a change of many files (`change.py`) that was interrupted after its commit, and undo one that was interrupted before it.

    The caller holds the lock.
    """
    outside = [Path(path) for path in _lines(lake.change / CHANGE_OUTSIDE)]
    if (plan := lake.change / CHANGE_PLAN).is_file():
        agreed = json.loads(plan.read_bytes())
        for staged, target in agreed["zetten"]:
            _put(lake.root / staged, lake.root / target)  # a path outside the lake is absolute, and joining keeps it
        for path in agreed["weg"]:
            remove(lake.root / path)
    for path in outside:
        remove(path)
    remove(lake.change)


def remove_unfinished(lake: Paths, zones: Iterable[Path]) -> None:
    """Remove what killed processes left, of whatever command. The caller holds the lock; `zones` are the folders in the root of the lake.

    In landing others put files too: only what names a process is ours there. A build that failed stays until the next run
    (`remove_builds`); Dagster and dbt have their own names.
    """
    others = {lake.dagster_home, lake.dbt_target, lake.rebuilt, *(build.parent for build in lake.builds)}
    for zone in zones:
        for folder, folders, files in os.walk(zone):
            place = Path(folder)
            left = [name for name in (*folders, *files) if is_left(place / name, holding=zone != lake.landing)]
            left = [name for name in left if place / name not in others]
            for name in left:
                with suppress(PermissionError):  # `set_access` says how that is mended
                    remove(place / name)
            folders[:] = [name for name in folders if name not in left and place / name not in others]
    _remove_rebuilt(lake)
    clear_outside()


def _remove_rebuilt(lake: Paths) -> None:
    """Remove the lake of a `verify` that was killed."""
    from filelock import FileLock, Timeout

    if lake.rebuilt.exists():
        with suppress(Timeout), FileLock(lake.rebuilt.with_suffix(".lock"), timeout=0):
            remove(lake.rebuilt)


def _put(staged: Path, target: Path) -> None:
    if staged.exists():  # otherwise it is in its place already
        staged.chmod(0o600)
        if not target.parent.is_dir():
            make_private(target.parent)
        staged.replace(target)
        sync_folder(target.parent)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
