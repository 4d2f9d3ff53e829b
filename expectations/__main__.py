"""Command line of the gates: `python -m expectations` lists their rules, and runs a gate on a lake without changing it.

Put here: commands, and formatting a verdict. Keep out: evaluating a rule (`gate.py`).
"""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from expectations import suites
from expectations.verdict import CRITICAL, Finding, GateError

USAGE = 2

app = typer.Typer(
    name="python -m expectations",
    help="De poorten: welke regels zij hebben, en wat zij vinden van wat er nu ligt. Verandert niets.",
    epilog="Voorbeelden:\n\npython -m expectations list\n\npython -m expectations run warehouse",
    no_args_is_help=True,
    add_completion=False,
)


@app.command("list", epilog="Voorbeelden:\n\npython -m expectations list\n\npython -m expectations list warehouse")
def show(poort: Annotated[str, typer.Argument(help=f"{', '.join(suites.POORTEN)}; zonder: alle.")] = "") -> None:
    """Toon de regels van een poort, of van alle: van welke tabel en kolom, wat er moet gelden, hoe erg het is, en wat het nagaat."""
    try:
        listed = {name: suites.rules(name) for name in ([poort] if poort else suites.POORTEN)}
    except GateError as problem:
        _stop(str(problem))
    for name, rules in listed.items():
        typer.echo(f"{name}: {suites.POORTEN[name]} {len(rules)} regels.")
        for rule in rules:
            typer.echo(f"  {rule.plek}: {rule.verwachting} ({'stopt' if rule.ernst == CRITICAL else 'waarschuwt'}; {rule.motor})")


@app.command(epilog="Voorbeelden:\n\npython -m expectations run bronnen\n\npython -m expectations run publicatie --lake data_lake")
def run(
    poort: Annotated[str, typer.Argument(help=f"{', '.join(suites.POORTEN)}.")],
    lake: Annotated[Path | None, typer.Option(help="De map van het meer; anders die van LEERPLICHT_LAKE.", show_default=False)] = None,
) -> None:
    """Beoordeel wat er nu ligt, wat rood is eerst. Geeft 0 als de poort groen is, 1 als zij rood is, 2 als er niets te beoordelen is."""
    import duckdb
    from pydantic import ValidationError

    from expectations import gate
    from orchestration.settings import Settings, fault

    try:
        settings = Settings() if lake is None else Settings(lake=lake)
        tables, judged = suites.standing(poort, settings)
        verdict = gate.judge(poort, tables, judged)
        found = [*verdict.findings, *(gate.on_files(poort, judged) if suites.file_rules(poort) else ())]
    except ValidationError as problem:
        _stop(fault(problem))
    except FileNotFoundError as problem:
        _stop(f"er ligt nog niets voor de poort {poort}: {problem.filename} is er niet; draai eerst leerplicht run")
    except duckdb.Error as problem:
        _stop(f"de poort {poort} kan niet lezen wat er ligt: {str(problem).partition(chr(10))[0]}")
    except GateError as problem:
        _stop(str(problem))
    red = [finding for finding in found if finding.is_red]
    typer.echo(f"{poort}: {'rood' if red else 'groen'}; {len(found)} regels op {judged}")
    for finding in sorted(found, key=lambda one: (not one.is_red, one.geslaagd)):
        typer.echo(f"  {_as_line(finding)}")
    raise typer.Exit(1 if red else 0)


def _as_line(finding: Finding) -> str:
    if finding.geslaagd:
        return f"klopt   {finding.plek}: {finding.verwachting} ({finding.gezien} bekeken)"
    return f"{'rood' if finding.is_red else 'let op':<7} {finding.sentence}"


def _stop(reason: str) -> NoReturn:
    typer.echo(f"✗ {reason}", err=True)
    raise typer.Exit(USAGE)


if __name__ == "__main__":
    app()
