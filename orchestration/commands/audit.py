"""The command of the audit log: show who did what, and verify that nothing was taken out of it.

Put here: that command and how it prints. Keep out: the log itself (`orchestration.audit`).
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.commands import terminal
from orchestration.screen import print_table

if TYPE_CHECKING:
    from orchestration.audit import Line
    from orchestration.lake import Lake

app = typer.Typer()

WHO = ("gebruiker", "aangemeld_als", "door")
FRAME = ("op", "wat", "uid", "machine", "aangemeld_uid", "vorige", "sha256", "ketens", *WHO)


@app.command(epilog=terminal.examples("leerplicht audit --since 2025-01-31 --wat query", "leerplicht audit --verify"))
def audit(
    since: Annotated[str | None, typer.Option(metavar="DAG", help="Alleen vanaf die dag, of dat tijdstip met tijdzone.")] = None,
    wat: Annotated[str | None, typer.Option(help="Alleen deze gebeurtenis of opdracht, zoals gewist of query.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Ga na of er geen regel is veranderd of weggehaald. Geeft 1 met de eerste die niet klopt.")
    ] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Toon wie wat deed op dit meer, en wanneer; met --verify of daar niets aan is veranderd."""
    from orchestration import audit as log
    from orchestration.lake import Lake

    moment = _begin(since) if since else None
    lake = Lake(terminal.settings().lake)
    with terminal.exit_on_error():
        if verify:
            _verify(lake)
            return
        found = [line for line in log.lines(lake) if moment is None or datetime.fromisoformat(line.content["op"]) >= moment]
    kinds = sorted({kind for line in found for kind in _kinds(line)})
    if wat and wat not in kinds:
        terminal.stop(f"geen regel van {wat!r}; er zijn: {', '.join(kinds) or 'nog geen'}")
    shown = [line for line in found if not wat or wat in _kinds(line)]
    if as_json:
        terminal.say_json({"regels": [{"keten": line.chain, "nummer": line.number, **line.content} for line in shown]})
    else:
        _print(shown, {line.content["run"] for line in found if line.content["wat"] == log.What.RUN_GEEINDIGD})


def _begin(text: str) -> datetime:
    """Return the instant of `--since`: the begin of a day in the Netherlands, or an instant with a time zone."""
    from datetime import date, time

    from orchestration.publication.manifest import TIMEZONE

    try:
        return datetime.combine(date.fromisoformat(text), time.min, TIMEZONE)
    except ValueError:
        return terminal.instant(text)


def _kinds(line: "Line") -> set[str]:
    return {str(line.content["wat"]), str(line.content.get("opdracht", line.content["wat"]))}


def _verify(lake: "Lake") -> None:
    from orchestration import audit as log
    from orchestration.publication import register

    anchors = register.audit_heads(lake)
    heads = log.verify(lake, anchors)
    if not heads:
        terminal.stop(f"er is nog geen auditlog in {lake.auditlog}")
    total = sum(head.lines for head in heads.values())
    terminal.say(f"het auditlog klopt: {total} regels in {len(heads)} ketens; {len(anchors)} releases noemen een regel die er nog staat")
    for name, head in heads.items():
        terminal.say(f"  keten {name}: {head.lines} regels, de laatste is {head.sha256}")


def _print(lines: Iterable["Line"], ended: Collection[str]) -> None:
    """Print a line per event, and mark a run that has not ended: it was killed, or is still busy."""
    from orchestration.audit import What
    from orchestration.publication.manifest import TIMEZONE

    rows = []
    for line in lines:
        content = line.content
        local = datetime.fromisoformat(content["op"]).astimezone(TIMEZONE).strftime("%d-%m-%Y %H:%M:%S")
        who = " / ".join(str(content[name]) for name in WHO if content.get(name))
        about = ", ".join(f"{name} {_value(value)}" for name, value in content.items() if name not in FRAME)
        if content["wat"] == What.RUN_BEGONNEN and content["run"] not in ended:
            about += ", heeft geen einde"
        rows.append((local, str(content["wat"]), who, about))
    print_table(terminal.console, ("op", "wat", "wie", "waarover"), rows)


def _value(value: Any) -> str:
    return str(value) if value not in ("", None) else "–"
