"""Shared helpers of the commands: consoles, exit messages, Ctrl-C, the settings, the user's name.

Put here: code shared by all commands. Keep out: a command.
"""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar, cast

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperCommand

from orchestration.errors import LeerplichtError, afloop_of, sentence
from orchestration.outcome import Afloop
from orchestration.scrub import scrub

if TYPE_CHECKING:
    from orchestration.lake import Lake
    from orchestration.runs import Run
    from orchestration.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

console = Console(highlight=False, soft_wrap=False)
errors = Console(stderr=True, highlight=False)

WIDE = 1_000_000  # no line of output is longer
INTERRUPTION = "afgebroken; wat klaar was geldt, half werk telt niet mee, en dezelfde opdracht nog eens geven maakt het af"

By = Annotated[str | None, typer.Option(help="Wie dit besluit; anders de gebruiker van deze machine.")]

AsJson = Annotated[bool, typer.Option("--json", help="Geef één JSON-document; de velden staan in de documentatie.")]


class WithExamples(TyperCommand):
    """A command of which the help ends with its examples, one per line and never folded, so that each can be pasted."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the examples, which are the epilog, after all else."""
        examples, self.epilog = self.epilog or "", None
        try:
            super().format_help(ctx, formatter)
        finally:
            self.epilog = examples
        formatter.write("Voorbeelden:\n" + "".join(f"  {line}\n" for line in examples.splitlines()))


def examples(*lines: str) -> str:
    """Return the epilog of a command with several examples; a test runs all of them."""
    return "\n".join(lines)


def stop(reason: str, afloop: Afloop | None = None) -> NoReturn:
    """Exit the command with one sentence on stderr; identifiers in it are masked.

    Args:
        reason: The sentence.
        afloop: The ending, which has the exit code; by default `mislukt`.
    """
    errors.print(Text.assemble(("✗", "bold red"), f" {scrub(reason)}"), soft_wrap=True)  # no markup: a reason may hold a name with brackets
    raise typer.Exit((afloop or Afloop.MISLUKT).code)


def require_published(run: "Run") -> None:
    """Exit with the reason if a run did not publish."""
    if not run.published:
        stop(f"Niet gepubliceerd: {run.reden}", run.afloop)


def exit_if_nothing_new(run: "Run") -> None:
    """Exit with its own code if a run found that readers have these figures already."""
    if run.afloop is Afloop.NIETS_NIEUWS:
        raise typer.Exit(run.afloop.code)


def fit_output() -> None:
    """Do not fold or cut lines in a pipe or a file, whatever the width of the terminal: a line can be searched and copied whole."""
    for output in (console, errors):
        if not output.file.isatty():
            output.width = WIDE


def say_json(document: object) -> None:
    """Print one JSON document, the only text on stdout of a command that gives JSON."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, default=_as_json))


def _as_json(value: object) -> str | float:
    """Format a value that JSON does not have: a moment as ISO 8601, and a number as a number."""
    return value.isoformat() if isinstance(value, date) else float(str(value))


def say(sentence: str) -> None:
    """Print one sentence verbatim: no markup, not wrapped, so that a path in it can be copied."""
    console.print(Text(sentence), soft_wrap=True)


def warn(sentences: Iterable[str]) -> None:
    """Print sentences on stderr that a person must read."""
    for told in sentences:
        errors.print(Text.assemble(("!", "bold yellow"), f" {told}"), soft_wrap=True)


def progress(name: str, seconds: float | None) -> None:
    """Print on stderr that a step starts, or how long it took."""
    errors.print(f"[dim]  {name} …[/]" if seconds is None else f"[dim]  {name}: {seconds:.1f} s[/]")


def settings(*, new_lake: bool = False, older: bool = False) -> "Settings":
    """Return the settings of this environment; exit if one is invalid, or if the lake does not exist.

    Args:
        new_lake: Whether the command also accepts a lake that does not exist yet.
        older: Whether it also accepts a lake of an earlier version.
    """
    from pydantic import ValidationError

    from orchestration.lake import Lake, layout
    from orchestration.settings import Settings, fault

    try:
        found = Settings()
    except ValidationError as problem:
        stop(fault(problem), Afloop.INSTELLING)
    with exit_on_error():
        if not new_lake and not Lake(found.lake).exists:
            stop(
                f"er is geen meer in {found.lake}; begin er een met leerplicht example of leerplicht deliver,"
                " of wijs een ander aan met LEERPLICHT_LAKE",
                Afloop.INSTELLING,
            )
        with suppress(PermissionError):  # an analyst may not look there, and opens the warehouse only
            layout.require(Lake(found.lake), older=older)
    return found


def instant(text: str) -> datetime:
    """Parse an instant from the command line; the time zone is required."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        stop(f"{text!r} is geen tijdstip met tijdzone; schrijf 2025-01-01T00:00:00+01:00", Afloop.INSTELLING)
    return moment


