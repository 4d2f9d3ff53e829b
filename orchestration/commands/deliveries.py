"""Commands for deliveries: make one, check one, accept a refused one, withdraw an accepted one.

Put here: those commands. Keep out: validating a delivery (`orchestration.deliveries`).
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import clock
from orchestration.commands import terminal
from orchestration.outcome import Afloop

if TYPE_CHECKING:
    from orchestration.deliveries.check import Checked

app = typer.Typer()

Levering = Annotated[str, typer.Argument(metavar="BRON/LEVERING", help="Zoals status haar noemt.")]


def _moment(kennisdatum: str) -> datetime:
    try:
        return datetime.fromisoformat(kennisdatum)
    except ValueError:
        terminal.stop(f"kennisdatum {kennisdatum!r} is geen tijdstip; schrijf 2025-03-03T02:00:00+01:00", Afloop.INSTELLING)


@app.command(epilog="leerplicht deliver duo docs/proef/verzuimmeldingen.csv --aard mutatie --kennisdatum 2025-08-07T02:00:00+02:00")
def deliver(
    bron: Annotated[str, typer.Argument(help="Naam van de bron, zoals duo.")],
    files: Annotated[list[str], typer.Argument(metavar="FILES…", help="De bestanden; `entiteit=pad` als de naam de entiteit niet zegt.")],
    aard: Annotated[str, typer.Option(help="volledig of mutatie.")],
    kennisdatum: Annotated[str, typer.Option(help="Wanneer de bron dit maakte, met tijdzone: 2025-03-03T02:00:00+01:00.")],
    yes: Annotated[bool, typer.Option("--yes", help="Ja, ook als deze bron gewoonlijk een andere aard levert.")] = False,
) -> None:
    """Maak van losse bestanden een levering: manifest met hashes en aantallen, in één stap in landing gezet."""
    from orchestration.deliveries.check import check_folder
    from orchestration.deliveries.deliver import deliver as make_delivery

    settings = terminal.settings(new_lake=True)
    moment = _moment(kennisdatum)
    if not yes:
        _ask_about_kind(bron, aard)
    with terminal.exit_on_error():
        folder = make_delivery(settings, bron, files, aard, moment)
        terminal.say(f"levering {bron}/{folder.name} staat klaar in {folder}")
        if aard == "volledig":
            _say_what_ends(check_folder(settings, folder, bron))


def _ask_about_kind(bron: str, aard: str) -> None:
    """Ask whether an aard is meant that this bron does not usually deliver; without a terminal, exit and name the option."""
    from expectations.contract import BRONNEN
    from orchestration.deliveries.deliver import KINDS, unusual_kind

    unusual = unusual_kind(bron, aard) if bron in BRONNEN and aard in KINDS else ""
    if not unusual:
        return
    if not _is_terminal():
        terminal.stop(f"{unusual}; bedoelt u dat, geef dan --yes", Afloop.INSTELLING)
    if typer.prompt(f"{unusual}. Toch zo leveren? [j/N]", default="nee", show_default=False).lower() not in ("j", "ja"):
        terminal.stop("er is niets geleverd")


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _say_what_ends(checked: "Checked") -> None:
    from orchestration.deliveries.console import print_endings

    print_endings(terminal.console, checked.entry)
    if checked.entry.oordeel == "geweigerd":
        terminal.say(f"let op: zij zou nu worden geweigerd – {checked.entry.code}: {checked.entry.reden}")


def _require_present(paths: list[str]) -> None:
    """Exit if a path of `check` is not there: a path, `entiteit=path`, or either with `#blad`."""
    from orchestration.scrub import safe_text

    for text in paths:
        forms = {text, text.partition("=")[2]}
        forms |= {form.rpartition("#")[0] for form in forms}
        if not any(form and Path(form).exists() for form in forms):
            hint = "; een pad met spaties moet tussen aanhalingstekens" if len(paths) > 1 else ""
            terminal.stop(f"{safe_text(text)} is er niet{hint}", Afloop.INSTELLING)


@app.command(
    epilog=terminal.examples(
        "leerplicht check docs/proef/verzuimmeldingen.csv", "leerplicht check data_lake/landing/duo/20250317T020000 --json"
    )
)
def check(
    paths: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER…", help="Mappen van leveringen, of losse bestanden als bij deliver.")],
    bron: Annotated[str | None, typer.Option(help="Naam van de bron, zoals duo; anders blijkt die uit map of naam.")] = None,
    aard: Annotated[str | None, typer.Option(help="volledig of mutatie; anders wat de bron gewoonlijk levert.")] = None,
    kennisdatum: Annotated[str | None, typer.Option(help="Wanneer de bron dit maakte, met tijdzone; anders nu.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Zeg wat een levering zou doen, zonder het te doen. Geeft 1 als zij niet zou worden aangenomen, of niet af is."""
    from orchestration.deliveries.check import check_files, check_folder
    from orchestration.deliveries.console import print_checked
    from orchestration.deliveries.documents import checked_document, refused_document
    from orchestration.deliveries.reasons import Postponed, Refusal
    from orchestration.lake import Lake

    settings = terminal.settings(new_lake=True)
    moment = _moment(kennisdatum) if kennisdatum else clock.now().astimezone()
    _require_present(paths)
    folders = [path for path in paths if Path(path).is_dir()]
    if folders and len(folders) < len(paths):
        terminal.stop("geef mappen of losse bestanden, niet allebei", Afloop.INSTELLING)
    with terminal.exit_on_error():
        if not Lake(settings.lake).exists:
            terminal.errors.print(f"er is nog geen meer in {settings.lake}; beoordeeld als de eerste levering", markup=False)
        try:
            found = [check_folder(settings, Path(folder), bron) for folder in folders] or [check_files(settings, bron, paths, aard, moment)]
        except Refusal as refusal:
            if as_json:
                terminal.say_json({"leveringen": [refused_document(refusal)]})
            terminal.stop(f"zou zijn geweigerd – {refusal.code}: {refusal.reden}")
        except Postponed as reason:
            terminal.stop(f"zou zijn uitgesteld – {reason}")
    if as_json:
        terminal.say_json({"leveringen": [checked_document(checked) for checked in found]})
    else:
        for checked in found:
            print_checked(terminal.console, checked)
    if refused := sum(checked.entry.oordeel in ("geweigerd", "ingetrokken") for checked in found):
        terminal.stop(f"{refused} van {len(found)} leveringen {'telt' if refused == 1 else 'tellen'} niet mee")


