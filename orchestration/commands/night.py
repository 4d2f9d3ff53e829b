"""The night's own command: read, build, judge, publish; and the same as things stood at an earlier instant.

Put here: running the whole. Keep out: what it consists of (`orchestration.night`).
"""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import terminal

if TYPE_CHECKING:
    from orchestration.lake import Lake

app = typer.Typer()


@app.command(epilog="Voorbeeld:  leerplicht run   ·   leerplicht run --known-at 2025-01-01T00:00:00+01:00")
def run(
    known_at: Annotated[
        str | None,
        typer.Option(metavar="TIJDSTIP", help="Kijk terug: de cijfers zoals zij toen bekend waren. Wat lezers zien blijft zoals het is."),
    ] = None,
) -> None:
    """Lees wat is geleverd, bouw het magazijn, keur het, en publiceer. Geeft 0 als er is gepubliceerd, anders 1 met de reden."""
    settings = terminal.settings()
    if known_at is not None:
        settings = settings.model_copy(update={"known_at": terminal.instant(known_at)})
    terminal.errors.print("[dim]Dagster en dbt laden …[/]")
    from orchestration import night
    from orchestration.lake import Lake
    from orchestration.publication import console as rendering

    outcome = night.run(settings, terminal.progress)
    if not outcome.published:
        terminal.stop(f"Niet gepubliceerd: {outcome.reason}")
    lake = Lake.of(settings)
    rendering.print_release(terminal.console, lake.published("intern") / "current")
    _tell_of_monitor(lake, settings.suppression_threshold)
    if (openbaar := lake.published("openbaar") / "current").exists():
        terminal.say(f"Voor iedereen: {openbaar.resolve()}")
    if settings.known_at:
        terminal.say(f"Teruggekeken naar wat bekend was op {settings.known_at.isoformat()}; wat lezers zien is niet veranderd.")


def _tell_of_monitor(lake: "Lake", threshold: int) -> None:
    """Say where the monitor counts otherwise; where it does not, nothing."""
    import duckdb

    from orchestration.publication import console as rendering
    from orchestration.publication import extract, reconciliation

    with duckdb.connect(str(lake.warehouse_current), read_only=True) as connection:
        try:
            rows = reconciliation.beside_monitor(connection, threshold)
        except (extract.PrintedError, reconciliation.ReconciliationError) as problem:
            terminal.say(f"De eigen cijfers van de monitor zijn niet te vergelijken: {problem}")
            return
    if any(row["oordeel"] == "wijkt_af" for row in rows):
        rendering.print_monitor(terminal.console, rows)
