"""Dagster's services as their units start them: one process has the code, and daemon and UI get it there."""

import json
import os
import signal
import stat
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import command_line
import pytest
from command_line import Running
from conftest import Place
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.commands import services
from orchestration.outcome import Afloop

PORT = 3978
ASKED = """{ workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { ... on RepositoryLocation {
    repositories { schedules { name scheduleState { status } } } } } } } } }"""


@contextmanager
def service(place: Place, folder: Path, *arguments: str) -> Iterator[Running]:
    running = command_line.start_installed(arguments, place.environment | {"LEERPLICHT_PLANNING": "dagster"}, folder / arguments[0])
    try:
        yield running
    finally:
        if running.code() is None:  # it may have ended by itself
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def schedules() -> str:
    """Return what the UI says of its code location, without spaces; empty while it does not answer."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/graphql", json.dumps({"query": ASKED}).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode().replace(" ", "")
    except URLError:
        return ""


def test_the_ui_gets_the_code_of_the_code_server_and_loads_none(elsewhere: Place, tmp_path: Path):
    elsewhere.lake.landing.mkdir(parents=True)
    with service(elsewhere, tmp_path, "webserver", "--code-server", "--port", str(PORT)) as ui:  # it waits for the code
        with service(elsewhere, tmp_path, "code-server") as code:
            assert ui.wait(lambda: bool(schedules())) is None, (ui.told(), code.told())
            assert '"name":"elke_nacht","scheduleState":{"status":"RUNNING"}' in schedules(), (ui.told(), code.told())
        children = Path(f"/proc/{ui.pid}/task/{ui.pid}/children").read_text().split()
        assert not children, "it has no process of its own with the code"
    assert stat.S_ISSOCK(elsewhere.lake.code_server.stat().st_mode)
    assert stat.S_IMODE(elsewhere.lake.dagster_home.stat().st_mode) == 0o700, "who reaches the socket starts runs as its owner"


@pytest.mark.parametrize(
    ("command", "lake", "says"),
    [
        ("daemon", "meer", "draait leerplicht code-server voor dit meer?"),
        ("daemon", "m" * 100, "is te lang voor een socket"),
        ("code-server", "m" * 100, "is te lang voor een socket"),
    ],
)
def test_what_cannot_reach_the_code_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, lake: str, says: str):
    monkeypatch.setenv("LEERPLICHT_LAKE", str(tmp_path / lake))
    monkeypatch.setattr(services, "PATIENCE", 0.1)
    ended = CliRunner().invoke(app, [command, "--code-server"] if command == "daemon" else [command])
    assert ended.exit_code == Afloop.INSTELLING.code
    assert says in ended.stderr.replace("\n", " ")
