"""Runs a command and measures it: seconds, CPU seconds and memory, of the whole and of each step that it reports.

The command is the only child of a process of its own, so that the figures are of that command and its children alone. Memory is that of all
its processes together, looked at four times a second; what they share counts once (`Pss` of Linux).

Put here: measuring a process. Keep out: which ones are run, and the page (`night.py`, `night_page.py`).
"""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

BEGINS, ENDS = re.compile(r"^ +(?P<name>.+) …$"), re.compile(r"^ +(?P<name>.+): [0-9.]+ s$")
TICK, EVERY = os.sysconf("SC_CLK_TCK"), 0.25
NOTHING_NEW = 10  # the exit code of a night that published what readers had


@dataclass(frozen=True)
class Used:
    """What a step took: wall and CPU seconds, and the peak of all processes together, in bytes."""

    seconds: float
    cpu: float
    memory: int


@dataclass(frozen=True)
class Run:
    """What a command took, and how it ended.

    Args:
        seconds: Wall seconds.
        cpu: CPU seconds of all its processes.
        memory: The peak of all its processes together, in bytes.
        largest: The peak of the largest of them.
        load: Load of the machine when it began.
        code: The exit code of a command that did not fail.
        failure: Why it failed; empty if it did not.
        out: What it wrote.
        steps: What each step took, if it reports steps.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    largest: int = 0
    load: float = 0.0
    code: int = 0
    failure: str = ""
    out: str = ""
    steps: Mapping[str, Used] = field(default_factory=dict)


def run(command: Sequence[str | Path], limit: float, environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Run:
    """Run and measure a command; a failure is a result.

    Args:
        command: The command.
        limit: Seconds after which it is killed, with its children.
        environment: Its environment variables; those of this process by default.
        folder: The folder to run it in.
    """
    wrapped = [sys.executable, __file__, str(limit), *map(str, command)]
    told = subprocess.run(wrapped, capture_output=True, text=True, check=False, env=environment, cwd=folder)  # noqa: S603 – our own commands
    if told.returncode:
        return Run(failure=_last(told.stderr) or f"what measured it ended with {told.returncode}")
    found = json.loads(told.stdout)
    return Run(**found | {"steps": {name: Used(**used) for name, used in found["steps"].items()}})


class Watch:
    """The memory and CPU seconds of a process and all its descendants, while it runs."""

    def __init__(self, pid: int) -> None:
        self._pid, self.memory, self.steps = pid, 0, dict[str, Used]()
        self._mark, self._of_step = (0.0, 0.0), 0

    def look(self) -> None:
        """Look at the memory of now."""
        now = sum(map(_shared_out, _family(self._pid)))
        self.memory, self._of_step = max(self.memory, now), max(self._of_step, now)

    def listen(self, line: str) -> None:
        """Note where a step begins or ends, from a line of the command."""
        if BEGINS.match(line):
            self._mark, self._of_step = (time.perf_counter(), self._cpu()), 0
            self.look()
        elif ended := ENDS.match(line):
            self.look()
            began, used = self._mark
            self.steps[ended["name"]] = Used(time.perf_counter() - began, self._cpu() - used, self._of_step)

    def _cpu(self) -> float:
        return sum(map(_ticks, _family(self._pid))) / TICK


def _family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children = dict[int, list[int]]()
    for path in Path("/proc").glob("[0-9]*/stat"):
        if fields := _stat(path):
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, ()))
    return found


def _read(path: Path) -> str:
    """Return a file of /proc; empty if the process has ended."""
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _shared_out(pid: int) -> int:
    found = re.search(r"^Pss: +([0-9]+) kB", _read(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _ticks(pid: int) -> int:
    """Return the ticks of a process and of its children that ended."""
    return sum(map(int, _stat(Path(f"/proc/{pid}/stat"))[11:15]))


def _stat(path: Path) -> list[str]:
    """Return what the kernel tells of a process, after its name."""
    return _read(path).rpartition(")")[2].split()


def _last(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def measure(command: Sequence[str], limit: float) -> Run:
    """Run a command as the only child of this process."""
    began, load, out, errors = time.perf_counter(), os.getloadavg()[0], list[str](), list[str]()
    with subprocess.Popen(  # noqa: S603 – our own commands
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
    ) as process:
        watch = Watch(process.pid)

        def listen() -> None:
            for line in process.stderr or ():
                errors.append(line)
                watch.listen(line.rstrip())

        readers = [threading.Thread(target=listen), threading.Thread(target=lambda: out.extend(process.stdout or ()))]
        for reader in readers:
            reader.start()
        while process.poll() is None:
            watch.look()
            if time.perf_counter() - began > limit:
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(EVERY)
        for reader in readers:
            reader.join()
    seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    said = "".join(out)
    return Run(
        seconds=seconds,
        cpu=used.ru_utime + used.ru_stime,
        memory=watch.memory,
        largest=used.ru_maxrss * 1024,
        load=load,
        code=process.returncode,
        failure=_failure(process.returncode, seconds > limit, limit, _last("".join(errors)) or _last(said)),
        out=said,
        steps=watch.steps,
    )


def _failure(code: int, is_late: bool, limit: float, said: str) -> str:
    if is_late:
        return f"not ready after {limit:.0f} s"
    if code < 0:
        return f"killed by {signal.Signals(-code).name}: out of memory, or by hand"
    return "" if code in (0, NOTHING_NEW) else f"exit code {code}: {said}"


if __name__ == "__main__":
    seconds_at_most, *asked = sys.argv[1:]
    sys.stdout.write(json.dumps(asdict(measure(asked, float(seconds_at_most)))))
