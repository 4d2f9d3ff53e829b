"""Dagster's own processes on the lake of the settings: its UI, its daemon, or both while developing.

Put here: replacing this process by one of Dagster's. Keep out: their units (`install.py`), and what they run (`orchestration.defs`).
"""

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from orchestration.commands import terminal

app = typer.Typer()

Port = Annotated[int, typer.Option(help="Poort op 127.0.0.1.")]
LOOPBACK = "127.0.0.1"


@app.command(epilog="leerplicht dev --port 3001")
def dev(port: Port = 3000) -> NoReturn:
    """Open Dagster's UI op 127.0.0.1 (zij heeft geen inlog: zet haar nooit open voor een netwerk)."""
    _become("dagster", "dev", "-h", LOOPBACK, "-p", str(port))


@app.command(epilog="leerplicht daemon")
def daemon() -> NoReturn:
    """Start Dagsters daemon: hij begint de nachten van het schema en van de sensor. Als dienst: leerplicht install --daemon."""
    _become("dagster-daemon", "run")


@app.command(epilog="leerplicht webserver --port 3001")
def webserver(port: Port = 3000) -> NoReturn:
    """Start alleen Dagsters UI op 127.0.0.1, naast een daemon (zij heeft geen inlog: docs/installatie.md zet er een voor)."""
    _become("dagster-webserver", "-h", LOOPBACK, "-p", str(port))


def _become(program: str, *arguments: str) -> NoReturn:
    """Replace this process by a program of Dagster, with its home and the code of this installation on this lake."""
    settings = terminal.settings(new_lake=True)
    from orchestration.defs import planning
    from orchestration.lake import Lake

    lake = Lake(settings.lake)
    with terminal.exit_on_error():
        lake.require_owner()
        planning.instance(settings).dispose()
    command = [str(Path(sys.executable).with_name(program)), *arguments, "-w", str(planning.WORKSPACE_YAML)]
    own = {"DAGSTER_HOME": str(lake.dagster_home), "LEERPLICHT_LAKE": str(settings.lake), "LEERPLICHT_KEY_FILE": str(settings.key_file)}
    os.execve(command[0], command, {**os.environ, **own})  # noqa: S606
