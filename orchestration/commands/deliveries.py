"""Commands for deliveries: make one, list all, check one, accept a refused one.

Put here: those commands. Keep out: validating a delivery (`orchestration.deliveries`).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands import terminal

app = typer.Typer()


def _moment(kennisdatum: str) -> datetime:
    try:
        return datetime.fromisoformat(kennisdatum)
    except ValueError:
        terminal.stop(f"kennisdatum {kennisdatum!r} is geen tijdstip; schrijf 2025-03-03T02:00:00+01:00", code=2)


@app.command(
    epilog="Voorbeeld:  leerplicht deliver duo verzuimmeldingen.csv --aard mutatie --kennisdatum 2025-03-03T02:00:00+01:00",
)
def deliver(
    bron: Annotated[str, typer.Argument(help="Naam van de bron, zoals duo.")],
    files: Annotated[list[str], typer.Argument(metavar="FILES…", help="De bestanden; `entiteit=pad` als de naam de entiteit niet zegt.")],
    aard: Annotated[str, typer.Option(help="volledig of mutatie.")],
    kennisdatum: Annotated[str, typer.Option(help="Wanneer de bron dit maakte, met tijdzone: 2025-03-03T02:00:00+01:00.")],
) -> None:
    """Maak van losse bestanden een levering: manifest met hashes en aantallen, in één stap in landing gezet."""
    from orchestration.deliveries.deliver import deliver as make_delivery

    settings = terminal.settings(new_lake=True)
    moment = _moment(kennisdatum)
    with terminal.exit_on_error():
        folder = make_delivery(settings, bron, files, aard, moment)
    terminal.say(f"levering {bron}/{folder.name} staat klaar in {folder}")


@app.command(epilog="Voorbeeld:  leerplicht status --bron duo   ·   leerplicht status --alles")
def status(
    bron: Annotated[str | None, typer.Option(help="Alleen deze bron, zoals duo.")] = None,
    everything: Annotated[bool, typer.Option("--alles", help="Toon ook oudere aanvaarde en herhaalde leveringen.")] = False,
) -> None:
    """Toon alle leveringen per bron: wachtend, uitgesteld, geaccepteerd, geweigerd of herhaald, met aantallen en redenen."""
    from expectations.contract import BRONNEN
    from orchestration.deliveries.console import print_status
    from orchestration.lake import Lake

    if bron is not None and bron not in BRONNEN:
        terminal.stop(f"onbekende bron {bron!r}; kies uit {', '.join(BRONNEN)}", code=2)
    with terminal.exit_on_error():
        print_status(terminal.console, Lake(terminal.settings().lake), bron, 0 if everything else 10)


@app.command(
    epilog="Voorbeeld:  leerplicht check data_lake/landing/duo/20250303T020000   ·   leerplicht check verzuimmeldingen.csv --aard mutatie",
)
def check(
    paths: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER…", help="Mappen van leveringen, of losse bestanden als bij deliver.")],
    bron: Annotated[str | None, typer.Option(help="Naam van de bron, zoals duo; anders blijkt die uit map of naam.")] = None,
    aard: Annotated[str | None, typer.Option(help="volledig of mutatie; anders wat de bron gewoonlijk levert.")] = None,
    kennisdatum: Annotated[str | None, typer.Option(help="Wanneer de bron dit maakte, met tijdzone; anders nu.")] = None,
) -> None:
    """Zeg wat een levering zou doen, zonder het te doen. Geeft 1 als zij zou worden geweigerd of uitgesteld, of niet af is."""
    from orchestration.deliveries.check import check_files, check_folder
    from orchestration.deliveries.console import print_checked
    from orchestration.deliveries.reasons import Postponed, Refusal

    settings = terminal.settings(new_lake=True)
    moment = _moment(kennisdatum) if kennisdatum else datetime.now(UTC).astimezone()
    folders = [path for path in paths if Path(path).is_dir()]
    if folders and len(folders) < len(paths):
        terminal.stop("geef mappen of losse bestanden, niet allebei", code=2)
    with terminal.exit_on_error():
        try:
            found = [check_folder(settings, Path(folder), bron) for folder in folders] or [check_files(settings, bron, paths, aard, moment)]
        except Refusal as refusal:
            terminal.stop(f"zou zijn geweigerd – {refusal.code}: {refusal.reden}")
        except Postponed as reason:
            terminal.stop(f"zou zijn uitgesteld – {reason}")
    for checked in found:
        print_checked(terminal.console, checked)
    if any(checked.entry.oordeel == "geweigerd" for checked in found):
        raise typer.Exit(1)


@app.command(epilog='Voorbeeld:  leerplicht accept monitor/20250801T020000 --because "de monitor levert sinds augustus zonder Borne"')
def accept(
    levering: Annotated[str, typer.Argument(metavar="BRON/LEVERING", help="Zoals status haar noemt.")],
    because: Annotated[str, typer.Option(help="Waarom zij toch telt; komt met uw naam in het grootboek.")],
    by: terminal.By = None,
) -> None:
    """Neem een levering aan die alleen om haar omvang is geweigerd (volume_gedaald), met de reden op schrift."""
    from orchestration.deliveries.accept import accept as accept_delivery
    from orchestration.lake import Lake

    settings = terminal.settings()
    bron, divided, name = levering.partition("/")
    if not divided or not name:
        terminal.stop("schrijf bron/levering, zoals monitor/20250801T020000", code=2)
    with terminal.exit_on_error(), terminal.locked(Lake(settings.lake)):
        entry = accept_delivery(settings, bron, name.rstrip("/"), because, terminal.who(by))
    loaded = sum(entity.geladen for entity in entry.entiteiten)
    terminal.say(f"{entry.bron}/{entry.levering} is aanvaard: {loaded} rijen geladen; zij tellen bij de volgende run")
