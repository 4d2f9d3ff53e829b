"""Commands of the morning: how the lake is, whether that is good, and whether alarms reach somebody.

Put here: those commands. Keep out: what is wrong, and who is told (`orchestration.watch`).
"""

from typing import Annotated, Any

import typer

from orchestration.commands import terminal
from orchestration.outcome import Afloop

app = typer.Typer()


@app.command(epilog=terminal.examples("leerplicht status", "leerplicht status --bron duo", "leerplicht status --alles"))
def status(
    bron: Annotated[str | None, typer.Option(help="De leveringen van deze bron, zoals duo.")] = None,
    everything: Annotated[bool, typer.Option("--alles", help="Alle leveringen, ook oudere aanvaarde en herhaalde.")] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Toon op één scherm hoe het staat: gepubliceerd of waarom niet, wat kwam, wat ontbreekt, wat veranderde; of alle leveringen."""
    from expectations.contract import BRONNEN
    from orchestration import watch
    from orchestration.deliveries.console import print_status as print_deliveries
    from orchestration.deliveries.documents import status_document
    from orchestration.lake import Lake
    from orchestration.watch.console import print_status

    if bron is not None and bron not in BRONNEN:
        terminal.stop(f"onbekende bron {bron!r}; kies uit {', '.join(BRONNEN)}", Afloop.INSTELLING)
    with terminal.exit_on_error():
        settings = terminal.settings()
        lake = Lake(settings.lake)
        terminal.put_altered_releases_aside(lake)
        if as_json:
            terminal.say_json({"stand": watch.status(lake, settings), **status_document(lake, bron)})
        elif bron or everything:
            print_deliveries(terminal.console, lake, bron, 0 if everything else 10)
        else:
            print_status(terminal.console, watch.status(lake, settings))


@app.command(epilog=terminal.examples("leerplicht healthcheck", "leerplicht healthcheck --json"))
def healthcheck(as_json: terminal.AsJson = False) -> None:
    """Zeg of alles in orde is, en verstuur de alarmen die geen run kan versturen. Geeft 0 als alles in orde is, anders 1."""
    from orchestration import watch
    from orchestration.lake import Lake
    from orchestration.watch import words

    settings = terminal.settings(new_lake=True)
    shown, warnings = watch.healthcheck(Lake(settings.lake), settings)
    terminal.warn(warnings)
    if as_json:
        terminal.say_json(shown)
    else:
        _say_health(shown)
    if not shown["in_orde"]:
        wrong = sum(not cause["voorbij"] for cause in shown["oorzaken"])
        terminal.stop(f"niet in orde: {words.number(wrong, 'oorzaak vraagt', 'oorzaken vragen')} aandacht")


def _say_health(shown: dict[str, Any]) -> None:
    from orchestration.watch import lines

    terminal.say(lines.headline(shown))
    for cause in shown["oorzaken"]:
        terminal.say(f"- {cause['zin']}{'' if cause['voorbij'] else ' Wat te doen: ' + cause['doen'] + '.'}")
    if shown["in_orde"]:
        terminal.say("alles is in orde")


@app.command(epilog=terminal.examples("leerplicht alarm", "leerplicht alarm --test"))
def alarm(
    test: Annotated[bool, typer.Option("--test", help="Verstuur een proefbericht over elk kanaal, en zeg of het aankwam.")] = False,
) -> None:
    """Toon welke alarmen staan. Met --test: probeer elk kanaal van LEERPLICHT_ALARM_URLS; geeft 1 als er een niet werkt."""
    from orchestration.lake import Lake
    from orchestration.watch import alarms, channels, words

    settings = terminal.settings(new_lake=True)
    there = channels.of(settings)
    if not there:
        terminal.stop("er is geen kanaal voor alarmen; geef er een met LEERPLICHT_ALARM_URLS")
    if test:
        found = channels.try_out(there, settings.gemeenten)
        for channel, sent in found.items():
            terminal.say(f"{channel.naam}: {sent.reason or 'het proefbericht is verstuurd'}")
        if failed := sum(bool(sent.reason) for sent in found.values()):
            terminal.stop(f"{failed} van {len(found)} kanalen voor alarmen werken niet")
        return
    for known in alarms.remembered(Lake(settings.lake)).oorzaken.values():
        told = [channel.naam for channel in there if channel.key in known.gemeld]
        state = f"opgelost op {words.at(known.opgelost)}" if known.opgelost else f"sinds {words.at(known.sinds)}"
        terminal.say(f"{state}: {known.zin} Verstuurd over: {', '.join(told) or 'nog geen kanaal'}.")
