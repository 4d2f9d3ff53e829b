"""Runs the command line, each call in its own process: forked from a process with the heavy imports, or the installed script itself.

Importing Dagster, dbt and Great Expectations takes eight seconds a call, and the tests make dozens of calls. A forked process has its own
memory, environment, output and exit code, but skips the startup. So a night of the tests runs the installed script, and all other calls
are forked.

Put here: running the command line in a separate process. Keep out: the choice of lake (`conftest.Place`).
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from unittest import mock

INSTALLED = Path(sys.executable).with_name("leerplicht")
HERE = Path(__file__).parent
SECONDS = 300
IMPORTED = "imported"
OPEN = 0o000  # the umask of every command: what is private is so because the pipeline made it so


def started(command: Sequence[str | Path], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the installed script, as a user or a timer does."""
    return subprocess.run(command, env=environment, umask=OPEN, capture_output=True, text=True, check=False, timeout=SECONDS)


def forked(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the same command in a forked process, which has done its imports.

    Raises:
        subprocess.TimeoutExpired: It took too long, and was killed.
    """
    with running(arguments, environment) as night:
        night.process.join(SECONDS)
        if night.process.exitcode is None:
            raise subprocess.TimeoutExpired(list(arguments), SECONDS)
        return subprocess.CompletedProcess(list(arguments), night.process.exitcode, night.stdout, night.stderr)


@dataclass(frozen=True)
class Running:
    """A command that runs in a forked process."""

    process: ForkServerProcess
    outputs: tuple[Path, Path]

    @property
    def stdout(self) -> str:
        return self.outputs[0].read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        return self.outputs[1].read_text(encoding="utf-8") if self.outputs[1].exists() else ""


@contextmanager
def running(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[Running]:
    """Start the same command in a forked process; what still runs at the end is killed."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder, "stdout"), Path(folder, "stderr")
        process = server().Process(target=_command, args=(list(arguments), dict(environment), *outputs))
        process.start()
        try:
            yield Running(process, outputs)
        finally:
            process.kill()
            process.join()


@cache
def server() -> ForkServerContext:
    """Return the fork server (`imported.py`), started once per test process; it ends with that process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([IMPORTED])
    # lets a process of multiprocessing find the modules of the tests; it ignores missing ones silently
    with mock.patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))}):
        forkserver.ensure_running()
    return context


def _command(arguments: list[str], environment: dict[str, str], *outputs: Path) -> None:
    """Do the same as the installed script, in the environment and with the outputs of the command."""
    os.environ.clear()
    os.environ.update(environment)
    for path, descriptor in zip(outputs, (1, 2), strict=True):
        with path.open("wb") as file:
            os.dup2(file.fileno(), descriptor)
    sys.argv = [str(INSTALLED), *arguments]
    os.umask(OPEN)
    from orchestration.cli import app

    app()
