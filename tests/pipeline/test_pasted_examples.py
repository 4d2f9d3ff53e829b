"""Every example in the README and in the help of a command works as it is pasted: with docs/proef, on the example, from top to bottom.

The examples are collected, not listed: a command that is added comes along. They share one lake. dbt builds the warehouse once for each set
of deliveries; later nights get a copy of that (`prebuilt.py`), as what they do is the subject of other tests.
"""

import http.server
import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import command_line
import pytest
import typer
from conftest import Place, copy_of
from prebuilt import HONEST, First

from orchestration.cli import app
from orchestration.lake import Lake
from orchestration.settings import PROJECT, Settings
from orchestration.warehouse import build

README = PROJECT / "README.md"
BLOCK_LINE = re.compile(r"^    (?=\S)(.+)$", re.MULTILINE)
NOT_RUN = {
    "uv tool install ": "needs a network; test_wheel.py installs the wheel",
    "make ": "runs for minutes, or runs this test again; its recipe is only looked up",
    "leerplicht docs --write": "makes a page of the checkout again; test_analysts.py compares it with what that would write",
    "leerplicht dev ": "serves until it is stopped; test_ticking_schedule.py starts Dagster's services",
    "leerplicht code-server": "as dev",
    "leerplicht daemon": "as dev",
    "leerplicht webserver ": "as dev",
}
# what else than 0 is no failure, as the help of the command says
ENDINGS = {"run": {10: "nothing new"}, "publish": {10: "nothing new"}, "healthcheck": {1: "the deliveries of the example are old"}}
SERVES = "http://127.0.0.1"


def of_readme() -> list[str]:
    """Return the lines of the README's blocks, without their comments."""
    lines = [re.sub(r"\s+# .*$", "", line) for line in BLOCK_LINE.findall(README.read_text(encoding="utf-8"))]
    return [line for line in lines if line.split()[0] in ("uv", "make", "leerplicht", ".") or "=" in line.split()[0]]


def of_help() -> list[str]:
    """Return the examples of all commands, in the order of `leerplicht --help`."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return [line for command in commands.values() for line in (command.epilog or "").splitlines()]


def reason(line: str) -> str:
    """Return why a line is not run; empty if it is."""
    return next((why for start, why in NOT_RUN.items() if f"{line} ".startswith(start)), "")


LINES = list(dict.fromkeys((*of_readme(), *of_help())))


@dataclass(frozen=True)
class Once(First):
    """A build for each number of deliveries; later ones are copies of it."""

    def build(self, settings: Settings, path: Path) -> list[build.Result]:
        deliveries = len(list(Lake.of(settings).ledger.glob("*/[!.]*.json")))
        return First(self.folder / str(deliveries)).build(settings, path)


@dataclass(frozen=True)
class Ended:
    """How a line ended."""

    code: int
    told: str


class Channel(http.server.BaseHTTPRequestHandler):
    """Takes what is sent over a channel for alarms."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def channel() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Channel) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def pasted(night, tmp_path_factory: pytest.TempPathFactory, channel: str) -> Mapping[str, Ended]:
    """How each line ended, given one after another in a folder like a checkout after `make run`."""
    here = tmp_path_factory.mktemp("geplakt")
    for path in PROJECT.iterdir():
        if path.name != "data_lake":
            (here / path.name).symlink_to(path)
    place = copy_of(night, here)
    place.root.rename(here / "data_lake")
    place = Place(here / "data_lake", place.key_file)
    environment = {**place.environment, "HOME": str(here / "thuis"), "LEERPLICHT_OPENBAAR": "jaarlijks", "LEERPLICHT_ALARM_URLS": channel}
    environment["PATH"] = f"{command_line.INSTALLED.parent}:{os.environ['PATH']}"
    once = Once(here / "gebouwd")
    ended: dict[str, Ended] = {}
    for number, line in enumerate(LINES):
        if not reason(line):
            ended[line] = paste(line, environment, here, here / f"uitvoer-{number}", once)
    return ended


def paste(line: str, environment: Mapping[str, str], folder: Path, output: Path, once: Once) -> Ended:
    """Give a line: commands in a forked process, one after another, and what only a shell can do in a shell."""
    first, _, rest = line.partition(" && ")
    if rest:
        done = paste(first, environment, folder, output, once)
        return done if done.code else paste(rest, environment, folder, output, once)
    words = shlex.split(line)
    if words[0] != "leerplicht" or {"<", ">", "|"} & set(words):
        run = subprocess.run(["bash", "-c", line], env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
        return Ended(run.returncode, run.stdout + run.stderr)
    running = command_line.start_forked(words[1:], environment, output, partial(prepare, folder, once))
    if running.wait(lambda: SERVES in running.told(), 300) is None:
        os.kill(running.pid, signal.SIGINT)
    return Ended(running.wait() or 0, running.told())


def prepare(folder: Path, once: Once) -> None:
    """In the process of a command: in its folder, with standard input at its end."""
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    once.install()


@pytest.mark.parametrize("line", LINES)
def test_an_example_works_as_it_is_pasted(pasted: Mapping[str, Ended], line: str):
    if why := reason(line):
        pytest.skip(why)
    ended = pasted[line]
    command = line.split("leerplicht ")[-1].split()[0]
    assert ended.code in {0, *ENDINGS.get(command, {})}, ended.told
    assert "Traceback" not in ended.told


def test_every_command_and_the_readme_have_examples():
    assert HONEST is build.build, "the copies of a build are for the forked processes only"
    given = {line.split("leerplicht ")[1].split()[0] for line in of_help()}
    assert given == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert len(of_readme()) > 35
    assert sum(not reason(line) for line in LINES) > 60


def test_the_make_targets_of_the_readme_exist():
    targets = re.findall(r"`?make ([a-z]+)", README.read_text(encoding="utf-8"))
    assert {"run", "test", "docs"} <= set(targets)
    made = subprocess.run(["make", "--dry-run", *dict.fromkeys(targets)], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
