"""The night: runs the whole graph in this process, and says in a sentence how it ended.

Put here: what stands around the job – one night at a time, progress, the reason of a failure. Keep out: what the job does.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import dagster as dg
from filelock import FileLock, Timeout

from expectations import gate
from orchestration.definitions import assemble
from orchestration.defs import bronnen, jaarverslag, planning
from orchestration.deliveries import ledger, standing
from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import nights

STEPS = {
    "monitor_lezen": "monitor lezen",
    "duo_lezen": "DUO lezen",
    "carel_lezen": "Carel lezen",
    "lake__grootboek": "grootboek bijwerken",
    "lake__grootboek_geen_staande_weigering": "geweigerde leveringen nagaan",
    "poort_bronnen": "poort: bronnen",
    "warehouse_bouwen": "magazijn bouwen",
    "poort_warehouse": "poort: magazijn",
    "warehouse__current": "magazijn wisselen",
    "warehouse__current_eigen_cijfers_van_de_monitor": "eigen cijfers van de monitor",
    "jaarverslag__kandidaat": "release voorbereiden",
    "poort_publicatie": "poort: publicatie",
    "jaarverslag__release_intern": "intern publiceren",
    "jaarverslag__kandidaat_openbaar": "openbaar voorbereiden",
    "poort_openbaar": "poort: openbaar",
    "jaarverslag__release_openbaar": "openbaar publiceren",
    "jaarverslag__weergaven": "weergaven maken",
}


@dataclass(frozen=True)
class Outcome:
    """How a night ended.

    Args:
        reason: Why nothing was published, in a sentence; empty when something was.
    """

    run_id: str
    reason: str

    @property
    def published(self) -> bool:
        """Whether readers see the release of this night."""
        return not self.reason


class Progress(logging.Handler):
    """Calls back at the start and the end of every step, with its name and, at the end, its seconds."""

    def __init__(self, report: Callable[[str, float | None], None]) -> None:
        super().__init__()
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on what a person waits for; everything else stays in Dagster's storage."""
        event: dg.DagsterEvent | None = getattr(record, "dagster_event", None)
        if event is None or event.step_key is None:
            return
        name = STEPS.get(event.step_key, event.step_key)
        if event.event_type == dg.DagsterEventType.STEP_START:
            self._report(name, None)
        elif event.event_type == dg.DagsterEventType.STEP_SUCCESS:
            self._report(name, event.step_success_data.duration_ms / 1000)


Report = Callable[[str, float | None], None]


def run(settings: Settings, report: Report = lambda _name, _seconds: None, *, openbaar: bool = False) -> Outcome:
    """Run the night on one lake.

    Args:
        settings: Which lake, which gemeenten.
        report: Called with a step's name and None when it starts, and with its seconds when it is done.
        openbaar: Publish `openbaar` whatever the calendar says.

    Returns:
        How it ended; a failure of any step is an outcome, not an exception.
    """
    return _alone(settings, planning.NIGHT, report, openbaar=openbaar)


def publish(settings: Settings, report: Report = lambda _name, _seconds: None, *, openbaar: bool = False) -> Outcome:
    """Publish what is in the warehouse, without reading or building anything.

    The gates have judged the warehouse that the last night made, so that is the only one that can be published.

    Args:
        settings: Which lake, which gemeenten.
        report: As for `run`.
        openbaar: Publish `openbaar` whatever the calendar says.

    Returns:
        How it ended.
    """
    lake = Lake.of(settings)
    made = nights.nights(lake)
    if not made or lake.warehouse_build.exists():
        return Outcome("", "de laatste nacht is niet afgemaakt, dus er is niets gekeurd om te publiceren; draai eerst leerplicht run")
    if not made[0].is_current:
        return Outcome("", "analisten openen een teruggezette nacht, en die is niet opnieuw gekeurd; draai eerst leerplicht run")
    return _alone(settings, planning.PUBLISH, report, openbaar=openbaar)


def _alone(settings: Settings, job: str, report: Report, *, openbaar: bool) -> Outcome:
    lake = Lake.of(settings)
    lake.lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lake.lock, timeout=0), planning.instance(lake.dagster_home) as instance:
            return _execute(settings, job, jaarverslag.ON_REQUEST if openbaar else {}, instance, report)
    except Timeout:
        return Outcome("", "er loopt al een nacht op dit meer; wacht tot die klaar is")


def _execute(settings: Settings, job: str, tags: dict[str, str], instance: dg.DagsterInstance, report: Report) -> Outcome:
    lake = Lake.of(settings)
    logging.getLogger("dagster._core.execution.plan.active").addFilter(_not_about_openbaar)

    @dg.logger(config_schema={})
    def progress(_context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("voortgang", level=logging.DEBUG)
        logger.addHandler(Progress(report))
        return logger

    report("graaf laden", None)
    definitions = dg.Definitions.merge(assemble(settings), dg.Definitions(loggers={"voortgang": progress}))
    result = definitions.resolve_job_def(job).execute_in_process(
        instance=instance,
        raise_on_error=False,
        tags=tags,
        run_config={"loggers": {"voortgang": {"config": {}}, "logboek": {"config": {"path": str(lake.log)}}}},
    )
    return Outcome(result.run_id, "" if result.success else _reason(result, lake))


def _not_about_openbaar(record: logging.LogRecord) -> bool:
    """Most nights do not make `openbaar`; Dagster would warn that its gate said nothing. Without a verdict it is not published anyway."""
    return "poort_openbaar" not in record.getMessage()


def _reason(result: dg.ExecuteInProcessResult, lake: Lake) -> str:
    """The first failure, in words for a person: which gate was red on what, or what a step said."""
    failure = next((event for event in result.all_events if event.is_step_failure), None)
    if failure is None:
        return "de run is afgebroken; zie het logboek van Dagster"
    step = str(failure.step_key)
    told = _reason_of(step, failure, lake)
    return f"openbaar (intern wel): {told}" if "openbaar" in step else told


def _reason_of(step: str, failure: dg.DagsterEvent, lake: Lake) -> str:
    if step.startswith("poort_") and (red := _red(step.removeprefix("poort_"), lake)):
        return red
    if step.endswith(bronnen.STANDING):
        return _standing(lake)
    error = failure.step_failure_data.error
    while error and error.cause:
        error = error.cause
    message = error.message.strip().partition("\n")[0].partition(": ")[2] if error else ""
    return f"{STEPS.get(step, step)}: {message or 'onbekende fout; zie het logboek van Dagster'}"


def _standing(lake: Lake) -> str:
    refused = standing.standing_refusals(ledger.read(lake))
    told = "; ".join(f"{entry.bron}/{entry.levering} ({entry.code}): {entry.reden}" for entry in refused)
    return f"een geweigerde levering houdt de publicatie tegen (LEERPLICHT_STRICT): {told}"


def _red(poort: str, lake: Lake) -> str:
    try:
        return gate.read(poort, lake).sentence
    except gate.NoVerdictError:
        return ""
