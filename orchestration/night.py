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
from orchestration.defs import bronnen, planning
from orchestration.deliveries import ledger, standing
from orchestration.lake import Lake
from orchestration.settings import Settings

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
    "jaarverslag__kandidaat": "release voorbereiden",
    "poort_publicatie": "poort: publicatie",
    "jaarverslag__release_intern": "publiceren",
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


def run(settings: Settings, report: Callable[[str, float | None], None] = lambda _name, _seconds: None) -> Outcome:
    """Run the night on one lake.

    Args:
        settings: Which lake, which gemeenten.
        report: Called with a step's name and None when it starts, and with its seconds when it is done.

    Returns:
        How it ended; a failure of any step is an outcome, not an exception.
    """
    lake = Lake.of(settings)
    lake.lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lake.lock, timeout=0), planning.instance(lake.dagster_home) as instance:
            return _run(settings, instance, report)
    except Timeout:
        return Outcome("", "er loopt al een nacht op dit meer; wacht tot die klaar is")


def _run(settings: Settings, instance: dg.DagsterInstance, report: Callable[[str, float | None], None]) -> Outcome:
    lake = Lake.of(settings)

    @dg.logger(config_schema={})
    def progress(_context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("voortgang", level=logging.DEBUG)
        logger.addHandler(Progress(report))
        return logger

    report("graaf laden", None)
    definitions = dg.Definitions.merge(assemble(settings), dg.Definitions(loggers={"voortgang": progress}))
    result = definitions.resolve_job_def(planning.JOB).execute_in_process(
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"voortgang": {"config": {}}, "logboek": {"config": {"path": str(lake.log)}}}},
    )
    return Outcome(result.run_id, "" if result.success else _reason(result, lake))


def _reason(result: dg.ExecuteInProcessResult, lake: Lake) -> str:
    """The first failure, in words for a person: which gate was red on what, or what a step said."""
    for event in result.all_events:
        if not event.is_step_failure:
            continue
        if event.step_key in {f"poort_{poort}" for poort in gate.POORTEN}:
            red = _red(str(event.step_key).removeprefix("poort_"), lake)
            if red:
                return red
        if str(event.step_key).endswith(bronnen.STANDING):
            return _standing(lake)
        error = event.step_failure_data.error
        while error and error.cause:
            error = error.cause
        message = error.message.strip().partition("\n")[0].partition(": ")[2] if error else ""
        return f"{STEPS.get(str(event.step_key), event.step_key)}: {message or 'onbekende fout; zie het logboek van Dagster'}"
    return "de run is afgebroken; zie het logboek van Dagster"


def _standing(lake: Lake) -> str:
    refused = standing.standing_refusals(ledger.read(lake))
    told = "; ".join(f"{entry.bron}/{entry.levering} ({entry.code}): {entry.reden}" for entry in refused)
    return f"een geweigerde levering houdt de publicatie tegen (LEERPLICHT_STRICT): {told}"


def _red(poort: str, lake: Lake) -> str:
    try:
        verdict = gate.read(poort, lake)
    except FileNotFoundError:
        return ""
    red = "; ".join(
        f"{finding.tabel}{'.' + finding.kolom if finding.kolom else ''}: {finding.verwachting} ({finding.afwijkend} afwijkend)"
        for finding in verdict.red
    )
    return f"de poort {poort} is rood: {red}" if red else ""
