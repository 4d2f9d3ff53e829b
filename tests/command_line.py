"""The command line, each call a process of its own: forked from one that has imported what is heavy, or the installed script itself.

Importing Dagster, dbt and Great Expectations takes eight seconds a call, and the tests make dozens. A process that is forked has its own
memory, environment, output and exit code, as one that is started has; what it lacks is starting. So a night of the tests runs the
installed script, and all other calls are forked.

Put here: starting the command line in a process apart. Keep out: on which lake (`conftest.Place`).
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from unittest import mock

INSTALLED = Path(sys.executable).with_name("leerplicht")
HERE = Path(__file__).parent
SECONDS = 300
IMPORTED = "imported"


def started(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the installed script, as a person or a timer does."""
    return subprocess.run([INSTALLED, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)


def forked(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the same command in a process that has imported already.

    Raises:
        subprocess.TimeoutExpired: It took too long, and was killed.
    """
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder, "stdout"), Path(folder, "stderr")
        process = server().Process(target=_command, args=(list(arguments), dict(environment), *outputs))
        process.start()
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), SECONDS)
        return subprocess.CompletedProcess(list(arguments), process.exitcode, *(path.read_text(encoding="utf-8") for path in outputs))


@cache
def server() -> ForkServerContext:
    """The process from which others are forked (`imported.py`), made once for each process of the tests; it ends with it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([IMPORTED])
    # how a process that multiprocessing starts finds a module of the tests; what is not found, it passes over without a word
    with mock.patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH"))))}):
        forkserver.ensure_running()
    return context


def _command(arguments: list[str], environment: dict[str, str], *outputs: Path) -> None:
    """What the installed script does, once the environment and the outputs are those of the command."""
    os.environ.clear()
    os.environ.update(environment)
    for path, descriptor in zip(outputs, (1, 2), strict=True):
        with path.open("wb") as file:
            os.dup2(file.fileno(), descriptor)
    sys.argv = [str(INSTALLED), *arguments]
    from orchestration.cli import app

    app()
