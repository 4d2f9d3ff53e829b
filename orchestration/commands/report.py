"""The command that renders factsheets, workbook and portal of any release.

Put here: that command. Keep out: rendering (`orchestration.publication.renderings`).
"""

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from orchestration.commands import terminal

app = typer.Typer()


@app.command(epilog="leerplicht report --schooljaar 2024-2025 --gemeente 0164 --gemeente 0147 --out jaarverslag")
def report(
    schooljaar: Annotated[str | None, typer.Option(help="Het schooljaar van de factsheets; anders het laatste van de release.")] = None,
    gemeente: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Code van een gemeente, mag vaker; anders alle.")] = None,
    out: Annotated[Path | None, typer.Option(help="De map waarin alles komt; anders jaarverslag-<schooljaar>, hier.")] = None,
    name: Annotated[str, typer.Option("--release", metavar="RELEASE", help="Naam, het begin ervan, of `current`.")] = "current",
    zone: Annotated[
        Literal["openbaar", "intern"], typer.Option(help="openbaar: voor iedereen. intern: voor medewerkers, met kleine aantallen.")
    ] = "openbaar",
) -> None:
    """Maak van een release de factsheets (HTML en PDF), dia's (PNG), het werkboek (XLSX) en het portaal, zoals mensen ze lezen."""
    from orchestration.lake import Lake
    from orchestration.publication.renderings import folder, slides, workbook
    from orchestration.publication.renderings.sender import Sender

    settings = terminal.settings()
    lake = Lake.of(settings)
    year = re.sub(r"\s*/\s*", "-", schooljaar) if schooljaar else None
    with terminal.exit_on_error():
        told, earlier = folder.read(lake, zone, name)
        choice = folder.choose(told, year, gemeente or ())
        place = (out or Path(f"jaarverslag-{choice.year}")).absolute()
        folder.write(lake, place, told, earlier, choice, Sender.of(settings), _progress)
    terminal.say(f"Jaarverslag {choice.year} van release {told.release} ({zone}, {told.status}): {place}")
    for area in choice.gemeenten:
        terminal.say(f"  factsheet {area.name}: factsheet-{area.code}.html en .pdf")
    terminal.say(f"  factsheet van alle samen, met de regio: factsheet-{folder.TOGETHER}.html en .pdf")
    terminal.say(f"  elke factsheet is twee bladzijden; de lange versie heet factsheet-<code>-{folder.LONG}")
    terminal.say(f"  dia's van de kerncijfers: {folder.SLIDES}/{slides.INDEX}")
    terminal.say(f"  alle cijfers: {workbook.FILE}")
    terminal.say(f"  portaal: {folder.PORTAL}/index.html, open dat in een browser")
    if zone == "intern":
        terminal.say("let op: dit is intern, met kleine aantallen; publiceer het niet")


def _progress(name: str) -> None:
    terminal.progress(name, None)
