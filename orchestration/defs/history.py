"""What Dagster keeps of runs: the last ones that ended, and nothing of earlier ones.

Put here: removing runs and their events through the instance. Keep out: how many are kept (`orchestration.housekeeping`), and our own
record of runs (`orchestration.runs`), which stays longer.
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import dagster as dg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from orchestration.housekeeping import RUNS_OF_DAGSTER
from orchestration.lake import Lake
from orchestration.lake.files import remove

ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
MOST = 200  # runs that one night removes; a year of them takes a second each
VERDICTS = text("delete from asset_check_executions where run_id = :run")  # nothing else removes them


def tidy(instance: dg.DagsterInstance, lake: Lake) -> None:
    """Remove all but the last runs that ended, with their events.

    Args:
        instance: Dagster's storage, SQLite or PostgreSQL.
        lake: The lake; of SQLite a file per run stays behind empty, and is removed too.
    """
    ended = instance.get_runs(filters=dg.RunsFilter(statuses=ENDED))  # newest first
    for run in ended[RUNS_OF_DAGSTER:][-MOST:]:
        instance.delete_run(run.run_id)
        storage: Any = instance.event_log_storage
        with suppress(SQLAlchemyError), storage.index_connection() as connection:
            connection.execute(VERDICTS, {"run": run.run_id})
        for path in lake.dagster_files_of(run.run_id):
            remove(path)
    for database in lake.dagster_home.glob("history/**/*.db"):
        if database.stem in ("runs", "index"):
            _shrink(database)


def _shrink(database: Path) -> None:
    """Give the space of removed rows back if it is more than half of a file of SQLite; otherwise later rows fill it."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(database, timeout=1)) as connection:  # somebody reads it
        [free], [pages] = (connection.execute(f"pragma {name}").fetchone() for name in ("freelist_count", "page_count"))
        if free * 2 > pages:
            connection.execute("vacuum")
