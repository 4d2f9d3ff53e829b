"""A code location for tests of the daemon: the real schedule, sensors and lock, with a job that only notes when it ran.

Put here: that job. Keep out: what a night does.
"""

import os
from datetime import datetime
from pathlib import Path

import dagster as dg

from orchestration.defs import lake_run, planning
from orchestration.settings import Settings

NOTES = "NOTES"  # the variable with the file in which each run adds a line
TAGS = ("dagster/schedule_name", "dagster/sensor_name")

settings = Settings()


@dg.op(required_resource_keys={"lake_run"})
def stap(context: dg.OpExecutionContext) -> None:
    """Add a line with the local time, and what started the run."""
    with context.resources.lake_run.step("stap"), Path(os.environ[NOTES]).open("a", encoding="utf-8") as file:
        started = next((context.run.tags[tag] for tag in TAGS if tag in context.run.tags), "een mens")
        file.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {started}\n")


@dg.job(name=planning.NIGHT, executor_def=dg.in_process_executor, resource_defs={"lake_run": lake_run.resource(settings)})
def nacht() -> None:
    """The stand-in of the night."""
    stap()


planning.nacht = nacht  # what the schedule and the sensor start


@dg.definitions
def defs() -> dg.Definitions:
    """Return the job with what starts it."""
    starting = [planning.leveringen_geland(settings), planning.afgebroken_runs(settings)]
    return dg.Definitions(jobs=[nacht], schedules=[planning.elke_nacht(settings)], sensors=starting)
