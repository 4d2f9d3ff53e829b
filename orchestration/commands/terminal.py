"""Shared helpers of the commands: consoles, exit messages, the settings, the user's name.

Put here: code shared by all commands. Keep out: a command.
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
    """Exit the command with one sentence on stderr."""
    errors.print(Text.assemble(("✗", "bold red"), f" {reason}"), soft_wrap=True)  # no markup: a reason may hold a name with brackets
    raise typer.Exit(code)


def say(sentence: str) -> None:
    """Print one sentence verbatim: no markup, not wrapped, so that a path in it can be copied."""
    console.print(Text(sentence), soft_wrap=True)


def progress(name: str, seconds: float | None) -> None:
    """Print on stderr that a step starts, or how long it took."""
    errors.print(f"[dim]  {name} …[/]" if seconds is None else f"[dim]  {name}: {seconds:.1f} s[/]")


def settings(*, new_lake: bool = False) -> "Settings":
    """Return the settings of this environment; exit if one is invalid, or if the lake does not exist.

    Args:
        new_lake: Whether the command also accepts a lake that does not exist yet.
    """
    from pydantic import ValidationError

    from orchestration.lake import Lake
    from orchestration.settings import Settings

    try:
        found = Settings()
    except ValidationError as problem:
        first = problem.errors()[0]
        stop(f"instelling LEERPLICHT_{str(first['loc'][0]).upper()}: {first['msg']}", code=2)
    with exit_on_error():
        if not new_lake and not Lake(found.lake).exists:
            stop(
                f"er is geen meer in {found.lake}; begin er een met leerplicht example of leerplicht deliver,"
                " of wijs een ander aan met LEERPLICHT_LAKE"
            )
    return found


def instant(text: str) -> datetime:
    """Parse an instant from the command line; the time zone is required."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        stop(f"{text!r} is geen tijdstip met tijdzone; schrijf 2025-01-01T00:00:00+01:00", code=2)
    return moment


def who(by: str | None) -> str:
    """Return the name of the person who decides: as given, or the user name of this machine."""
    return by or getpass.getuser()


@contextmanager
def exit_on_error(*more: type[Exception]) -> Iterator[None]:
    """Exit the command with one sentence if an error is raised that the user can resolve.

    Args:
        more: Errors of other libraries whose message is meant for the user.
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
def locked(lake: "Lake") -> Iterator[None]:
    """Hold the lake's lock, so that no night starts meanwhile."""
    with exit_on_error(), lake.hold():
        yield
