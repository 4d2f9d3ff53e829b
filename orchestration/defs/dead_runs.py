"""Runs that Dagster holds for active, and whose process died: killed, out of memory, or ended with the machine.

Nothing else tells Dagster so: its own monitoring sees that only for a worker whose code server lives, so that others would keep the queue
waiting until their maximum run time.

Put here: finding and marking those. Keep out: retrying one (Dagster's `run_retries`), and the lake's own record (`orchestration.runs`).
"""

import os
import time
from pathlib import Path

import dagster as dg

PROC = Path("/proc")
SLACK = 2.0  # seconds; the start of a process is known in hundredths, the start of the machine in seconds
REASON = "Het proces van deze run is er niet meer; wat klaar was geldt, en een nieuwe run maakt het af."


def mark(instance: dg.DagsterInstance) -> int:
    """Mark the runs as failed whose process died; return how many.

    A run of which no process is known yet is left alone: Dagster itself ends it (`start_timeout_seconds`, `cancel_timeout_seconds`).
    """
    active = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    dead = [run for run in instance.get_runs(active) if _is_dead(instance, run.run_id)]
    for run in dead:
        instance.report_run_failed(run, REASON)
    return len(dead)


def _is_dead(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the process that Dagster noted last is gone, or is another one that got its number."""
    noted = [
        (entry.timestamp, str(data.metadata["pid"].value))
        for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
        if entry.dagster_event and "pid" in (data := entry.dagster_event.engine_event_data).metadata
    ]
    if not noted or not PROC.is_dir():
        return False
    moment, number = noted[-1]
    began = _began(number)
    return began is None or began > moment + SLACK


def _began(number: str) -> float | None:
    """Return when a process began, as a timestamp; None if there is none, or only what its parent has not collected."""
    try:
        state, *fields = (PROC / number / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    since_boot = int(fields[18]) / os.sysconf("SC_CLK_TCK")
    return None if state in "ZX" else time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + since_boot
