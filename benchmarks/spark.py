"""`python benchmarks/spark.py`: the night on DuckDB, on Spark in this machine, and on a cluster of two workers, on the same deliveries.

Put here: running those nights, comparing their tables, writing the page. Keep out: the cluster (`cluster.py`), the size (`night.py`), and
measuring (`measured.py`).

The first night, on DuckDB, reads and publishes. Each other one builds the warehouse again from the same lake; it must find nothing new to
publish, and every table must be equal in every cell, or no page is written.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cluster
import measured
from measured import NOTHING_NEW, Run
from night import BIN, RESULTS, Bench
from night_page import MIB

BUILD = "magazijn bouwen"
PAGE = """# The models on Spark beside DuckDB, {day}

`{size}`: {rows:,} rows in {files} files. {machine}; the cluster is a master and two workers of one core on the same machine. Made with
`python benchmarks/spark.py --size {size}`.

| night | seconds | of which the build | CPU seconds | peak (MiB) | load |
| --- | ---: | ---: | ---: | ---: | ---: |
{lines}

After the first, each finds nothing new to publish. All {cells:,} cells of the warehouse are equal.
"""


def nights(bench: Bench, *, local: bool) -> Iterator[tuple[str, Run]]:
    """Run the nights one after the other; yield the name and the measurement of each."""
    night, spark = [BIN / "leerplicht", "run"], bench.environment | {"LEERPLICHT_ENGINE": "spark"}
    yield "DuckDB, first night", bench.first()
    yield "DuckDB", bench.second()
    if local:
        yield "Spark, `local[2]`", measured.run(night, bench.limit, spark | {"LEERPLICHT_SPARK_MASTER": "local[2]"})
    with_cluster = [sys.executable, cluster.__file__, bench.folder / "cluster", *night]
    yield "Spark, a master and two workers", measured.run(with_cluster, bench.limit, spark)


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


def everything(bench: Bench, *, local: bool) -> str:
    """Make the deliveries, run all nights, and return the page."""
    from orchestration.lake import Lake

    load, done, first, cells = os.getloadavg()[0], list[str](), Path(), 0
    if failure := bench.prepare().failure:
        raise RuntimeError(failure)
    for name, run in nights(bench, local=local):
        if run.failure or (NOTHING_NEW if done else 0) != run.code:
            raise RuntimeError(f"{name}: {run.failure or f'exit code {run.code}'}")
        made = Lake(bench.lake).warehouse_current.resolve()
        first = first if done else made
        cells = compare(first, made)
        build = run.steps[BUILD].seconds
        done.append(f"| {name} | {run.seconds:.0f} | {build:.0f} | {run.cpu:.0f} | {run.memory / MIB:,.0f} | {run.load:.1f} |")
        sys.stderr.write(f"{done[-1]}\n")
    described = bench.described()
    return PAGE.format(
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        size=bench.name,
        rows=described.rows,
        files=described.files,
        machine=f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} when it began",
        lines="\n".join(done),
        cells=cells,
    )


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", default="region", help="as of night.py")
    parser.add_argument("--cluster-only", action="store_true", help="leave out the night on Spark without a cluster")
    parser.add_argument("--keep", type=Path, help="where generated deliveries stay, and are found again")
    parser.add_argument("--limit", type=float, default=3600, help="seconds that one command may take")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spark-", dir=asked.keep and asked.keep.parent) as folder:
        name = asked.size.replace(":", "-")
        bench = Bench(asked.size, (asked.keep or Path(folder, "leveringen")) / name, Path(folder, name), asked.limit)
        bench.folder.mkdir()
        bench.made.parent.mkdir(parents=True, exist_ok=True)
        page = everything(bench, local=not asked.cluster_only)
    (RESULTS / f"spark-{datetime.now(UTC):%Y-%m-%d}.md").write_text(page, encoding="utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
