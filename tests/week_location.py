"""A code location for a week under the daemon: the night itself, with two replacements in its building.

The first build is real and later ones copy it, which saves half a minute a night: nothing that comes in between is accepted. And on one
date a key in the warehouse is not unique.

Put here: those two. Keep out: what the week shows.
"""

import os
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from prebuilt import First

from orchestration import clock
from orchestration.definitions import defs  # noqa: F401 – what Dagster loads
from orchestration.defs import planning
from orchestration.warehouse import build

BUILT = "BUILT"  # the variable with the folder for the first build
RED = "RED"  # the variable with the date
TWICE = "insert into kern.jongere select * from kern.jongere limit 1"

first = First(Path(os.environ[BUILT]))


def built(settings: Any, path: Path) -> list[build.Result]:
    """Build, as `build.build`."""
    results = first.build(settings, path)
    if clock.now().astimezone(ZoneInfo(planning.TIMEZONE)).date() == date.fromisoformat(os.environ[RED]):
        with duckdb.connect(str(path)) as connection:
            connection.execute(TWICE)
    return results


build.build = built
