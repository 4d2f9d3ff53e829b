"""Dagster's own processes on the lake of the settings: its UI, its daemon, their code, or all of it while developing.

A daemon loads the code again every minute, and a webserver has a copy of its own, unless both get it from a code server.

Put here: replacing this process by one of Dagster's. Keep out: their units (`install.py`), and what they run (`orchestration.defs`).
"""

import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from orchestration.commands import terminal
from orchestration.outcome import Afloop

if TYPE_CHECKING:
    from orchestration.lake import Lake

app = typer.Typer()

Port = Annotated[int, typer.Option(help="Poort op 127.0.0.1.")]
Shared = Annotated[bool, typer.Option("--code-server", help="Gebruik de code die leerplicht code-server heeft geladen.")]
LOOPBACK = "127.0.0.1"
LONGEST_SOCKET = 100  # bytes; the system takes 107
PATIENCE = 120  # seconds; loading the code takes some five


@app.command(epilog="leerplicht dev --port 3001")
def dev(port: Port = 3000) -> NoReturn:
    """Open Dagster's UI op 127.0.0.1 (zij heeft geen inlog: zet haar nooit open voor een netwerk)."""
    _become("dagster", "dev", "-h", LOOPBACK, "-p", str(port))


@app.command("code-server", epilog="leerplicht code-server")
def code_server() -> NoReturn:
    """Laad de code één keer, voor een daemon en een webserver met --code-server. Als dienst: leerplicht install --daemon."""
    _become("dagster", "api", "grpc", "-m", "orchestration.definitions", serves=True)


@app.command(epilog=terminal.examples("leerplicht daemon", "leerplicht daemon --code-server"))
def daemon(shared: Shared = False) -> NoReturn:
    """Start Dagsters daemon: hij begint de nachten van het schema en van de sensor. Als dienst: leerplicht install --daemon."""
    _become("dagster-daemon", "run", shared=shared)


@app.command(epilog=terminal.examples("leerplicht webserver --port 3001", "leerplicht webserver --code-server"))
def webserver(port: Port = 3000, shared: Shared = False) -> NoReturn:
    """Start alleen Dagsters UI op 127.0.0.1, naast een daemon (zij heeft geen inlog: docs/installatie.md zet er een voor)."""
    _become("dagster-webserver", "-h", LOOPBACK, "-p", str(port), shared=shared)


def _become(program: str, *arguments: str, serves: bool = False, shared: bool = False) -> NoReturn:
    """Replace this process by a program of Dagster, with its home and the code of this installation on this lake.

    Args:
        program: The program, in the environment of this one.
        arguments: What it gets.
        serves: Whether it is the code server.
        shared: Whether it gets the code from that.
    """
    settings = terminal.settings(new_lake=True)
    from orchestration.defs import planning
    from orchestration.lake import Lake

    lake = Lake(settings.lake)
    with terminal.exit_on_error():
        lake.require_owner()
        planning.instance(settings).dispose()
    if serves:
        where = ["--location-name", planning.CODE_LOCATION, "--socket", _socket(lake)]
    else:
        where = ["-w", str(planning.SHARED_WORKSPACE_YAML if shared else planning.WORKSPACE_YAML)]
    if shared:
        _wait_for_code(lake)
    command = [str(Path(sys.executable).with_name(program)), *arguments, *where]
    own = {"DAGSTER_HOME": lake.dagster_home, "LEERPLICHT_LAKE": settings.lake, "LEERPLICHT_KEY_FILE": settings.key_file}
    named = {name: str(path) for name, path in (own | {"CODE_SERVER_SOCKET": lake.code_server}).items()}
    os.execve(command[0], command, {**os.environ, **named})  # noqa: S606


def _socket(lake: "Lake") -> str:
    if len(os.fsencode(lake.code_server)) > LONGEST_SOCKET:
        terminal.stop(f"{lake.code_server} is te lang voor een socket; start daemon en webserver zonder --code-server", Afloop.INSTELLING)
    return str(lake.code_server)


def _wait_for_code(lake: "Lake") -> None:
    """Return when the code server answers: a UI that begins before it stays empty until somebody reloads the code there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(_socket(lake))
            except OSError:
                time.sleep(0.5)
            else:
                return
    terminal.stop(f"er luistert niets op {lake.code_server}: draait leerplicht code-server voor dit meer?", Afloop.INSTELLING)
