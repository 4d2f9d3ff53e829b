"""`python benchmarks/spark.py`: the night on DuckDB, on Spark in this machine, and on a cluster of two workers, on the same deliveries.

Put here: running those nights, comparing their tables, writing the page. Keep out: the cluster (`cluster.py`) and measuring (`night.py`).

The first night, on DuckDB, reads and publishes. Each other one builds the warehouse again from the same lake; it must find nothing new to
publish, and every table must be equal in every cell, or no page is written.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import night as nights
from cluster import Cluster, cluster

TICK = os.sysconf("SC_CLK_TCK")
BUILD = "magazijn bouwen"
PAGE = """# The models on Spark beside DuckDB, {day}

A region × {share}: {size} MB of rows (Parquet). {machine}; the cluster is a master and two workers of one core on the same machine. Made
with `python benchmarks/spark.py --share {share}`.

| night | seconds | of which the build | CPU seconds | peak (MiB) |
| --- | ---: | ---: | ---: | ---: |
{lines}

After the first, each finds nothing new to publish. All {cells} cells of the warehouse are equal.
"""


@dataclass(frozen=True)
class Measured:
    """A night: its seconds, those of the build, and the CPU seconds and peak memory of all its processes, with those of a cluster."""

    name: str
    seconds: float
    build: float
    cpu: float
    peak: int


class Meter(threading.Thread):
    """Adds up the CPU time and the resident memory of process groups, every half second: Java is no child that can be waited for."""

    def __init__(self, groups: set[int]) -> None:
        super().__init__(daemon=True)
        self.groups, self.ticks, self.peak, self.ended = groups, dict[str, int](), 0, threading.Event()
        self._look()
        self.before = dict(self.ticks)

    def run(self) -> None:
        """Look until it has ended."""
        while not self.ended.wait(0.5):
            self._look()

    @property
    def cpu(self) -> float:
        """CPU seconds since it began."""
        return sum(ticks - self.before.get(pid, 0) for pid, ticks in self.ticks.items()) / TICK

    def _look(self) -> None:
        resident = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) in self.groups:
                self.ticks[folder.name] = int(fields[11]) + int(fields[12])
                resident += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        self.peak = max(self.peak, resident)


def measured(name: str, lake: Path, gemeenten: list[str], code: int, on: Cluster | None = None, **settings: str) -> Measured:
    """Run a night and measure it; it must end with a code."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LEERPLICHT_")}
    own = {"LEERPLICHT_LAKE": str(lake), "LEERPLICHT_KEY_FILE": str(lake.with_suffix(".sleutel")), "LEERPLICHT_OPENBAAR": "op_verzoek"}
    environment = kept | own | {"LEERPLICHT_GEMEENTEN": ",".join(gemeenten)} | settings | (on.environment if on else {})
    began = time.perf_counter()
    running = subprocess.Popen(  # noqa: S603 – our own command
        [nights.LEERPLICHT, "run"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    meter = Meter({running.pid, *(process.pid for process in (on.processes if on else ()))})
    meter.start()
    _, errors = running.communicate()
    seconds = time.perf_counter() - began
    meter.ended.set()
    meter.join()
    if running.returncode != code:
        raise RuntimeError(errors)
    steps = {found["name"]: float(found["seconds"]) for found in nights.STEP.finditer(errors)}
    return Measured(name, seconds, steps[BUILD], meter.cpu, meter.peak)


def compare(one: Path, other: Path) -> int:
    """Require that two warehouses are equal in every cell; return how many cells that are."""
    import duckdb

    cells = 0
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as een (read_only)")
        connection.execute(f"attach '{other}' as ander (read_only)")
        columns = (
            "select schema_name, table_name, list((column_name, data_type)) from duckdb_columns() where database_name = '{}' group by all"
        )
        tables = connection.execute(f"{columns.format('een')} order by all").fetchall()
        if tables != connection.execute(f"{columns.format('ander')} order by all").fetchall():
            raise RuntimeError("the tables differ")
        for schema, table, found in tables:
            for left, right in (("een", "ander"), ("ander", "een")):
                differing = f'from {left}.{schema}."{table}" except all from {right}.{schema}."{table}"'
                if connection.execute(f"select count(*) from ({differing})").fetchall() != [(0,)]:  # noqa: S608
                    raise RuntimeError(f"{schema}.{table} differs")
            [(rows,)] = connection.execute(f'select count(*) from een.{schema}."{table}"').fetchall()  # noqa: S608
            cells += rows * len(found)
    return cells


def everything(folder: Path, share: float, *, local: bool) -> str:
    """Make the lake, run all nights, and return the page."""
    from orchestration.example.region import TWENTE
    from orchestration.lake import Lake

    lake, gemeenten, load = folder / "meer", sorted(TWENTE.gemeenten), os.getloadavg()[0]
    nights.example(lake, share)
    rows = sum(path.stat().st_size for path in Lake(lake).rows.rglob("*.parquet"))
    done = [measured("DuckDB, first night", lake, gemeenten, 0), measured("DuckDB", lake, gemeenten, 10)]
    first = Lake(lake).warehouse_current.resolve()
    chosen = [("Spark, `local[2]`", "local[2]")] if local else []
    for name, master in [*chosen, ("Spark, a master and two workers", "")]:
        with nullcontext() if master else cluster(folder / "cluster") as on:
            settings = {"LEERPLICHT_ENGINE": "spark", "LEERPLICHT_SPARK_MASTER": on.master if on else master}
            done.append(measured(name, lake, gemeenten, 10, on, **settings))
        cells = compare(first, Lake(lake).warehouse_current.resolve())
    rows = sum(path.stat().st_size for path in Lake(lake).rows.rglob("*.parquet"))
    lines = [f"| {one.name} | {one.seconds:.0f} | {one.build:.0f} | {one.cpu:.0f} | {one.peak / nights.MIB:,.0f} |" for one in done]
    return PAGE.format(
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        share=f"{share:g}",
        size=f"{rows / 1e6:,.0f}",
        machine=f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} when it began",
        lines="\n".join(lines),
        cells=f"{cells:,}",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1, help="part of the region's persons")
    parser.add_argument("--cluster-only", action="store_true", help="leave out the night on Spark without a cluster")
    parser.add_argument("--folder", type=Path, help="where the lake is made; by default a temporary one")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        page = everything(Path(made), chosen.share, local=not chosen.cluster_only)
    target = nights.RESULTS / f"spark-{datetime.now(UTC):%Y-%m-%d}.md"
    target.write_text(page, encoding="utf-8")
    sys.stdout.write(page)
