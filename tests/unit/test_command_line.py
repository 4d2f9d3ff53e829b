"""The forked command line behaves like the installed script, and the fork server is safe to fork."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import command_line
import pytest
from conftest import Place

CALLS = [
    (("status",), {"COLUMNS": "60"}, 0),
    (("--help",), {"COLUMNS": "200"}, 0),
    (("status",), {"LEERPLICHT_GEMEENTEN": "Hengelo"}, 2),
    (("explain", "nergens"), {}, 1),
    (("publiceren",), {}, 2),
]


@pytest.mark.parametrize(("arguments", "settings", "code"), CALLS, ids=lambda value: str(value))
def test_it_says_the_same_and_ends_the_same(elsewhere: Place, arguments, settings, code):
    elsewhere.lake.landing.mkdir(parents=True)
    forked, started = elsewhere.leerplicht(*arguments, **settings), elsewhere.installed_leerplicht(*arguments, **settings)
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)
    assert forked.returncode == code
    assert forked.stdout or forked.stderr


def test_one_that_takes_too_long_is_killed(elsewhere: Place, monkeypatch):
    monkeypatch.setattr(command_line, "SECONDS", 0.5)
    with pytest.raises(subprocess.TimeoutExpired):
        elsewhere.leerplicht("example")
    assert not multiprocessing.active_children()


def look(told: Path) -> None:
    """In a forked process: report the missing imports, and the threads of this process and of the fork server."""
    before = sys.modules.get(command_line.IMPORTED)
    missing = [name for name in before.HEAVY if name not in sys.modules] if before else ["everything"]
    tasks = [(task / "comm").read_text().strip() for task in Path(f"/proc/{os.getppid()}/task").iterdir()]
    told.write_text(json.dumps([missing, [thread.name for thread in threading.enumerate()], sorted(tasks)]))


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux lists the threads of a process")
def test_the_fork_server_has_all_imports_and_no_threads_that_break_on_a_fork(tmp_path):
    process = command_line.server().Process(target=look, args=(tmp_path / "told",))
    process.start()
    process.join()
    missing, threads, tasks = json.loads((tmp_path / "told").read_text())
    assert (missing, threads) == ([], ["MainThread"])
    # jemalloc is pyarrow's allocator, and restarts its own thread after a fork
    assert len([name for name in tasks if name != "jemalloc_bg_thd"]) == 1
