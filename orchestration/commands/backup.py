"""Commands for a backup of the lake and its key.

Put here: those commands. Keep out: copying (`orchestration.backup`).
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands import terminal

app = typer.Typer()

Key = Annotated[
    Path, typer.Option("--key", metavar="BESTAND", help="Het bestand met de sleutel van de kopie; bewaar het apart van de map.")
]


@app.command(epilog="leerplicht backup reservekopie --key reservekopie.sleutel")
def backup(
    folder: Annotated[Path, typer.Argument(metavar="MAP", help="Waar de kopie komt; zij mag nog niet bestaan.")],
    key: Key,
) -> None:
    """Kopieer het meer, met bewijzen en gepubliceerde cijfers, en de sleutel apart. Er draait geen nacht tijdens het kopiëren."""
    from orchestration import backup as copying

    settings = terminal.settings()
    with terminal.exit_on_error(), terminal.locked(settings):
        found = copying.backup(settings, folder, key)
    terminal.say(f"{folder}: {found.files} bestanden van {found.deliveries} leveringen, {found.size / 1e6:.1f} MB")
    terminal.say(f"{key}: de sleutel, alleen door u te lezen; bewaar haar ergens anders dan {folder}")


@app.command(epilog="LEERPLICHT_LAKE=hersteld leerplicht restore reservekopie --key reservekopie.sleutel")
def restore(
    folder: Annotated[Path, typer.Argument(metavar="MAP", help="Een map die leerplicht backup heeft gemaakt.")],
    key: Key,
) -> None:
    """Zet een kopie terug op een lege plaats, nadat elk bestand is nagegaan. Draai daarna leerplicht run, dat het magazijn maakt."""
    from orchestration import backup as copying

    settings = terminal.settings(new_lake=True)
    with terminal.exit_on_error():
        found = copying.restore(settings, folder, key)
    terminal.say(f"{settings.lake}: {found.files} bestanden van {found.deliveries} leveringen, {found.size / 1e6:.1f} MB")
    terminal.say("wie na deze kopie is gewist, is er weer; wis die personen opnieuw, en draai dan leerplicht run")
