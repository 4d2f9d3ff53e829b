"""A PostgreSQL server of its own for a test: Debian's, on a socket in a folder, with one user that has a password.

Put here: starting and stopping it. Keep out: what is stored in it.
"""

import atexit
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")
USER = "leerplicht"


def why_not() -> str:
    """Return why no server can be started here; empty if it can."""
    if not BINARIES.is_dir():
        return "PostgreSQL 15 is not installed (Debian: postgresql)"
    if os.geteuid() == 0 and not shutil.which("runuser"):
        return "root may not run PostgreSQL, and runuser is not installed"
    return "" if find_spec("dagster_postgres") else "the extra postgres is not installed"


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
        return self._address("postgres")

    def database(self) -> str:
        """Make an empty database; return its address."""
        name = f"proef_{secrets.token_hex(4)}"
        self._run("createdb", "-h", self.folder, "-U", USER, name)
        return self._address(name)

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        self._run("pg_ctl", "stop", "-m", "immediate", "-D", self.folder / "data")

    def start(self) -> None:
        """Start it and wait until it accepts connections. It does not listen on a port."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "start", "-w", "-D", self.folder / "data", "-l", self.folder / "log", "-o", options)

    def _address(self, database: str) -> str:
        return f"postgresql+psycopg2://{USER}:{self.password}@/{database}?host={self.folder}"

    def _run(self, program: str, *arguments: str | Path) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        with_password = os.environ | {"PGPASSWORD": self.password}
        subprocess.run([*as_user, BINARIES / program, *arguments], cwd="/", env=with_password, check=True, stdout=subprocess.DEVNULL)


@cache
def shared() -> Server:
    """Start a server that runs until this process ends, and return it."""
    folder, stack = Path(tempfile.mkdtemp()), ExitStack()
    folder.chmod(0o711)
    atexit.register(stack.close)
    stack.callback(shutil.rmtree, folder)
    return stack.enter_context(running(folder / "pg"))


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
