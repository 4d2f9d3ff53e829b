"""What every command needs of the terminal and of whoever types: where to print, how to stop, the settings, who it is.

Put here: what is the same for all commands. Keep out: a command.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from orchestration.lake import Lake
    from orchestration.settings import Settings

console = Console(highlight=False, soft_wrap=False)
errors = Console(stderr=True, highlight=False)

By = Annotated[str | None, typer.Option(help="Wie dit besluit; anders de gebruiker van deze machine.")]


def stop(reason: str, code: int = 1) -> NoReturn:
    """End the command with one sentence on stderr."""
    errors.print(Text.assemble(("✗", "bold red"), f" {reason}"), soft_wrap=True)  # no markup: a reason may hold a name with brackets
    raise typer.Exit(code)


def say(sentence: str) -> None:
    """Print one sentence as it is: no markup, not broken, so that a path in it can be copied."""
    console.print(Text(sentence), soft_wrap=True)


def progress(name: str, seconds: float | None) -> None:
    """Tell on stderr that a step begins, or how long it took."""
    errors.print(f"[dim]  {name} …[/]" if seconds is None else f"[dim]  {name}: {seconds:.1f} s[/]")


def settings(*, new_lake: bool = False) -> "Settings":
    """The settings of this environment; ends the command when one is wrong, or when its lake does not exist.

    Args:
        new_lake: Whether the command also works on a lake that does not exist yet.
    """
    from pydantic import ValidationError

    from orchestration.lake import Lake
    from orchestration.settings import Settings

    try:
        found = Settings()
    except ValidationError as problem:
        first = problem.errors()[0]
        stop(f"instelling LEERPLICHT_{str(first['loc'][0]).upper()}: {first['msg']}", code=2)
    with in_a_sentence():
        if not new_lake and not Lake(found.lake).exists:
            stop(
                f"er is geen meer in {found.lake}; begin er een met leerplicht example of leerplicht deliver,"
                " of wijs een ander aan met LEERPLICHT_LAKE"
            )
    return found


def instant(text: str) -> datetime:
    """Read an instant that somebody typed: with its time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        stop(f"{text!r} is geen tijdstip met tijdzone; schrijf 2025-01-01T00:00:00+01:00", code=2)
    return moment


def who(by: str | None) -> str:
    """Who decides: the name that was given, or that of the user of this machine."""
    return by or getpass.getuser()


@contextmanager
def in_a_sentence(*more: type[Exception]) -> Iterator[None]:
    """End the command with one sentence when an error is raised that a person can do something about.

    Args:
        more: Errors of other libraries whose message is for whoever typed the command.
    """
    from orchestration.errors import LeerplichtError

    kinds: tuple[type[Exception], ...] = (LeerplichtError, *more)
    try:
        yield
    except kinds as problem:
        stop(str(problem))
    except OSError as problem:
        stop(f"{problem.strerror or 'het lukt niet'}: {problem.filename or 'het meer'}")


@contextmanager
def alone(lake: "Lake") -> Iterator[None]:
    """Hold the lake's lock: no night begins before this ends."""
    with in_a_sentence(), lake.hold():
        yield
