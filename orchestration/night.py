"""Runs a job of the graph in this process and returns the record of the run.

Put here: starting a job, and the record of what failed before or outside its steps. Keep out: behaviour common to all runs
(`orchestration.defs.lake_run`), and what a step does.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dagster as dg

from orchestration import clock, logbook, runs, watch
from orchestration.definitions import assemble
from orchestration.defs import jaarverslag, planning
from orchestration.defs.lake_run import SILENT_END, Report, silent
from orchestration.errors import afloop_of, sentence
from orchestration.lake import Lake
from orchestration.outcome import Afloop
from orchestration.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}  # the steps report progress; Dagster keeps its own log


def run(settings: Settings, report: Report = silent, *, openbaar: bool = False, record: bool = True) -> runs.Run:
    """Run the whole night on one lake: read, build, validate, publish.

    Args:
        settings: Gives the lake and the gemeenten.
        report: Called at the start and the end of each step.
        openbaar: Publish `openbaar` even if it is not due.
        record: Store Dagster's events in the lake. Ignored for a look back, which must not change the records of the nights.

    Returns:
        The record of the run; a failure is an ending, not an exception.
    """
    return _execute(settings, planning.NIGHT, report, openbaar=openbaar, record=record and settings.known_at is None)


def publish(settings: Settings, report: Report = silent, *, openbaar: bool = False) -> runs.Run:
    """Publish from the current warehouse, without reading or building anything.

    Args:
        settings: Gives the lake and the gemeenten.
        report: As for `run`.
        openbaar: As for `run`.

    Returns:
        As `run`. It fails if the gate last validated another warehouse: the night did not finish, or an earlier one was restored.
    """
    return _execute(settings, planning.PUBLISH, report, openbaar=openbaar, record=True)


def _execute(settings: Settings, job: str, report: Report, *, openbaar: bool, record: bool) -> runs.Run:
    report("graaf laden", None)
    began, ended = clock.now(), list[runs.Run]()
    try:
        Lake(settings.lake).require_owner()
        definitions = assemble(settings, report, ended.append)
        with _instance(settings, record=record) as instance:
            planning.set_code_location(instance, job)
            result = definitions.resolve_job_def(job).execute_in_process(
                instance=instance, raise_on_error=False, run_config=QUIET | jaarverslag.config(on_request=openbaar)
            )
        found = ended[-1] if ended else runs.Run(run=result.run_id, taak=job, begon=began)
        if found.reden or (found.published and result.success):
            return found
        return _noted(settings, found.model_copy(update={"afloop": Afloop.FOUT, "reden": SILENT_END}))
    except Exception as problem:  # outside the steps: the settings, the project, Dagster's storage
        if ended and ended[-1].reden:
            return ended[-1]
        lake = Lake.of(settings)
        place = logbook.write_failure(lake, job, problem) if _is_ours(lake) else ""
        ending = afloop_of(problem)
        said = sentence(problem, job) + (place if ending is Afloop.FOUT else "")
        found = ended[-1] if ended else runs.Run(run="", taak=job, begon=began)
        return _noted(settings, found.model_copy(update={"afloop": ending, "reden": said}))


def _noted(settings: Settings, run: runs.Run) -> runs.Run:
    """Return the record of a run that did not end in a step; write it, unless the lake is another user's."""
    ended, lake = run.model_copy(update={"eindigde": clock.now()}), Lake.of(settings)
    if not _is_ours(lake):
        return ended
    with suppress(OSError):
        runs.write(lake, ended)
    more = watch.run_ended(lake, settings, ended)
    return ended.model_copy(update={"let_op": (*ended.let_op, *more)})


def _is_ours(lake: Lake) -> bool:
    return lake.exists and watch.is_owner(lake)


@contextmanager
def _instance(settings: Settings, *, record: bool) -> Iterator[dg.DagsterInstance]:
    with planning.instance(settings) if record else dg.DagsterInstance.ephemeral() as instance:
        yield instance