def who(by: str | None) -> str:
    """Return the name of the person who decides: as given, or the user name of this machine."""
    from orchestration import audit

    return by or audit.login()


def audited(command: Command) -> Command:
    """Return a command that leaves a line in the audit log of the lake before it does anything.

    It is about who gave which command. What came of it, a step records where it happens, as commands are not the only way in.
    """
    name = command.__name__.replace("_", "-")

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        from orchestration import audit
        from orchestration.lake import Lake

        lake = Lake(settings(new_lake=True, older=name == "upgrade").lake)
        with exit_on_error():
            if lake.exists:
                audit.record(lake, audit.What.OPDRACHT, opdracht=name, door=options.get("by") or "")
        return command(*args, **options)

    return cast("Command", run)


@contextmanager
def exit_on_error(*more: type[Exception]) -> Iterator[None]:
    """Exit the command with one sentence if an error is raised that the user can resolve.

    Args:
        more: Errors of other libraries whose message is meant for the user.
    """
    kinds: tuple[type[Exception], ...] = (LeerplichtError, *more)
    try:
        yield
    except kinds as problem:
        stop(str(problem), afloop_of(problem) if isinstance(problem, LeerplichtError) else Afloop.MISLUKT)
    except OSError as problem:
        stop(f"{problem.strerror or 'het lukt niet'}: {problem.filename or 'het meer'}", afloop_of(problem))


def stop_unexpectedly(problem: Exception, command: str) -> NoReturn:
    """Exit with one sentence for an error that nothing foresaw; its traceback goes to the log of the lake, without its text."""
    ending, place = afloop_of(problem), ""
    with suppress(Exception):  # the settings, the lake or its log may be what is wrong
        place = _logged(problem, command)
    stop(sentence(problem, command) + (place if ending is Afloop.FOUT else ""), ending)


def _logged(problem: Exception, command: str) -> str:
    from orchestration import logbook
    from orchestration.lake import Lake
    from orchestration.settings import Settings

    lake = Lake(Settings().lake)
    return logbook.write_failure(lake, command, problem) if lake.exists else ""


@contextmanager
def ending_at_once() -> Iterator[None]:
    """End this process at once on Ctrl-C or SIGTERM, with a sentence, as a kill would.

    A night and its parts can be killed at any moment. Handling Ctrl-C instead would end threads of dbt in the middle of a query, which
    prints tracebacks and aborts the process. Dagster replaces handlers of signals, so a thread waits for what Python writes on a signal.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)

    def wait() -> None:
        while number := os.read(reading, 1):
            if number[0] in (signal.SIGINT, signal.SIGTERM):  # Dagster gives SIGTERM the handler of SIGINT
                os.write(2, f"✗ {INTERRUPTION}\n".encode())
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # dbt's main thread may still print an error
                os._exit(128 + number[0])

    # Python's helper for semaphores outlives this process, and would warn that it removes those of dbt
    os.putenv("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    handler = signal.signal(signal.SIGINT, lambda *_: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, handler)
        os.close(writing)  # ends the thread
        waiting.join()
        os.close(reading)


@contextmanager
def locked(settings: "Settings") -> Iterator["Lake"]:
    """Hold the lock of the lake of the settings, so that no night starts meanwhile."""
    from orchestration.lake import Lake

    lake = Lake.of(settings)
    with exit_on_error(), lake.hold():
        yield lake


def put_altered_releases_aside(lake: "Lake") -> None:
    """Do at once what the next run would do, and print it. A run that holds the lake has done it; without write access it stays undone."""
    from orchestration.access import AccessError
    from orchestration.lake import LakeBusyError
    from orchestration.publication import altered

    with suppress(LakeBusyError, AccessError, PermissionError):
        if lake.register.is_file():  # otherwise nothing was published, and looking creates nothing
            with lake.hold():
                warn(altered.put_aside(lake))
