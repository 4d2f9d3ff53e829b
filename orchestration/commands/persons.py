"""Commands about persons: what is held of one, erasing one, purging what is past its period, holding, and renewing the key.

Put here: those commands. Keep out: the work (`orchestration.persons`). The number of a person comes from a file or a hidden prompt, never
from an argument, which the list of processes and the history of a shell would show.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands import terminal
from orchestration.outcome import Afloop

if TYPE_CHECKING:
    from orchestration.persons.identity import Numbers
    from orchestration.settings import Settings

app = typer.Typer()

BsnFile = Annotated[
    Path | None,
    typer.Option(
        "--bsn-file", metavar="BESTAND", help="Bestand met het BSN of onderwijsnummer; zonder vraagt de opdracht het, onzichtbaar."
    ),
]
Because = Annotated[str, typer.Option(help="Waarom; komt met uw naam op schrift. Noem de persoon niet.")]


def _numbers(file: Path | None) -> "Numbers":
    from orchestration.persons import identity

    with terminal.exit_on_error(UnicodeDecodeError):
        text = file.read_text(encoding="utf-8-sig") if file else typer.prompt("BSN of onderwijsnummer", hide_input=True, err=True)
        return identity.parse_numbers(text)


@app.command(epilog="leerplicht disclose --bsn-file docs/proef/nummer.txt --out inzage.md")
def disclose(
    out: Annotated[Path, typer.Option(metavar="BESTAND", help="Waar het overzicht komt; alleen u kunt het lezen.")],
    bsn_file: BsnFile = None,
    by: terminal.By = None,
) -> None:
    """Schrijf op wat van één persoon wordt bewaard: elke rij in meer, quarantaine, magazijn en landing, waarvandaan en sinds wanneer."""
    from orchestration.persons import disclose as disclosing

    settings = terminal.settings()
    numbers = _numbers(bsn_file)
    with terminal.exit_on_error():
        found = disclosing.disclose(settings, numbers, out, terminal.who(by))
    counted = f"{sum(map(len, found.rows.values()))} rijen, {len(found.rejected)} afgewezen, {len(found.originals)} originelen"
    terminal.say(f"{out}: {'van deze persoon wordt niets bewaard' if found.nothing else counted}")


@app.command(epilog='leerplicht erase --bsn-file docs/proef/nummer.txt --because "verzoek van 3 maart, zaak 2025-17"')
@terminal.ending_at_once()
def erase(because: Because, bsn_file: BsnFile = None, by: terminal.By = None) -> None:
    """Wis één persoon, overal, en maak magazijn en cijfers opnieuw. Dat is niet terug te draaien; disclose toont eerst wat er is."""
    from orchestration.persons import erase as erasing
    from orchestration.persons import hold as holding

    settings = terminal.settings()
    numbers = _numbers(bsn_file)
    with terminal.exit_on_error(), terminal.locked(settings):
        found = erasing.erase(settings, numbers, holding.decide(because, terminal.who(by)))
    if found.nothing:
        terminal.say("van deze persoon wordt niets bewaard; er is niets veranderd")
        return
    rows = ", ".join(f"{place} {count}" for place, count in found.rows.items())
    terminal.say(f"gewist uit {found.deliveries} leveringen: {rows or 'geen rijen'}; afgewezen rijen: {found.rejected}")
    if found.originals:
        terminal.say(f"uit landing verwijderd, want zij noemen de persoon: {', '.join(found.originals)}")
    if found.refused:
        terminal.say(f"let op: niet meer te aanvaarden, vraag de bron om een nieuwe levering: {', '.join(found.refused)}")
    terminal.say(f"nieuwe leveringen brengen de persoon tot en met {found.until} niet terug")
    _rebuild(settings)
    terminal.say("reservekopieën van vandaag en eerder bevatten de persoon nog; vervang ze (docs/persoonsgegevens.md)")


@app.command(epilog=terminal.examples("leerplicht purge", 'leerplicht purge --yes --because "jaarlijkse opschoning"'))
@terminal.ending_at_once()
def purge(
    yes: Annotated[bool, typer.Option("--yes", help="Verwijder het; zonder toont de opdracht wat er weg zou gaan.")] = False,
    because: Because = "de bewaartermijn is om",
    by: terminal.By = None,
) -> None:
    """Toon wat voorbij zijn bewaartermijn is, per soort met aantallen; met --yes verwijdert het dat."""
    from orchestration.persons import console
    from orchestration.persons import hold as holding
    from orchestration.persons import purge as purging

    settings = terminal.settings()
    with terminal.exit_on_error(), terminal.locked(settings):
        found = purging.purge(settings, holding.decide(because, terminal.who(by)) if yes else None)
    console.print_purge(terminal.console, found)
    if yes and found.rows:
        _rebuild(settings)
    elif not yes and not found.nothing:
        terminal.say("er is niets veranderd; leerplicht purge --yes verwijdert dit")


@app.command(
    epilog=terminal.examples(
        "leerplicht hold",
        'leerplicht hold duo/20250807T020000 --because "beroep, zaak 2025-17"',
        'leerplicht hold duo/20250807T020000 --release --because "het beroep is ingetrokken"',
    )
)
def hold(
    levering: Annotated[
        str | None, typer.Argument(metavar="BRON/LEVERING", help="Zoals status haar noemt; zonder: toon wat geldt.")
    ] = None,
    bsn_file: BsnFile = None,
    because: Because = "",
    release: Annotated[bool, typer.Option("--release", help="Hef de bewaarplicht op.")] = False,
    by: terminal.By = None,
) -> None:
    """Leg een bewaarplicht op een levering of een persoon: zolang zij geldt wordt er niets van gewist of opgeschoond."""
    from orchestration.lake import Lake
    from orchestration.persons import hold as holding

    settings = terminal.settings()
    if levering is None and bsn_file is None:
        with terminal.exit_on_error():
            known = holding.read(Lake(settings.lake))
        for one in known:
            terminal.say(one.sentence)
        if not known:
            terminal.say("er geldt geen bewaarplicht")
        return
    if levering is not None and bsn_file is not None:
        terminal.stop("geef een levering of een persoon, niet allebei", Afloop.INSTELLING)
    numbers = _numbers(bsn_file) if bsn_file else None
    with terminal.exit_on_error(), terminal.locked(settings):
        made = holding.hold(settings, levering, numbers, holding.decide(because, terminal.who(by)), release=release)
    terminal.say(made.sentence)


@app.command("rotate-key", epilog='leerplicht rotate-key --because "de beheerder is uit dienst"')
@terminal.ending_at_once()
def rotate_key(because: Because, by: terminal.By = None) -> None:
    """Vernieuw de sleutel: elk pseudoniem wordt een ander, en het magazijn wordt opnieuw gemaakt. De aantallen blijven gelijk."""
    from orchestration.persons import hold as holding
    from orchestration.persons import rotate

    settings = terminal.settings()
    with terminal.exit_on_error(), terminal.locked(settings):
        found = rotate.rotate(settings, holding.decide(because, terminal.who(by)))
    terminal.say(f"de sleutel is vernieuwd: {found.rows} rijen en {found.rejected} afgewezen rijen van {found.deliveries} leveringen")
    _rebuild(settings)
    terminal.say(f"maak nu een reservekopie: een eerdere kopie van {settings.key_file} past niet meer bij dit meer")


def _rebuild(settings: "Settings") -> None:
    """Run a night, so that the warehouse that analysts have open is made of what the lake holds now; exit if it is not replaced."""
    from orchestration.lake import Lake

    lake = Lake(settings.lake)
    if not lake.warehouse_current.exists():
        return
    terminal.errors.print("[dim]Dagster en dbt laden …[/]")
    from orchestration import night

    warehouse, release = lake.warehouse_current.resolve(), (lake.published("intern") / "current").resolve()
    ended = night.run(settings.model_copy(update={"known_at": None}), terminal.progress)
    terminal.warn(ended.let_op)
    if lake.warehouse_current.resolve() == warehouse:
        terminal.stop(
            f"het meer is klaar, maar het magazijn dat analisten openen is nog van ervoor: {ended.reden};"
            " herstel dat en draai leerplicht run, dat vervangt het",
            ended.afloop,
        )
    terminal.say("het magazijn is opnieuw gemaakt, en de nachten van ervoor zijn weg")
    terminal.require_published(ended)
    terminal.say(_compared(settings, release))


def _compared(settings: "Settings", earlier: Path) -> str:
    """Record how many figures changed, not which: that would describe who is gone. Definitive releases stand."""
    from orchestration import change, clock
    from orchestration.lake import Lake
    from orchestration.publication import diff, register

    lake = Lake(settings.lake)
    later = (lake.published("intern") / "current").resolve()
    count = len(diff.compare(earlier, later).changes) if earlier.is_dir() else 0
    final = [f"{zone}/{one.name}" for zone in register.ZONES for one in register.releases(lake, zone) if one.approved]
    with terminal.locked(settings), change.changing(lake) as made:
        line = {"wat": "cijfers_vergeleken", "van": earlier.name, "naar": later.name, "verschillen": count, "definitief": final}
        made.note(op=clock.now().isoformat(timespec="seconds"), **line)
    stands = f"; {len(final)} definitieve releases blijven wat zij zijn" if final else ""
    return f"{count} cijfers van {later.name} zijn anders dan in {earlier.name}{stands}"