@app.command(epilog='leerplicht accept duo/20250807T020000 --because "het was toch een mutatie"')
def accept(
    levering: Levering,
    because: Annotated[str, typer.Option(help="Waarom zij toch telt; komt met uw naam in het grootboek.")],
    by: terminal.By = None,
) -> None:
    """Neem een levering aan die om wat zij mist is geweigerd (volume_gedaald, kolom_verdwenen), of die is ingetrokken, met de reden."""
    from orchestration.deliveries import decide

    settings = terminal.settings()
    bron, name = _named(levering)
    with terminal.exit_on_error(), terminal.locked(settings):
        entry = decide.accept(settings, bron, name, because, terminal.who(by))
    loaded = sum(entity.geladen for entity in entry.entiteiten)
    terminal.say(f"{entry.bron}/{entry.levering} is aanvaard: {loaded} rijen geladen; zij tellen bij de volgende run")


@app.command(epilog='leerplicht withdraw duo/20250807T020000 --because "als volledig geleverd, en het was een mutatie"')
def withdraw(
    levering: Levering,
    because: Annotated[str, typer.Option(help="Waarom zij niet telt; komt met uw naam in het grootboek.")],
    by: terminal.By = None,
) -> None:
    """Trek een geaccepteerde levering in, alsof zij nooit was geleverd; leerplicht accept draait dat terug."""
    from orchestration.deliveries import decide

    settings = terminal.settings()
    bron, name = _named(levering)
    with terminal.exit_on_error(), terminal.locked(settings):
        entry, repeats = decide.withdraw(settings, bron, name, because, terminal.who(by))
    loaded = sum(entity.geladen for entity in entry.entiteiten)
    also = "".join(f"; {bron}/{repeat.levering}, een herhaling ervan, laadt niets" for repeat in repeats)
    terminal.say(f"{bron}/{entry.levering} is ingetrokken: {loaded} rijen tellen bij de volgende run niet meer{also}")


def _named(levering: str) -> tuple[str, str]:
    """Return the bron and the name of a delivery as status writes it."""
    bron, divided, name = levering.rstrip("/").partition("/")
    if not divided or not name:
        terminal.stop("schrijf bron/levering, zoals monitor/20250801T020000", Afloop.INSTELLING)
    return bron, name
