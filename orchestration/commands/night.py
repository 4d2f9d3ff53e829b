"""The command of the night: read, build, validate, publish; also with the data known at an earlier instant. And who may read its results.

Put here: running the night, and listing who reads what. Keep out: its steps (`orchestration.night`), and who reads what (`lake.zones`).
"""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import terminal
from orchestration.errors import LeerplichtError
from orchestration.outcome import Afloop

if TYPE_CHECKING:
    from orchestration.lake import Lake
    from orchestration.runs import Run
    from orchestration.settings import Settings

app = typer.Typer()


def _require_own(settings: "Settings") -> None:
    """Exit if the lake is another user's, or was made with another key: a night without new deliveries would not notice it."""
    from orchestration.deliveries.pseudonym import load_key
    from orchestration.lake import Lake

    lake = Lake(settings.lake)
    with terminal.exit_on_error():
        lake.require_owner()
        if lake.change.exists():
            with lake.hold():  # completes or undoes what was interrupted, the key included
                pass
        if lake.key_check.exists():
            load_key(settings.key_file, lake)


@app.command(
    epilog=terminal.examples(
        "leerplicht run",
        "leerplicht run --volledig",
        "leerplicht run --known-at 2025-01-01T00:00+01:00",
        "leerplicht run --known-at 2025-01-01T00:00+01:00 --until 2025-02-01T00:00+01:00 --every maand",
    )
)
@terminal.ending_at_once()
def run(
    known_at: Annotated[
        str | None,
        typer.Option(metavar="TIJDSTIP", help="Kijk terug: de cijfers zoals zij toen bekend waren. Wat lezers zien blijft zoals het is."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="TIJDSTIP", help="Kijk ook terug naar elk tijdstip daarna, tot en met dit; wat al klaar is blijft."),
    ] = None,
    every: Annotated[str, typer.Option(metavar="dag|week|maand|kwartaal|jaar", help="De stap van --known-at tot --until.")] = "maand",
    full: Annotated[
        bool, typer.Option("--volledig", help="Toon ook wat is gelezen, de poorten, de tabellen en het gedrukte verslag ernaast.")
    ] = False,
) -> None:
    """Lees wat is geleverd, bouw het magazijn, keur het, en publiceer.

    Eindigt met vijf regels: wat kwam, de poorten, het gedrukte verslag ernaast, waar alles ligt, en het oordeel.
    Geeft 0 als er is gepubliceerd, 10 als er niets nieuws was, en anders de reden met een eigen code (docs/nacht.md).
    """
    back = {} if known_at is None else {"known_at": terminal.instant(known_at)}
    settings = terminal.settings().model_copy(update=back)
    _require_own(settings)
    terminal.errors.print("[dim]Dagster en dbt laden …[/]")
    if until is not None:
        _look_back(settings, terminal.instant(until), every)
        return
    from orchestration import night
    from orchestration.deliveries import postponed
    from orchestration.lake import Lake
    from orchestration.watch import console, ended

    run = night.run(settings, terminal.progress)
    terminal.warn(run.let_op)
    for delivery in postponed.read(Lake(settings.lake)):
        terminal.say(f"let op: levering {delivery.sentence}; de volgende nacht leest haar opnieuw")
    lake = Lake.of(settings)
    if full:
        _say_all(settings, lake, run)
    if run.stappen:
        with suppress(LeerplichtError, OSError):  # a lake that cannot be read is the reason, which follows
            console.print_ended(terminal.console, ended.lines(lake, run))
    terminal.require_published(run)
    terminal.say(ended.verdict(lake, run))
    terminal.exit_if_nothing_new(run)


def _say_all(settings: "Settings", lake: "Lake", run: "Run") -> None:
    """Print which full registers of this run ended known records, and the whole release if there is one."""
    from orchestration.deliveries import ledger
    from orchestration.deliveries.console import print_endings
    from orchestration.publication import console, reconciliation
    from orchestration.warehouse import read

    with terminal.exit_on_error():
        for entry in ledger.read(lake):
            if entry.run == run.run and any(entity.eindigt for entity in entry.entiteiten):
                print_endings(terminal.console, entry)
        if run.published:
            console.print_release(terminal.console, lake.published("intern") / "current")
            with read.opened(lake) as connection:
                monitor = reconciliation.compare_with_monitor(connection, settings.suppression_threshold)
            if any(row["oordeel"] == "wijkt_af" for row in monitor):
                console.print_monitor(terminal.console, monitor)
            terminal.say("")


def _look_back(settings: "Settings", until: datetime, every: str) -> None:
    """Look back at a range of instants, with a line for each; exit with `mislukt` if one failed."""
    from orchestration import backfill

    if settings.known_at is None:
        terminal.stop("--until is het einde van een reeks; geef het begin met --known-at", Afloop.INSTELLING)
    if every not in set(backfill.Step):
        terminal.stop(f"{every!r} is geen stap; kies uit {', '.join(backfill.Step)}", Afloop.INSTELLING)
    with terminal.exit_on_error():
        moments = backfill.instants(settings.known_at, until, backfill.Step(every))
    failed = 0
    for number, looked in enumerate(backfill.run(settings, moments, terminal.progress), start=1):
        failed += bool(looked.reason)
        terminal.say(f"{number}/{len(moments)}  {looked.sentence}")
    if failed:
        terminal.stop(f"{failed} van {len(moments)} tijdstippen mislukt; dezelfde opdracht nog eens geven maakt alleen die opnieuw")


@app.command(epilog="leerplicht access")
def access() -> None:
    """Toon wie wat van het meer mag lezen, en wat daarvan afwijkt; verandert niets. Geeft 1 als er iets afwijkt."""
    from orchestration.access import readers
    from orchestration.lake import Lake

    lake = Lake.of(terminal.settings())
    with terminal.exit_on_error():
        owner = lake.root.stat().st_uid
        for zone, found in lake.readers.zones.items():
            terminal.say(f"{zone:<32}{found.folder:04o} {found.file:04o}  {readers(found, owner)}")
        if closed := [folder for folder in lake.root.parents if not folder.stat().st_mode & 0o001]:
            terminal.say(f"let op: door {closed[0]} kunnen anderen niet heen, dus ook een webserver niet; zie docs/beheer.md")
        places = [path.relative_to(lake.root).parts[:1] for path in lake.deviating()]
    if places:
        where = ", ".join(sorted({place[0] if place else "de map zelf" for place in places}))
        terminal.stop(f"{len(places)} mappen en bestanden wijken af, in {where}; leerplicht run herstelt dat, of zegt waarom niet")
    terminal.say("alles in het meer is zo")
