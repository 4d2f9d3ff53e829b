"""Runs a job of the graph in this process and returns its outcome, in one sentence.

Put here: starting a job, and reading its outcome from Dagster's events. Keep out: behaviour common to all runs
(`orchestration.defs.lake_run`), and what a step does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dagster as dg

from orchestration.definitions import assemble
from orchestration.defs import jaarverslag, planning
from orchestration.defs.lake_run import Report, silent, warnings
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}  # the steps report progress; Dagster keeps its own log


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run.

    Args:
        run_id: Dagster's id of the run.
        reason: The reason why nothing was published, in a sentence; empty on success.
        warnings: What else a person must read: a damaged file that was repaired, an altered release that was put aside.
    """

    run_id: str
    reason: str
    warnings: tuple[str, ...] = ()

    @property
    def published(self) -> bool:
        """Whether the release of this run was published."""
        return not self.reason


def run(settings: Settings, report: Report = silent, *, openbaar: bool = False, record: bool = True) -> Outcome:
    """Run the whole night on one lake: read, build, validate, publish.

    Args:
        settings: Gives the lake and the gemeenten.
        report: Called at the start and the end of each step.
        openbaar: Publish `openbaar` even if it is not due.
        record: Store Dagster's events in the lake. Ignored for a look back, which must not change the records of the nights.

    Returns:
        The outcome; a failure of any step is an outcome, not an exception.
    """
    return _execute(settings, planning.NIGHT, report, openbaar=openbaar, record=record and settings.known_at is None)


def publish(settings: Settings, report: Report = silent, *, openbaar: bool = False) -> Outcome:
    """Publish from the current warehouse, without reading or building anything.

    Args:
        settings: Gives the lake and the gemeenten.
        report: As for `run`.
        openbaar: As for `run`.

    Returns:
        The outcome. It fails if the gate last validated another warehouse: the night did not finish, or an earlier one was restored.
    """
    return _execute(settings, planning.PUBLISH, report, openbaar=openbaar, record=True)


def _execute(settings: Settings, job: str, report: Report, *, openbaar: bool, record: bool) -> Outcome:
    report("graaf laden", None)
    try:
        Lake(settings.lake).require_owner()
        definitions = assemble(settings, report)
    except LeerplichtError as problem:
        return Outcome("", str(problem))
    with _instance(settings, record=record) as instance:
        planning.set_code_location(instance, job)
        result = definitions.resolve_job_def(job).execute_in_process(
            instance=instance, raise_on_error=False, run_config=QUIET | jaarverslag.config(on_request=openbaar)
        )
    told = tuple(warnings(Lake.of(settings), result.run_id))
    return Outcome(result.run_id, "" if result.success else _reason(result), told)


@contextmanager
def _instance(settings: Settings, *, record: bool) -> Iterator[dg.DagsterInstance]:
    with planning.instance(settings) if record else dg.DagsterInstance.ephemeral() as instance:
        yield instance


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Return the first failure as a sentence: the description of a failed check, or the error of a step."""
    for event in result.all_events:
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            found = event.asset_check_evaluation_data
            if not found.passed and found.severity == dg.AssetCheckSeverity.ERROR and found.description:
                return _in_zone(event.step_key, found.description)
        if event.is_step_failure:
            failure = event.step_failure_data
            raised = failure.user_failure_data.description if failure.user_failure_data else None
            return _in_zone(event.step_key, raised or f"onbekende fout in de stap {event.step_key}; zie het logboek van Dagster")
    return "de run is afgebroken; zie het logboek van Dagster"


def _in_zone(step: str | None, reason: str) -> str:
    return f"openbaar (intern wel): {reason}" if step == jaarverslag.openbaar.op.name else reason
