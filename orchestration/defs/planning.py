"""When the pipeline runs: the night's job, its schedule, and what a run tells on screen and in its log.

Put here: jobs, schedules, sensors, loggers. Keep out: what an asset does.
"""

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import dagster as dg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from orchestration.defs import event_log, jaarverslag

NIGHT = "nacht"
PUBLISH = "publiceren"
TIMEZONE = "Europe/Amsterdam"
DAGSTER_YAML = Path(__file__).with_name("dagster.yaml")

nacht = dg.define_asset_job(
    NIGHT,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="De hele nacht: lezen, bouwen, keuren, publiceren.",
    tags={"dagster/max_runtime": str(4 * 3600)},
)

publiceren = dg.define_asset_job(
    PUBLISH,
    selection=dg.AssetSelection.assets(*(asset.key for asset in jaarverslag.build())),
    executor_def=dg.in_process_executor,
    description="Publiceer wat in het magazijn staat: `intern`, en `openbaar` als dat aan de beurt is.",
)

elke_nacht = dg.ScheduleDefinition(
    name="elke_nacht",
    job=nacht,
    cron_schedule="0 2 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Elke nacht om 02:00 (Nederlandse tijd). Staat uit tot iemand hem aanzet.",
)


class EventHandler(logging.Handler):
    """Turns Dagster's events into one JSON line each; a failure's own words are left to Dagster's storage."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        """Append one line: when, which run, which step, what happened."""
        happened = getattr(record, "dagster_event", None)
        meta = getattr(record, "dagster_meta", None) or {}
        line = {
            "tijd": record.created,
            "niveau": record.levelname,
            "run": meta.get("run_id"),
            "stap": happened.step_key if happened else meta.get("step_key"),
            "gebeurtenis": happened.event_type_value if happened else "BERICHT",
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


@dg.logger(config_schema={"path": str}, description="Eén regel JSON per gebeurtenis.")
def logboek(init_context: dg.InitLoggerContext) -> logging.Logger:
    """The structured log of a run."""
    logger = logging.Logger("logboek", level=logging.DEBUG)
    logger.addHandler(EventHandler(Path(init_context.logger_config["path"])))
    return logger


def instance(home: Path) -> dg.DagsterInstance:
    """Open Dagster's storage, made on first use: telemetry off, killed runs noticed.

    Dagster commits each of a night's hundreds of events by itself and would wait for the disk each time, 20 ms an event. What it keeps is
    a record of the run, not data; after a power cut the lake is whole without it.
    """
    if not event.contains(Engine, "connect", _do_not_wait_for_the_disk):
        event.listen(Engine, "connect", _do_not_wait_for_the_disk)
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_bytes(DAGSTER_YAML.read_bytes())
    return dg.DagsterInstance.from_ref(event_log.reference(home))


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")
