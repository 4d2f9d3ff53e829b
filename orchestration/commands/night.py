"""The command of the night: read, build, validate, publish; also with the data known at an earlier instant.

Put here: running the night. Keep out: its steps (`orchestration.night`).
"""

from typing import Annotated

import typer

from orchestration.commands import terminal

app = typer.Typer()


@app.command(epilog="Voorbeeld:  leerplicht run   ·   leerplicht run --known-at 2025-01-01T00:00:00+01:00")
def run(
    known_at: Annotated[
        str | None,
        typer.Option(metavar="TIJDSTIP", help="Kijk terug: de cijfers zoals zij toen bekend waren. Wat lezers zien blijft zoals het is."),
    ] = None,
) -> None:
    """Lees wat is geleverd, bouw het magazijn, keur het, en publiceer. Geeft 0 als er is gepubliceerd, anders 1 met de reden."""
    settings = terminal.settings(new_lake=True)
    if known_at is not None:
        settings = settings.model_copy(update={"known_at": terminal.instant(known_at)})
    terminal.errors.print("[dim]Dagster en dbt laden …[/]")
    from orchestration import night
    from orchestration.deliveries import postponed
    from orchestration.lake import Lake
    from orchestration.publication import console as rendering
    from orchestration.publication import reconciliation

    outcome = night.run(settings, terminal.progress)
    for delivery in postponed.read(Lake(settings.lake)):
        terminal.say(f"let op: levering {delivery.sentence}; de volgende nacht leest haar opnieuw")
    if not outcome.published:
        terminal.stop(f"Niet gepubliceerd: {outcome.reason}")
    lake = Lake.of(settings)
    rendering.print_release(terminal.console, lake.published("intern") / "current")
    monitor = reconciliation.compare_with_monitor(lake.warehouse_current, settings.suppression_threshold)
    if any(row["oordeel"] == "wijkt_af" for row in monitor):
        rendering.print_monitor(terminal.console, monitor)
    if (openbaar := lake.published("openbaar") / "current").exists():
        terminal.say(f"Voor iedereen: {openbaar.resolve()}")
    if settings.known_at:
        terminal.say(f"Teruggekeken naar wat bekend was op {settings.known_at.isoformat()}; wat lezers zien is niet veranderd.")
