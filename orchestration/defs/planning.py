"""The jobs, the schedule, and Dagster's instance.

Put here: jobs, schedules, sensors, Dagster's instance. Keep out: what an asset does.
"""

import json
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from orchestration.defs import jaarverslag

NIGHT = "nacht"
PUBLISH = "publiceren"
TIMEZONE = "Europe/Amsterdam"
DAGSTER_YAML = Path(__file__).with_name("dagster.yaml")
WORKSPACE_YAML = Path(__file__).with_name("workspace.yaml")
CODE_LOCATION = "leerplicht"  # the name in workspace.yaml and pyproject.toml

# tables that exist only during the build: the building step reports them, with one event each instead of three
INTERNAL = dg.AssetSelection.groups("staging", "intermediate")

nacht = dg.define_asset_job(
    NIGHT,
    selection=dg.AssetSelection.all() - INTERNAL,
    config=jaarverslag.config(on_request=False),
    description="De hele nacht: lezen, bouwen, keuren, publiceren.",
    tags={"dagster/max_runtime": str(4 * 3600)},
)

publiceren = dg.define_asset_job(
    PUBLISH,
    selection=dg.AssetSelection.assets(*jaarverslag.build()),
    config=jaarverslag.config(on_request=False),
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


def instance(home: Path) -> dg.DagsterInstance:
    """Open Dagster's storage, created on first use, with telemetry off and detection of killed runs.

    Dagster commits each of a night's hundreds of events separately, and SQLite would fsync each time, 20 ms per event, so that is turned
    off. The storage only records runs; after a power cut the lake is consistent without it.

    Args:
        home: Dagster's home, in the lake.
    """
    if not event.contains(Engine, "connect", _disable_fsync):
        event.listen(Engine, "connect", _disable_fsync)
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_bytes(DAGSTER_YAML.read_bytes())
    return dg.DagsterInstance.from_config(str(home))


def set_code_location(instance: dg.DagsterInstance, job: str) -> None:
    """Set the code location that the UI loads on the runs of this process: without it the UI cannot re-execute them.

    In-process execution has no argument for it, so it is passed where the instance creates the run, in Dagster's serialised form.
    """
    location = {"__class__": "RegisteredRepositoryLocationOrigin", "location_name": CODE_LOCATION}
    repository = {"__class__": "ExternalRepositoryOrigin", "repository_location_origin": location, "repository_name": "__repository__"}
    origin = {"__class__": "ExternalPipelineOrigin", "external_repository_origin": repository, "pipeline_name": job}
    stored: Any = dg.deserialize_value(json.dumps(origin))
    create = partial(instance.create_run_for_job, remote_job_origin=stored)
    instance.create_run_for_job = create  # type: ignore[method-assign]


def _disable_fsync(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")
