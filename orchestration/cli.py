"""`leerplicht …`: parses, calls a step, prints.

Put here: commands and what they say. Keep out: doing the work. Heavy imports stand inside the commands, so that `--help` answers at once.
"""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from orchestration.lake import Lake

if TYPE_CHECKING:
    from orchestration.settings import Settings

app = typer.Typer(
    help="Van ruwe extracten naar het gepubliceerde jaarverslag leerplicht.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
console = Console(highlight=False, soft_wrap=False)
errors = Console(stderr=True, highlight=False)


def _settings() -> "Settings":
    from pydantic import ValidationError

    from orchestration.settings import Settings

    try:
        return Settings()
    except ValidationError as problem:
        first = problem.errors()[0]
        _stop(f"instelling LEERPLICHT_{str(first['loc'][0]).upper()}: {first['msg']}", code=2)


def _stop(reason: str, code: int = 1) -> NoReturn:
    errors.print(f"[bold red]✗[/] {reason}", soft_wrap=True)
    raise typer.Exit(code)


@app.command(epilog="Voorbeeld:  leerplicht run   ·   LEERPLICHT_LAKE=/data/meer leerplicht run")
def run() -> None:
    """Lees wat is geleverd, bouw het magazijn, keur het, en publiceer. Geeft 0 als er is gepubliceerd, anders 1 met de reden."""
    settings = _settings()
    errors.print("[dim]Dagster en dbt laden …[/]")
    from orchestration import night
    from orchestration.publication import console as rendering

    def report(name: str, seconds: float | None) -> None:
        errors.print(f"[dim]  {name} …[/]" if seconds is None else f"[dim]  {name}: {seconds:.1f} s[/]")

    outcome = night.run(settings, report)
    lake = Lake(settings.lake)
    if not outcome.published:
        _stop(f"Niet gepubliceerd: {outcome.reason}")
    rendering.print_release(console, lake.published("intern") / "current")


@app.command(epilog="Voorbeeld:  leerplicht example --out proefmeer")
def example(
    out: Annotated[Path | None, typer.Option(help="Het meer waarin de voorbeeldleveringen komen; anders het ingestelde.")] = None,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Doe niets als er al iets in landing ligt.")] = False,
) -> None:
    """Schrijf de voorbeeldleveringen: verzonnen personen, elke keer dezelfde bytes."""
    from orchestration import example as generator

    lake = Lake(out.resolve() if out else _settings().lake)
    if if_empty and lake.landing.is_dir() and any(lake.landing.iterdir()):
        return
    folders = generator.write(lake)
    console.print(f"{len(folders)} voorbeeldleveringen in {lake.landing}")


@app.command(
    epilog="Voorbeeld:  leerplicht deliver duo verzuimmeldingen.csv --aard mutatie --kennisdatum 2025-03-03T02:00:00+01:00",
)
def deliver(
    bron: Annotated[str, typer.Argument(help="monitor, duo of carel.")],
    files: Annotated[list[str], typer.Argument(metavar="FILES…", help="De bestanden; `entiteit=pad` als de naam de entiteit niet zegt.")],
    aard: Annotated[str, typer.Option(help="volledig of mutatie.")],
    kennisdatum: Annotated[str, typer.Option(help="Wanneer de bron dit maakte, met tijdzone: 2025-03-03T02:00:00+01:00.")],
) -> None:
    """Maak van losse bestanden een levering: manifest met hashes en aantallen, in één stap in landing gezet."""
    from orchestration.deliveries import deliver as delivering

    settings = _settings()
    try:
        moment = datetime.fromisoformat(kennisdatum)
    except ValueError:
        _stop(f"kennisdatum {kennisdatum!r} is geen tijdstip; schrijf 2025-03-03T02:00:00+01:00", code=2)
    try:
        folder = delivering.deliver(settings, bron, files, aard, moment)
    except delivering.DeliveryError as problem:
        _stop(str(problem))
    console.print(f"levering {bron}/{folder.name} staat klaar in {folder}")


@app.command(epilog="Voorbeeld:  leerplicht dev --port 3001")
def dev(port: Annotated[int, typer.Option(help="Poort op 127.0.0.1.")] = 3000) -> NoReturn:
    """Open Dagster's UI op 127.0.0.1 (zij heeft geen inlog: zet haar nooit open voor een netwerk)."""
    settings = _settings()
    from orchestration.defs import planning

    home = Lake(settings.lake).dagster_home
    with planning.instance(home):
        pass
    command = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execve(sys.executable, command, {**os.environ, "DAGSTER_HOME": str(home), "LEERPLICHT_LAKE": str(settings.lake)})  # noqa: S606
