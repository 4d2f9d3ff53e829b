"""A PostgreSQL server of its own for a test: Debian's, on a socket in a folder, with one user that has a password.

Put here: starting and stopping it. Keep out: what is stored in it.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")
USER = "leerplicht"


def why_not() -> str:
    """Return why no server can be started here; empty if it can."""
    if not BINARIES.is_dir():
        return "PostgreSQL 15 is not installed (Debian: postgresql)"
    if os.geteuid() == 0 and not shutil.which("runuser"):
        return "root may not run PostgreSQL, and runuser is not installed"
    return ""


@dataclass(frozen=True)
class Server:
    """A running server.

    Args:
        folder: Its data and its socket.
        password: The password of its user.
    """

    folder: Path
    password: str

    @property
    def address(self) -> str:
        """What `LEERPLICHT_DAGSTER_STORAGE` is to be."""
        return f"postgresql+psycopg2://{USER}:{self.password}@/postgres?host={self.folder}"

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", self.folder / "data")

    def start(self) -> None:
        """Start it and wait until it accepts connections. It does not listen on a port."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "start", "-w", "-D", self.folder / "data", "-l", self.folder / "log", "-o", options)

    def _run(self, program: str, *arguments: str | Path) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*as_user, BINARIES / program, *arguments], cwd="/", check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Start a new server in a folder, whose path must be short: a socket's has 107 characters at most."""
    folder.mkdir()
    server = Server(folder, secrets.token_hex(8))
    secret = folder / "wachtwoord"
    secret.write_text(server.password)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    server._run("initdb", "-D", folder / "data", "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync")
    server.start()
    try:
        yield server
    finally:
        server.stop()
