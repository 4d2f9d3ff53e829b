"""The resource that every step requires for access to the lake: the lock, the log, the record of the run, and error handling.

A step gets the lake only from here, so every run – from the command line, the schedule, a button in the UI, `dagster asset materialize` –
takes the same lock, works on its own files, writes the same log lines, and leaves the same record of how it ended.

Put here: behaviour common to every step of every run. Keep out: what a step does.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import NoReturn

import dagster as dg

from orchestration import audit, clock, housekeeping, logbook, memory, runs, watch
from orchestration.defs import dead_runs, history
from orchestration.errors import afloop_of, sentence
from orchestration.lake import Lake, LakeBusyError
from orchestration.outcome import Afloop
from orchestration.scrub import scrub
from orchestration.settings import Settings

Report = Callable[[str, float | None], None]
"""Called with the name of a step and None when it starts, and with its seconds when it has succeeded."""
Ended = Callable[[runs.Run], None]
"""Called with the record of the run when it has ended."""

SILENT_END = "de run is mislukt, en geen stap zegt waarom; zie de run in Dagster (leerplicht dev)"
WAITS = "leerplicht/wacht"  # the tag of a run that waits for the lake
WAIT_SECONDS, WAIT_TIMES = 60, 120


def silent(_name: str, _seconds: float | None) -> None:
    """Report nothing."""


def unheard(_run: runs.Run) -> None:
    """Ignore the record of the run; it is in the lake."""


class LakeRun:
    """One run on the lake of the settings.

    Args:
        settings: Gives the lake and the gemeenten.
        run_id: Dagster's id of the run.
        report: Called at the start and the end of each step.
        job: The job or selection that runs.
        instance: Dagster's storage, in which runs that died are marked as failed.
        ended: Called with the record of the run when it has ended.
        waits: Whether its first steps wait for a lake that another run holds, instead of failing: nobody is there to try again.
    """

    def __init__(
        self,
        settings: Settings,
        run_id: str,
        report: Report,
        job: str = "",
        instance: dg.DagsterInstance | None = None,
        ended: Ended = unheard,
        *,
        waits: bool = False,
    ) -> None:
        self.settings = settings
        self._lake = Lake.of(settings).for_run(run_id)
        self._record = runs.Run(run=run_id, taak=job, begon=clock.now())
        self._instance = instance
        self._waits = waits
        self._report, self._ended = report, ended
        self._held = ExitStack()
        self._holds = False

    @contextmanager
    def step(self, name: str) -> Iterator[Lake]:
        """Run one step with access to the lake. The first step acquires the lake's lock, for the rest of the run.

        Args:
            name: Name to show while the step runs.

        Raises:
            dg.RetryRequested: Another run holds the lake, and this one waits.
            dg.Failure: Another run holds the lake, or the step raised an error that the user can resolve, whose message becomes the
                description of the failure. Of any other error only its type and place do: Dagster stores what is raised, and the text
                of an error of a library may quote delivered data.
        """
        began = time.monotonic()
        self._report(name, None)
        try:
            if not self._holds:
                self._begin(name)
            self.log(name, "begonnen")
            yield self._lake
            seconds = time.monotonic() - began
            self.log(name, "klaar", seconden=round(seconds, 2))
        except dg.Failure as problem:
            self._fail(problem.description or f"de stap {name} is gestopt", Afloop.FOUT, name)  # unless the reason is known already
            raise
        except Exception as problem:
            if self._waits and isinstance(problem, LakeBusyError):
                self.log(name, "wacht op het meer")
                raise dg.RetryRequested(WAIT_TIMES, WAIT_SECONDS) from dg.Failure(str(problem))
            place = logbook.write_failure(self._lake, name, problem) if self._holds else ""
            ending = afloop_of(problem)
            said = sentence(problem, name) + (place if ending is Afloop.FOUT else "")
            self._fail(said, ending, name)
            raise dg.Failure(said, allow_retries=False) from None
        self._record = self._record.model_copy(update={"stappen": self._record.stappen | {name: round(seconds, 2)}})
        self._report(name, seconds)

    def published(self, zone: str, release: str, *, is_new: bool) -> None:
        """Note that readers of a zone have a release since this run.

        Args:
            zone: The zone.
            release: The name of the release.
            is_new: Whether they had another one before.
        """
        found = self._record
        new = (*found.nieuw, zone) if is_new else found.nieuw
        self._record = found.model_copy(update={"releases": found.releases | {zone: release}, "nieuw": new})

    def refuse(self, reason: str, afloop: Afloop = Afloop.POORT_ROOD) -> NoReturn:
        """Fail the run because its own build is invalid.

        Args:
            reason: The reason, in a sentence for the user.
            afloop: The ending.

        Raises:
            dg.Failure: Always, with the reason as its description.
        """
        self.block(reason, afloop)
        raise dg.Failure(scrub(reason), allow_retries=False)

    def block(self, reason: str, afloop: Afloop = Afloop.POORT_ROOD) -> None:
        """Note that a check of this run stops it; Dagster skips what comes after the check, so no later step notices."""
        self._fail(reason, afloop, "")

    def release(self) -> None:
        """End the run: write its record, release the lock, and tell who started it and who watches over the nights.

        The build of a failed run is kept for inspection until the next run.
        """
        self._fail_with_dagster()
        afloop = self._afloop()
        ended = self._record.model_copy(update={"eindigde": clock.now(), "afloop": afloop, "let_op": self._warnings()})
        with self._held:
            if self._holds:
                with suppress(audit.AuditError):
                    audit.record(self._lake, audit.What.RUN_GEEINDIGD, run=self._lake.run, afloop=afloop)
                if afloop.is_good:
                    self._lake.remove_builds()
            is_kept = self._holds or afloop not in (Afloop.KLAAR, Afloop.BEZET)
            if is_kept:
                with suppress(OSError):  # a full disk: then the next run marks this one
                    runs.write(self._lake, ended)
        more = watch.run_ended(self._lake, self.settings, ended) if is_kept else []
        self._ended(ended.model_copy(update={"let_op": (*ended.let_op, *more)}))

    @property
    def memory(self) -> str:
        """What DuckDB may use in one step."""
        return memory.limit(self.settings.memory_share)

    def log(self, step: str, event: str, **more: object) -> None:
        """Append one line of JSON to the log of the lake (`logbook.write`)."""
        logbook.write(self._lake, step, event, **more)

    def warn(self, step: str, sentence: str) -> None:
        """Log a sentence that the person who started the run must read, whatever the outcome."""
        self.log(step, logbook.WARNING, zin=sentence)

    def _begin(self, step: str) -> None:
        """Take the lock, remove what an earlier run left, and put altered releases aside before anything else."""
        from orchestration.publication import altered

        self._held.enter_context(self._lake.hold())
        self._holds = True
        self._record = self._record.model_copy(update={"begon": clock.now()})
        died = runs.mark_died(self._lake, clock.now())
        runs.write(self._lake, self._record)
        for run in died:
            audit.record(self._lake, audit.What.RUN_GEEINDIGD, run=run.run, afloop=Afloop.AFGEBROKEN)
        heads = {name: [head.lines, head.sha256] for name, head in audit.heads(self._lake).items()}
        audit.record(self._lake, audit.What.RUN_BEGONNEN, run=self._lake.run, taak=self._record.taak, ketens=heads)
        if self._instance:
            dead_runs.mark(self._instance)
        self._lake.remove_builds()
        if self._instance is not None:
            history.tidy(self._instance, self._lake)
        aside = [*housekeeping.tidy(self._lake), *altered.put_aside(self._lake)]
        for warning in (*aside, *altered.renew_renderings(self._lake, self.settings)):
            self.warn(step, warning)

    def _fail(self, reason: str, afloop: Afloop, step: str) -> None:
        """Note why the run fails; the first reason is the cause of later ones."""
        if self._record.afloop is None:
            only = "openbaar (intern wel): " if "intern" in self._record.releases else ""
            self._record = self._record.model_copy(update={"afloop": afloop, "reden": scrub(only + reason), "stap": step})

    def _fail_with_dagster(self) -> None:
        """Note why the run fails if none of our steps does: somebody stopped it, Dagster refuses a result, its database is gone."""
        if self._record.afloop or self._instance is None:
            return
        try:
            for entry in self._instance.all_logs(self._lake.run, of_type=dg.DagsterEventType.STEP_FAILURE):
                failed = entry.get_dagster_event()
                error = failed.step_failure_data.error
                if error and error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
                    self._fail(runs.DIED, Afloop.AFGEBROKEN, "")
                self._fail(SILENT_END, Afloop.FOUT, failed.step_key or "")
        except Exception as problem:
            self._fail(sentence(problem, "Dagster"), afloop_of(problem), "")

    def _afloop(self) -> Afloop:
        found = self._record
        if found.afloop or not found.releases:
            return found.afloop or Afloop.KLAAR
        return Afloop.GEPUBLICEERD if found.nieuw else Afloop.NIETS_NIEUWS

    def _warnings(self) -> tuple[str, ...]:
        return tuple(logbook.warnings(self._lake, self._record.run))


def resource(settings: Settings, report: Report = silent, ended: Ended = unheard) -> dg.ResourceDefinition:
    """Return the resource `lake_run`: a `LakeRun` that lives as long as the run.

    Args:
        settings: Gives the lake and the gemeenten.
        report: As for `LakeRun`.
        ended: As for `LakeRun`.
    """

    def opened(context: dg.InitResourceContext) -> Iterator[LakeRun]:
        run = context.run
        if run and context.instance:
            dead_runs.note(context.instance, run.run_id)
        waits = bool(run and WAITS in run.tags)
        lake_run = LakeRun(
            settings, run.run_id if run else "los", report, run.job_name if run else "", context.instance, ended, waits=waits
        )
        try:
            yield lake_run
        finally:
            lake_run.release()

    return dg.ResourceDefinition(
        opened, description="Het meer, vastgehouden voor deze run: één run tegelijk, een regel in het logboek per stap."
    )
