"""Runs a job of the graph in this process and returns how it ended, in one sentence.

Put here: starting a job, and reading its end from Dagster's events. Keep out: what holds for every run, whoever starts it
(`orchestration.defs.lake_run`), and what a step does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dagster as dg

from orchestration.definitions import assemble
from orchestration.defs import jaarverslag, planning
from orchestration.defs.lake_run import Report, silent
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}  # the steps report themselves; Dagster keeps its own log


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Args:
        run_id: Dagster's id of the run.
        reason: Why nothing was published, in a sentence; empty when something was.
    """

    run_id: str
    reason: str

    @property
    def published(self) -> bool:
        """Whether readers see the release of this run."""
        return not self.reason


def run(settings: Settings, report: Report = silent, *, openbaar: bool = False, record: bool = True) -> Outcome:
    """Run the whole night on one lake: read, build, judge, publish.

    Args:
        settings: Which lake, which gemeenten.
        report: Called at the start and the end of each step.
        openbaar: Publish `openbaar` whatever the calendar says.
        record: Keep Dagster's events in the lake. A look back never does: it leaves the records of the nights alone.

    Returns:
        How it ended; a failure of any step is an outcome, not an exception.
    """
    return _execute(settings, planning.NIGHT, report, openbaar=openbaar, record=record and settings.known_at is None)


def publish(settings: Settings, report: Report = silent, *, openbaar: bool = False) -> Outcome:
    """Publish what is in the warehouse that analysts open, without reading or building anything.

    Args:
        settings: Which lake, which gemeenten.
        report: As for `run`.
        openbaar: As for `run`.

    Returns:
        How it ended. It fails when the warehouse is not the one that the gate judged last: an unfinished night, or one put back.
    """
    return _execute(settings, planning.PUBLISH, report, openbaar=openbaar, record=True)


def _execute(settings: Settings, job: str, report: Report, *, openbaar: bool, record: bool) -> Outcome:
    report("graaf laden", None)
    try:
        definitions = assemble(settings, report)
    except LeerplichtError as problem:
        return Outcome("", str(problem))
    with _instance(settings, record=record) as instance:
        planning.belongs_to_the_code_location(instance, job)
        result = definitions.resolve_job_def(job).execute_in_process(
            instance=instance, raise_on_error=False, run_config=QUIET | jaarverslag.config(on_request=openbaar)
        )
    return Outcome(result.run_id, "" if result.success else _reason(result))


@contextmanager
def _instance(settings: Settings, *, record: bool) -> Iterator[dg.DagsterInstance]:
    with planning.instance(Lake(settings.lake).dagster_home) if record else dg.DagsterInstance.ephemeral() as instance:
        yield instance


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """The first failure, in words for a person: what a check found, or what a step raised."""
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
