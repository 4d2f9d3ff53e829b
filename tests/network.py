"""Runs a command in a network namespace of its own, where no packet can leave, and lists its attempts to reach another machine.

Put here: the namespace and the trace. Keep out: what runs in it.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ISOLATE = ["unshare", *(() if os.getuid() == 0 else ("--user", "--map-current-user")), "--net"]
ADDRESS = re.compile(r'sa_family=AF_INET6?,.*?htons\((\d+)\).*?"([0-9a-f.:]+)"')
DNS = "53"


@cache
def why_not() -> str:
    """Return why no command can be traced here; empty if it can."""
    try:
        tried = subprocess.run(cut_off(["true"], Path(os.devnull)), capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError as problem:
        return f"{problem.filename} is missing"
    return "" if tried.returncode == 0 else f"no namespace or trace here: {tried.stderr.strip()}"


def cut_off(command: Sequence[str | Path], trace: Path) -> list[str | Path]:
    """Return the command that runs another without a network, and writes its system calls that send something, and of all its children."""
    calls = "trace=connect,sendto,sendmsg,sendmmsg"
    return [*ISOLATE, "strace", "--follow-forks", "--seccomp-bpf", "-e", calls, "-e", "signal=none", "--output", trace, *command]


def attempts(trace: Path) -> list[str]:
    """Return the lines of a trace that address another machine; a question to a name server counts, also to one on this machine."""
    found = []
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        for port, address in ADDRESS.findall(line):
            if port == DNS or not (address.startswith("127.") or address == "::1"):
                found.append(line)
    return found
