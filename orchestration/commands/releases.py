"""Commands for releases: publish on request, approve one as definitief, compare two, rebuild one.

Put here: those commands. Keep out: the work (`orchestration.publication`, `orchestration.rebuild`).
"""

import sys
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands import terminal
from orchestration.outcome import Afloop

app = typer.Typer()


class ZoneName(StrEnum):
    """The audience of a release."""

    INTERN = "intern"
    OPENBAAR = "openbaar"


Zone = Annotated[ZoneName, typer.Option("--zone", help="intern: voor medewerkers, met kleine aantallen. openbaar: voor iedereen.")]
Name = Annotated[str, typer.Argument(metavar="RELEASE", help="Naam, het begin ervan, of `current`.")]


def _end_of_day(text: str) -> datetime:
    """Return the instant for `--as-of`: the end of a day in the Netherlands, so that the whole day counts."""
    from orchestration.publication.manifest import TIMEZONE

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        terminal.stop(f"{text!r} is geen dag; schrijf 2025-01-31, of een tijdstip met tijdzone", Afloop.INSTELLING)
    is_day = moment.tzinfo is None and moment.time() == time.min and len(text) <= len("2025-01-31")
    return datetime.combine(moment, time.max, TIMEZONE).replace(microsecond=0) if is_day else terminal.instant(text)


@app.command(epilog=terminal.examples("leerplicht publish --zone openbaar", "leerplicht publish --as-of 2025-01-31"))
@terminal.ending_at_once()
def publish(
    zone: Zone = ZoneName.INTERN,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DAG", help="Maak wat er zou zijn gepubliceerd met de leveringen tot en met die dag, naast wat lezers zien."
        ),
    ] = None,
) -> None:
    """Publiceer nu wat in het magazijn staat; met --zone openbaar ook die, zonder op de kalender te wachten. Geeft 10 bij niets nieuws."""
    settings = terminal.settings()
    if as_of is not None:
        settings = settings.model_copy(update={"known_at": _end_of_day(as_of)})
    terminal.errors.print("[dim]Dagster en dbt laden …[/]")
    from orchestration import night
    from orchestration.lake import Lake
    from orchestration.watch import ended

    openbaar = zone is ZoneName.OPENBAAR
    act = night.publish if settings.known_at is None else night.run
    run = act(settings, terminal.progress, openbaar=openbaar)
    terminal.warn(run.let_op)
    terminal.require_published(run)
    lake = Lake.of(settings)
    terminal.say(f"{zone}: {(lake.published(zone) / 'current').resolve()}")
    terminal.say(ended.verdict(lake, run))
    terminal.exit_if_nothing_new(run)


@app.command(epilog='leerplicht approve current --by "J. Jansen" --because "vastgesteld door het college"')
def approve(
    name: Name,
    by: Annotated[str, typer.Option(help="Wie dit besluit; komt in het register.")],
    because: Annotated[str, typer.Option(help="Waarom; komt in het register.")] = "",
    zone: Annotated[ZoneName | None, typer.Option("--zone", help="Alleen in deze zone; anders in beide.")] = None,
) -> None:
    """Maak een release definitief, in intern en openbaar tegelijk, ook op factsheet en portaal. Dat is niet terug te draaien.

    Bij elkaar horen de release van openbaar en die van intern waarvan zij is gemaakt. Aan hun bestanden verandert niets.
    """
    from orchestration.publication import altered, approval

    settings = terminal.settings()
    with terminal.exit_on_error(), terminal.locked(settings) as lake:
        try:
            approved, was_decided = approval.approve(lake, zone, name, door=by, omdat=because), None
        except approval.DecidedError as decided:
            approved, was_decided = [], decided
        terminal.progress("weergaven", None)
        renewed = altered.renew_renderings(lake, settings)
        for told in renewed:
            terminal.say(told)
        if was_decided and not renewed:  # else a kill had cut it off before these
            raise was_decided
        if behind := altered.behind(lake):
            terminal.stop(f"het besluit staat, maar factsheet en portaal van {behind} zeggen het nog niet; leerplicht run maakt ze opnieuw")
    done = " en ".join(f"{one.name} in {one.zone}" for one in approved) or "wat dat al was"
    terminal.say(f"nu definitief: {done}; het staat in status.json en in het register")


@app.command(epilog=terminal.examples("leerplicht diff 20250805 current", "leerplicht diff 20250805 current --csv > verschillen.csv"))
def diff(
    earlier: Annotated[str, typer.Argument(metavar="A", help="De ene release: naam, het begin ervan, of `current`.")],
    later: Annotated[str, typer.Argument(metavar="B", help="De andere.")] = "current",
    zone: Zone = ZoneName.INTERN,
    as_csv: Annotated[bool, typer.Option("--csv", help="Geef alle verschillen als CSV.")] = False,
) -> None:
    """Zeg welke cijfers anders zijn, van wat naar wat, en door welke leveringen."""
    from orchestration.lake import Lake
    from orchestration.publication import console_diff, register
    from orchestration.publication import diff as comparing

    lake = Lake.of(terminal.settings())
    with terminal.exit_on_error():
        first, second = register.find(lake, zone, earlier), register.find(lake, zone, later)
    found = comparing.compare(first.folder, second.folder)
    if as_csv:
        console_diff.write_csv(sys.stdout, found)
    else:
        console_diff.print_difference(terminal.console, first, second, found)


@app.command(epilog=terminal.examples("leerplicht verify current", "leerplicht verify current --zone openbaar"))
@terminal.ending_at_once()
def verify(name: Name, zone: Zone = ZoneName.INTERN) -> None:
    """Maak een release opnieuw uit het meer en vergelijk elke byte. Geeft 0 als alles gelijk is, anders 1 met welke bestanden niet."""
    settings = terminal.settings()
    from orchestration.lake import Lake

    with terminal.exit_on_error():
        terminal.put_altered_releases_aside(Lake.of(settings))
    terminal.errors.print("[dim]Dagster en dbt laden …[/]")
    from orchestration import rebuild

    with terminal.exit_on_error():
        found = rebuild.rebuild(settings, zone, name, terminal.progress)
    terminal.say(f"{found.release.name} in {zone}: niet veranderd sinds zij is gepubliceerd ({len(found.compared)} bestanden)")
    if found.code_then != found.code_now:
        then, now = (f"{code['versie']} ({code.get('sha256', 'onbekend')[:12]})" for code in (found.code_then, found.code_now))
        terminal.say(f"let op: zij is gemaakt met code {then}, en nu opnieuw met {now}; verschillen kunnen daardoor komen")
    if found.differing:
        with terminal.exit_on_error():
            since = _changed_since(found.release.folder)
        if since:
            terminal.say(f"let op: sindsdien zijn {since} keer personen gewist of opgeschoond; haar cijfers tellen hen nog mee")
        terminal.stop(f"opnieuw gemaakt wordt zij anders: {', '.join(found.differing)}")
    terminal.say("opnieuw gemaakt uit het meer: elke byte is gelijk")


def _changed_since(folder: Path) -> int:
    """Return how often persons were removed from the lake since a release was made."""
    from orchestration import change
    from orchestration.lake import Lake
    from orchestration.publication import manifest

    made = datetime.fromisoformat(manifest.read(folder)["gemaakt"])
    lines = change.record(Lake(terminal.settings().lake))
    return sum(line["wat"] in ("gewist", "verlopen") and datetime.fromisoformat(line["op"]) >= made for line in lines)
