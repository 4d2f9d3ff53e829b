"""Runs the command line, each call in its own process: forked from a process with the heavy imports, or the installed script itself.

Importing Dagster, dbt and Great Expectations takes eight seconds a call, and the tests make dozens of calls. A forked process has its own
memory, environment, output and exit code, but skips the startup. So a night of the tests runs the installed script, and all other calls
are forked.

Put here: running the command line in a separate process. Keep out: the choice of lake (`conftest.Place`).
"""

import importlib
import json
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from unittest import mock

INSTALLED = Path(sys.executable).with_name("leerplicht")
HERE = Path(__file__).parent
SECONDS = 300
IMPORTED = "imported"
CODE = "code"
OPEN = 0o000  # the umask of every command: what is private is so because the pipeline made it so


def started(command: Sequence[str | Path], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the installed script, as a user or a timer does."""
    return subprocess.run(command, env=environment, umask=OPEN, capture_output=True, text=True, check=False, timeout=SECONDS)


def forked(
    arguments: Sequence[str], environment: Mapping[str, str], program: Path = INSTALLED, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the same command in a forked process, which has done its imports.

    Args:
        arguments: Of the command.
        environment: Of the command.
        program: The script to run, of this environment.
        folder: Where it runs; by default where the fork server does.

    Raises:
        subprocess.TimeoutExpired: It took too long, and was killed.
    """
    with tempfile.TemporaryDirectory() as beside:
        outputs = Path(beside, "stdout"), Path(beside, "stderr")
        process = server().Process(target=_command, args=(list(arguments), dict(environment), *outputs, program, folder))
        process.start()
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), SECONDS)
        return subprocess.CompletedProcess(list(arguments), process.exitcode, *(path.read_text(encoding="utf-8") for path in outputs))


@dataclass(frozen=True)
class Running:
    """A command that runs in a process group of its own, with all that it prints in one file.

    Args:
        pid: Of the process, and of its group.
        output: What it prints.
        code: Returns its exit code, or None while it runs.
    """

    pid: int
    output: Path
    code: Callable[[], int | None]

    def told(self) -> str:
        """Return what it has printed until now."""
        return self.output.read_text(encoding="utf-8") if self.output.exists() else ""

    def wait(self, until: Callable[[], bool] = lambda: False, seconds: float = 0) -> int | None:
        """Wait until something is so or the command has ended; return its exit code, or None if it still runs.

        Args:
            until: Whether it is so.
            seconds: How long at most; by default `SECONDS`.

        Raises:
            TimeoutError: It took too long.
        """
        deadline = time.monotonic() + (seconds or SECONDS)
        while self.code() is None and not until():
            if time.monotonic() > deadline:
                raise TimeoutError(self.told())
            time.sleep(0.02)
        return self.code()


def start_installed(arguments: Sequence[str], environment: Mapping[str, str], output: Path, folder: Path | None = None) -> Running:
    """Start the installed script, in a folder or where the tests run."""
    with output.open("wb") as file:
        command, options = [INSTALLED, *arguments], {"stdout": file, "stderr": subprocess.STDOUT, "start_new_session": True}
        process = subprocess.Popen(command, env=environment, cwd=folder, umask=OPEN, **options)
    return Running(process.pid, output, process.poll)


def start_forked(
    arguments: Sequence[str], environment: Mapping[str, str], output: Path, before: Callable[[], object] | None = None
) -> Running:
    """Start the same command in a forked process.

    Args:
        arguments: Of the command.
        environment: Of the command.
        output: What it prints.
        before: What the process does first, such as replacing a step.
    """
    process = server().Process(target=_apart, args=(list(arguments), dict(environment), output, before))
    process.start()
    assert process.pid
    return Running(process.pid, output, lambda: process.exitcode)


def on_other_code(root: Path, commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> list[subprocess.CompletedProcess[str]]:
    """Run commands one after another on another copy of the code: in one Python, which does the imports once and forks for each.

    Args:
        root: The folder with the packages.
        commands: The arguments of each.
        environment: Of all of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = os.pathsep.join((str(root), str(HERE)))
        command = [sys.executable, "-c", "import command_line; command_line.one_by_one()", folder, json.dumps([*map(list, commands)])]
        subprocess.run(command, cwd=root, env={**environment, "PYTHONPATH": path}, check=True, timeout=SECONDS * len(commands))
        return [
            subprocess.CompletedProcess(
                list(arguments),
                *(read(Path(folder, f"{n}-{name}").read_text()) for name, read in ((CODE, int), ("uit", str), ("fout", str))),
            )
            for n, arguments in enumerate(commands)
        ]


def one_by_one() -> None:
    """Run the commands in the arguments of this process (`on_other_code`)."""
    importlib.import_module(IMPORTED)
    folder = Path(sys.argv[1])
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for n, arguments in enumerate(json.loads(sys.argv[2])):
        process = multiprocessing.get_context("fork").Process(
            target=_command, args=(arguments, environment | {"PYTHONPATH": str(Path.cwd())}, folder / f"{n}-uit", folder / f"{n}-fout")
        )
        process.start()
        process.join()
        (folder / f"{n}-{CODE}").write_text(str(process.exitcode))


def _apart(arguments: list[str], environment: dict[str, str], output: Path, before: Callable[[], object] | None) -> None:
    os.setsid()
    if before:
        before()
    _command(arguments, environment, output, output)


@cache
def server() -> ForkServerContext:
    """Return the fork server (`imported.py`), started once per test process; it ends with that process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([IMPORTED])
    # lets a process of multiprocessing find the modules of the tests; it ignores missing ones silently
    with mock.patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))}):
        forkserver.ensure_running()
    return context


def _command(
    arguments: list[str], environment: dict[str, str], stdout: Path, stderr: Path, program: Path = INSTALLED, folder: Path | None = None
) -> None:
    """Do the same as the installed script, in the environment and with the outputs of the command."""
    os.environ.clear()
    os.environ.update(environment)
    for path, descriptor in zip((stdout, stderr), (1, 2), strict=True):
        with path.open("ab") as file:
            os.dup2(file.fileno(), descriptor)
    sys.argv = [str(program), *arguments]
    os.umask(OPEN)
    if folder:
        os.chdir(folder)
    if program != INSTALLED:
        runpy.run_path(str(program), run_name="__main__")
        return
    from orchestration.cli import app

    app()
