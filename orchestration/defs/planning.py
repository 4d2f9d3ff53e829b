"""The jobs, the schedule, the sensors, and Dagster's instance.

Put here: jobs, schedules, sensors, Dagster's instance. Keep out: what an asset does.
"""

import hashlib
import json
import sqlite3
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dagster as dg
from filelock import FileLock
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from orchestration.defs import dead_runs, jaarverslag, lake_run
from orchestration.deliveries import ingest
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import replace_bytes
from orchestration.settings import Settings

NIGHT = "nacht"
PUBLISH = "publiceren"
TIMEZONE = "Europe/Amsterdam"
DAGSTER_YAML = Path(__file__).with_name("dagster.yaml")
WORKSPACE_YAML = Path(__file__).with_name("workspace.yaml")
SHARED_WORKSPACE_YAML = Path(__file__).with_name("shared_workspace.yaml")
POSTGRESQL_YAML = b"""
storage:
  postgres:
    postgres_url:
      env: LEERPLICHT_DAGSTER_STORAGE
"""
LOOK_SECONDS = 300
ACTIVE = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
CODE_LOCATION = "leerplicht"  # the name in both workspaces and pyproject.toml

# tables that only lead to those of kern and jaarverslag: the building step reports them, with one event each instead of six
INTERNAL = dg.AssetSelection.groups("staging", "intermediate", "referentie")

nacht = dg.define_asset_job(
    NIGHT,
    selection=dg.AssetSelection.all() - INTERNAL,
    config=jaarverslag.config(on_request=False),
    description="De hele nacht: lezen, bouwen, keuren, publiceren.",
)

publiceren = dg.define_asset_job(
    PUBLISH,
    selection=dg.AssetSelection.assets(*jaarverslag.build()),
    config=jaarverslag.config(on_request=False),
    description="Publiceer wat in het magazijn staat: `intern`, en `openbaar` als dat aan de beurt is.",
)

# what a run that nobody started may do: wait while another command has the lake, and begin once more if its process dies
UNATTENDED = {lake_run.WAITS: "ja", "dagster/max_retries": "1", "dagster/retry_strategy": "ALL_STEPS"}


def elke_nacht(settings: Settings) -> dg.ScheduleDefinition:
    """Return the schedule of the night: once a day, also on the days on which the clock changes (02:00 becomes 03:00, or comes once)."""
    return dg.ScheduleDefinition(
        name="elke_nacht",
        job=nacht,
        cron_schedule="0 2 * * *",
        execution_timezone=TIMEZONE,
        tags=UNATTENDED,
        default_status=dg.DefaultScheduleStatus.RUNNING if settings.planning == "dagster" else dg.DefaultScheduleStatus.STOPPED,
        description="Elke nacht om 02:00 (Nederlandse tijd). Staat aan met LEERPLICHT_PLANNING=dagster.",
    )


def leveringen_geland(settings: Settings) -> dg.SensorDefinition:
    """Return the sensor that starts one run for each new set of complete deliveries that the ledger does not know.

    It starts nothing while a run is queued or active, which may be reading them: it looks again at its next tick. A delivery that stays
    postponed is in every set, and does not start a run by itself again.
    """

    @dg.sensor(
        name="leveringen_geland",
        job=nacht,
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=_sensor_status(settings),
        description="Begint een nacht zodra er nieuwe volledige leveringen zijn. Staat aan met LEERPLICHT_PLANNING=dagster.",
    )
    def geland(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        seen = set(json.loads(context.cursor or "[]"))
        found = ingest.landed(Lake(settings.lake))
        if set(found) <= seen:
            if set(found) != seen:
                context.update_cursor(json.dumps(found))  # what was read since, so that it stays short
            return dg.SkipReason(
                f"geen nieuwe leveringen; {len(found)} die een nacht niet kon lezen" if found else "geen nieuwe leveringen"
            )
        if context.instance.get_runs_count(dg.RunsFilter(statuses=ACTIVE)):
            return dg.SkipReason(f"{len(found)} nieuwe leveringen; er loopt al een run, daarna wordt opnieuw gekeken")
        key = hashlib.sha256("\n".join(found).encode()).hexdigest()
        return dg.SensorResult([dg.RunRequest(run_key=key, tags=UNATTENDED)], cursor=json.dumps(found))

    return geland


def afgebroken_runs(settings: Settings) -> dg.SensorDefinition:
    """Return the sensor that marks runs as failed whose process died, so that they do not keep the next ones waiting."""

    @dg.sensor(
        name="afgebroken_runs",
        minimum_interval_seconds=60,
        default_status=_sensor_status(settings),
        description="Noteert een run als mislukt zodra haar proces er niet meer is, zodat de volgende kan beginnen.",
    )
    def afgebroken(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        return dg.SkipReason(f"{dead_runs.mark(context.instance)} runs als mislukt genoteerd")

    return afgebroken


def _sensor_status(settings: Settings) -> dg.DefaultSensorStatus:
    return dg.DefaultSensorStatus.RUNNING if settings.planning == "dagster" else dg.DefaultSensorStatus.STOPPED


def instance(settings: Settings) -> dg.DagsterInstance:
    """Open Dagster's storage, created on first use, with telemetry off.

    Its home is in the lake. Its records are there too (SQLite), or in PostgreSQL (`LEERPLICHT_DAGSTER_STORAGE`): then `dagster.yaml` names
    the variable, and its value is in no file.

    Dagster commits each of a night's hundreds of events separately, and SQLite would fsync each time, 20 ms per event, so that is turned
    off. The storage only records runs; after a power cut the lake is consistent without it.

    One process at a time opens it: Dagster's services start together at boot, and two that create its tables at once fail.

    Raises:
        StorageError: PostgreSQL cannot be reached, or its driver is not installed.
    """
    if not event.contains(Engine, "connect", _disable_fsync):
        event.listen(Engine, "connect", _disable_fsync)
    home = Lake(settings.lake).dagster_home
    home.mkdir(parents=True, exist_ok=True)
    replace_bytes(home / DAGSTER_YAML.name, DAGSTER_YAML.read_bytes() + (POSTGRESQL_YAML if settings.dagster_storage else b""))
    if settings.dagster_storage and not find_spec("dagster_postgres"):
        raise StorageError("LEERPLICHT_DAGSTER_STORAGE vraagt om de extra postgres; installeer die met: pip install 'leerplicht[postgres]'")
    try:
        with FileLock(home / "opening.lock"):
            return dg.DagsterInstance.from_config(str(home))
    except (SQLAlchemyError, dg.DagsterError) as problem:  # the text of these errors may hold the address, with its password
        if not settings.dagster_storage:
            raise
        server = settings.dagster_storage.get_secret_value().rpartition("@")[2]
        raise StorageError(
            f"de database van LEERPLICHT_DAGSTER_STORAGE ({server}) is niet te gebruiken ({type(problem).__name__})"
        ) from None


class StorageError(LeerplichtError):
    """PostgreSQL cannot be used for Dagster's records."""


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
