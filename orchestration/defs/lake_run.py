"""The resource that every step requires for access to the lake: the lock, the log, and error handling.

A step gets the lake only from here, so every run – from the command line, the schedule, a button in the UI, `dagster asset materialize` –
takes the same lock, works on its own files, and writes the same log lines.

Put here: behaviour common to every step of every run. Keep out: what a step does.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import NoReturn

import dagster as dg

from orchestration import audit
from orchestration.defs import dead_runs
from orchestration.errors import LeerplichtError, unexpected
from orchestration.lake import Lake, LakeBusyError
from orchestration.scrub import scrub
from orchestration.settings import Settings

WARNING = "let op"
WAITS = "leerplicht/wacht"  # the tag of a run that waits for the lake
WAIT_SECONDS, WAIT_TIMES = 60, 120
Report = Callable[[str, float | None], None]
"""Called with the name of a step and None when it starts, and with its seconds when it has succeeded."""


def silent(_name: str, _seconds: float | None) -> None:
    """Report nothing."""


class LakeRun:
    """One run on the lake of the settings.

    Args:
        settings: Gives the lake and the gemeenten.
        run_id: Dagster's id of the run.
        report: Called at the start and the end of each step.
        job: The job or selection that runs, for the audit log.
        waits: Whether its first steps wait for a lake that another run holds, instead of failing: nobody is there to try again.
    """

    def __init__(self, settings: Settings, run_id: str, report: Report, job: str = "", *, waits: bool = False) -> None:
        self.settings = settings
        self._job = job
        self._lake = Lake.of(settings).for_run(run_id)
        self._report = report
        self._waits = waits
        self._held = ExitStack()
        self._holds = self._failed = False

    @contextmanager
    def step(self, name: str) -> Iterator[Lake]:
        """Run one step with access to the lake. The first step acquires the lake's lock, for the rest of the run.

        Args:
            name: Name to show while the step runs.

        Raises:
            dg.RetryRequested: Another run holds the lake, and this one waits (`waits`).
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
        except (LeerplichtError, OSError) as problem:
            if self._waits and isinstance(problem, LakeBusyError):
                self.log(name, "wacht op het meer")
                raise dg.RetryRequested(WAIT_TIMES, WAIT_SECONDS) from dg.Failure(str(problem))
            self._fail(name, problem)
            raise dg.Failure(sentence(problem, name), allow_retries=False) from None
        except dg.Failure:
            self._failed = True
            raise
        except Exception as problem:
            self._fail(name, problem)
            raise dg.Failure(f"onbekende fout in de stap {name} ({unexpected(problem)})", allow_retries=False) from None
        seconds = time.monotonic() - began
        self.log(name, "klaar", seconden=round(seconds, 2))
        self._report(name, seconds)

    def refuse(self, reason: str) -> NoReturn:
        """Fail the run because its own build is invalid.

        Args:
            reason: The reason, in a sentence for the user.

        Raises:
            dg.Failure: Always, with the reason as its description.
        """
        self.block()
        raise dg.Failure(scrub(reason), allow_retries=False)

    def block(self) -> None:
        """Note that a check of this run stops it; Dagster skips what comes after the check, so no later step notices."""
        self._failed = True

    def release(self) -> None:
        """End the run in the audit log and release the lock. The build of a failed run is kept for inspection until the next run."""
        with self._held:
            if self._holds:
                audit.record(self._lake, audit.What.RUN_GEEINDIGD, run=self._lake.run, afloop="mislukt" if self._failed else "gelukt")
                if not self._failed:
                    self._lake.remove_builds()

    def log(self, step: str, event: str, **more: object) -> None:
        """Append one line of JSON to the log of the lake.

        Args:
            step: The step.
            event: What happened, in Dutch.
            more: Further fields; never a delivered value. Identifiers are masked.
        """
        line = {"tijd": datetime.now(UTC).isoformat(), "run": self._lake.run, "stap": step, "gebeurtenis": event, **more}
        with self._lake.log.open("a", encoding="utf-8") as file:
            file.write(scrub(json.dumps(line, ensure_ascii=False)) + "\n")

    def warn(self, step: str, sentence: str) -> None:
        """Log a sentence that the person who started the run must read, whatever the outcome (`warnings`)."""
        self.log(step, WARNING, zin=sentence)

    def _begin(self, step: str) -> None:
        """Take the lock, remove what an earlier run left, and put altered releases aside before anything else."""
        from orchestration.publication import altered

        self._held.enter_context(self._lake.hold())
        self._holds = True
        heads = {name: [head.lines, head.sha256] for name, head in audit.heads(self._lake).items()}
        audit.record(self._lake, audit.What.RUN_BEGONNEN, run=self._lake.run, taak=self._job, ketens=heads)
        self._lake.remove_builds()
        for sentence in (*altered.put_aside(self._lake), *altered.renew_renderings(self._lake)):
            self.warn(step, sentence)

    def _fail(self, step: str, problem: Exception) -> None:
        """Log the type of an error, not its text, which may quote delivered data."""
        self._failed = True
        self.log(step, "mislukt", fout=unexpected(problem))


def warnings(lake: Lake, run_id: str) -> list[str]:
    """Return the sentences of a run that its starter must read."""
    if not run_id or not lake.log.is_file():
        return []
    with lake.log.open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if f'"{WARNING}"' in line]
    return [str(line["zin"]) for line in lines if line["run"] == run_id]


def sentence(problem: Exception, step: str) -> str:
    """Format an error for the user: its message, or for an OSError the step, the error and the path."""
    if isinstance(problem, OSError):
        return scrub(f"{step}: {problem.strerror or type(problem).__name__}: {problem.filename or 'het meer'}")
    return str(problem)


def resource(settings: Settings, report: Report = silent) -> dg.ResourceDefinition:
    """Return the resource `lake_run`: a `LakeRun` that lives as long as the run.

    Args:
        settings: Gives the lake and the gemeenten.
        report: As for `LakeRun`.
    """

    def opened(context: dg.InitResourceContext) -> Iterator[LakeRun]:
        started = context.run
        if started and context.instance:
            dead_runs.note(context.instance, started.run_id)
        run = (
            LakeRun(settings, started.run_id, report, started.job_name, waits=WAITS in started.tags)
            if started
            else LakeRun(settings, "los", report)
        )
        try:
            yield run
        finally:
            run.release()

    return dg.ResourceDefinition(
        opened, description="Het meer, vastgehouden voor deze run: één run tegelijk, een regel in het logboek per stap."
    )
