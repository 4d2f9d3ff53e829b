"""A Spark cluster on this machine, for tests and benchmarks: a master and two workers as processes, on loopback, behind a secret.

`python benchmarks/cluster.py FOLDER COMMAND …` runs a command that uses one, and ends with its exit code.

Put here: starting and stopping it. Keep out: what runs on it.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"
SECONDS = 120
EXECUTOR = "CoarseGrainedExecutorBackend"
MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"


@dataclass
class Cluster:
    """A running cluster.

    Args:
        folder: Its logs, and the work folders of its workers.
        port: Where the master listens.
        environment: What a night needs to use it, and its processes to find each other.
        processes: Of the master, and of the workers.
    """

    folder: Path
    port: int
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str) -> None:
        """Start one of its processes, in a group of its own, and wait until it works."""
        import pyspark

        home = Path(pyspark.__file__).parent
        log = self.folder / f"{len(self.processes)}.log"
        with log.open("wb") as said:
            command = [str(home / "bin" / "spark-class"), *arguments, "--webui-port", "0"]
            options = {"stdout": said, "stderr": subprocess.STDOUT, "start_new_session": True}
            self.processes.append(subprocess.Popen(command, env=os.environ | self.environment, **options))  # noqa: S603
        deadline = time.monotonic() + SECONDS
        while "registered with master" not in (told := log.read_text(errors="replace")) and "state: ALIVE" not in told:
            if time.monotonic() > deadline or self.processes[-1].poll() is not None:
                raise RuntimeError(told[-2000:])
            time.sleep(0.2)

    def worker(self) -> None:
        """Start a worker with one core."""
        place = self.folder / f"werker-{len(self.processes)}"
        self.start(WORKER, self.master, "--cores", "1", "--memory", "3g", "--host", LOOPBACK, "--work-dir", str(place))

    @property
    def master(self) -> str:
        """The value of `LEERPLICHT_SPARK_MASTER`."""
        return f"spark://{LOOPBACK}:{self.port}"

    def executors(self) -> list[int]:
        """The ids of the processes that work for a night."""
        groups = {process.pid for process in self.processes}
        return [pid for pid, group, command in _processes() if group in groups and EXECUTOR in command]

    def stop(self) -> None:
        """End all its processes."""
        for process in reversed(self.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster with two workers, and stop it afterwards."""
    conf = folder / "conf"
    conf.mkdir(mode=0o700, parents=True)
    (conf / "spark-defaults.conf").touch(0o600)
    (conf / "spark-defaults.conf").write_text(
        f"spark.authenticate true\nspark.authenticate.secret {secrets.token_hex(32)}\nspark.network.crypto.enabled true\n"
        "spark.executor.memory 2g\nspark.driver.memory 2g\nspark.master.rest.enabled false\n"
    )
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    environment = {
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder / "tijdelijk"),
        "SPARK_NO_DAEMONIZE": "1",
    }
    made = Cluster(folder, port, environment)
    try:
        made.start(MASTER, "--host", LOOPBACK, "--port", str(port))
        made.worker()
        made.worker()
        yield made
    finally:
        made.stop()


def _processes() -> Iterator[tuple[int, int, str]]:
    """Yield the id, the process group and the command of every process."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            group = (folder / "stat").read_text().rpartition(")")[2].split()[2]
            yield int(folder.name), int(group), (folder / "cmdline").read_text()


def main(folder: Path, command: list[str]) -> int:
    """Run a command with the settings for a cluster that lives as long as it does; return its exit code."""
    with cluster(folder) as running:
        environment = os.environ | running.environment | {"LEERPLICHT_SPARK_MASTER": running.master}
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 – the command of who gives it


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
