"""Runs that Dagster holds for active, and whose process died: killed, out of memory, or ended with the machine.

Nothing else tells Dagster so: its own monitoring sees that only for a worker whose code server lives, so that others would keep the queue
waiting until their maximum run time. So each run notes its process (`lake_run.resource`), exactly and without a clock, which may be set.

Put here: noting a process, finding and marking runs without one. Keep out: retrying one (Dagster's `run_retries`), and the record of runs
in the lake (`orchestration.runs`).
"""

import os
import time
from pathlib import Path

import dagster as dg

from orchestration.runs import DIED

TAG = ".dagster/leerplicht/proces"  # a prefix that the UI does not show
NOTED_WITHIN = 600  # seconds; it is the first thing that a run does, within one or two
PROC = Path("/proc")


def note(instance: dg.DagsterInstance, run_id: str) -> None:
    """Note that this process executes a run."""
    if process := _process(os.getpid()):
        instance.add_run_tags(run_id, {TAG: f"{run_id} {process}"})


def process_of(run: dg.DagsterRun) -> str | None:
    """Return the process that a run noted, None if it has not yet. A run that repeats another has its tags, until it notes its own."""
    noted_by, _, process = run.tags.get(TAG, "").partition(" ")
    return process if noted_by == run.run_id else None


def mark(instance: dg.DagsterInstance) -> int:
    """Mark the runs as failed whose process died; return how many.

    All processes that share a storage must see each other, so they run on one machine.
    """
    active = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    dead = [record.dagster_run for record in instance.get_run_records(active) if _is_dead(record)]
    for run in dead:
        instance.report_run_failed(run, DIED)
    return len(dead)


def _is_dead(record: dg.RunRecord) -> bool:
    """Whether the process that a run noted is gone, also if another one has its number now; or whether it died before it noted one."""
    if noted := process_of(record.dagster_run):
        return _process(int(noted.split()[1])) != noted
    return time.time() - (record.start_time or record.update_timestamp.timestamp()) > NOTED_WITHIN


def _process(number: int) -> str | None:
    """Return a unique id of a process: the boot id of the machine, the pid, and the start time of the process since boot.

    None if there is none, or only what its parent has not collected, or no way to know.
    """
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        state, *fields = (PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state in "ZX" else f"{boot} {number} {fields[18]}"
