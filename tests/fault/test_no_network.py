"""Nothing that runs tries to reach another machine: no telemetry, no update check, no download. Not a night, and not the webserver."""

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import command_line
import network
import pytest
from conftest import Night, Place

pytestmark = pytest.mark.skipif(bool(network.why_not()), reason=network.why_not())

TRY = """
import contextlib, socket
with contextlib.suppress(OSError):
    socket.create_connection(("192.0.2.1", 443), timeout=1)
with contextlib.suppress(OSError):
    socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"x", ("2001:db8::1", 443))
with contextlib.suppress(OSError):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.53", 53))
with contextlib.suppress(OSError):
    socket.create_connection(("127.0.0.1", 443), timeout=1)
"""
ASKING = """
import fcntl, socket, struct, subprocess, sys, time, urllib.request
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS: the loopback interface up
subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
query = b'{"query": "{ repositoriesOrError { ... on RepositoryConnection { nodes { jobs { name } } } } }"}'
for _ in range(240):
    time.sleep(1)
    try:
        asked = urllib.request.Request("http://127.0.0.1:3977/graphql", query, {"Content-Type": "application/json"})
        print(urllib.request.urlopen(asked, timeout=60).read().decode(), flush=True)
        break
    except OSError:
        pass
time.sleep(5)
"""


def test_an_attempt_is_noticed(tmp_path: Path):
    trace = tmp_path / "verbindingen"
    command = [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TRY!r}])"]
    subprocess.run(network.cut_off(command, trace), check=True, timeout=60)
    found = network.attempts(trace)
    noticed = [any(address in line for line in found) for address in ("192.0.2.1", "2001:db8::1", "127.0.0.53", "127.0.0.1")]
    assert noticed == [True, True, True, False]


def test_a_whole_night_works_without_a_network_and_does_not_look_for_one(night: Night):
    assert night.second.returncode == 10
    assert night.trace is not None
    traced = night.trace.read_text(encoding="utf-8", errors="replace")
    assert re.search(r"\+\+\+ exited with 0 \+\+\+\s*$", traced)  # the trace is of the whole night
    assert network.attempts(night.trace) == []
    assert "AF_INET" not in traced  # nor does it use the loopback interface


def test_the_webserver_does_not_look_for_one(elsewhere: Place, tmp_path: Path):
    elsewhere.lake.landing.mkdir(parents=True)
    trace = tmp_path / "verbindingen"
    isolated = ["unshare", *(() if os.getuid() == 0 else ("--map-root-user",)), "--net", sys.executable, "-c", ASKING]
    traced = network.cut_off([command_line.INSTALLED, "dev", "--port", "3977"], trace)[len(network.ISOLATE) :]
    # from a folder without the .env of the checkout, as an installed wheel runs
    command = [*isolated, *map(str, traced)]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True, "start_new_session": True}
    with subprocess.Popen(command, cwd=tmp_path, env=elsewhere.environment, **quiet) as process:
        try:
            told, _ = process.communicate(timeout=400)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert '"name":"nacht"' in told.replace(" ", "")
    assert "connect(" in trace.read_text(encoding="utf-8", errors="replace")  # the parts of Dagster reach each other by a socket of Unix
    assert network.attempts(trace) == []
