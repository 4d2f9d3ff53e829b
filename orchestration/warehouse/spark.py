"""The same dbt project on Spark: a session for dbt, and the files that analysts and gates open, made from its tables.

Spark writes every table as Parquet in one private folder of this build. Among them are birth dates, so the folder is removed however the
build ends; what a killed process left goes when the lake is next held (`orchestration.unfinished`). The session has a catalogue in memory,
no page to look at, and leaves nothing elsewhere on this machine.

Put here: that session, and those files. Keep out: dbt itself (`build.py`), and differences in SQL (`dbt_project/macros/`).
"""

import logging
import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from orchestration import unfinished
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove
from orchestration.outcome import Afloop
from orchestration.settings import Settings

TARGET = "spark"  # of dbt_project/profiles.yml
BYTES_PER_PARTITION = 8 * 2**20  # of Parquet: a task of less costs more to start than to run
MAIN, NOWHERE = "leerplicht", "werkgeheugen"  # databases of dbt_project.yml: the default one, and the one that ends with the build
STORAGE = "v1.5.0"  # as dbt's profile has it
# compiling each of a night's 600 queries, to Java and from there, costs more than it gains
SMALL = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


class SparkError(LeerplichtError):
    """Spark is not there, or does not start; the message says what to do."""

    afloop = Afloop.INSTELLING


def require() -> None:
    """Require Spark and Java, before anything else is done, and let dbt-spark refuse what DuckDB refuses.

    Raises:
        SparkError: One of them is missing.
    """
    try:
        import dbt.adapters.spark
        import pyspark  # noqa: F401 – is it there?
    except ModuleNotFoundError:
        raise SparkError("LEERPLICHT_ENGINE=spark vraagt de extra `spark`; installeer die met: pip install 'leerplicht[spark]'") from None
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)  # no frame of it is used
    if not shutil.which("java"):
        raise SparkError("LEERPLICHT_ENGINE=spark vraagt Java 17 of nieuwer, als `java` op het pad; installeer dat")
    dbt.adapters.spark.Plugin.credentials = _strict()


@contextmanager
def session(settings: Settings, lake: Lake) -> Iterator[Path]:
    """Start the session that dbt then finds, and yield the folder of its tables; both are gone afterwards.

    Args:
        settings: Gives the master.
        lake: Its work folder gets the tables; the workers of a cluster read and write the lake under the same path.

    Raises:
        SparkError: It does not start.
    """
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    folder = unfinished.folder(make_private(lake.spark), "bouw")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # it repeats each error on the screen, with values
    try:
        conf = SparkConf().setAll(sorted(_configuration(settings.spark_master, lake, folder).items()))
        try:
            context = SparkContext(conf=conf, gateway=_gateway(conf, folder / "java.log"))
        except Exception as problem:
            raise SparkError(f"Spark start niet op {settings.spark_master}: {_first_line(problem)}") from problem
        try:
            SparkSession.builder.getOrCreate()
            yield folder / "tabellen"
        finally:
            context.stop()
    finally:
        remove(folder)


def write(nodes: Iterable[Any], tables: Path, files: Mapping[str, Path]) -> None:
    """Write the tables of a build to DuckDB's files, with the types, constraints and comments that dbt gives them there.

    Args:
        nodes: The models and seeds that were built.
        tables: The folder of Spark's tables.
        files: The file of each database of `dbt_project.yml` that outlives the build.
    """
    import duckdb

    made = [node for node in nodes if node.resource_type in ("model", "seed") and _database(node) in files]
    for database, file in files.items():
        with duckdb.connect(str(file), config={"storage_compatibility_version": STORAGE}) as connection:
            for node in (node for node in made if _database(node) == database):
                connection.execute(f'create schema if not exists "{node.schema}"')
                _write_table(connection, node, tables / f"{node.schema}.db" / node.alias)


def _write_table(connection: Any, node: Any, folder: Path) -> None:
    """Write one table, in an order that the number of workers does not decide."""
    name = f'"{node.schema}"."{node.alias}"'
    parts = [str(path) for path in sorted(folder.glob("*.parquet"))]
    if columns := _columns(node):
        connection.execute(f"create table {name} ({', '.join(columns.values())})")
        if parts:  # a seed without rows has none
            listed = ", ".join(f'"{column}"' for column in columns)
            connection.execute(f"insert into {name} select {listed} from read_parquet($1) order by all", [parts])  # noqa: S608
    else:
        connection.execute(f"create table {name} as select * from read_parquet($1) order by all", [parts])  # noqa: S608
    kept = node.config.persist_docs
    if kept.get("relation") and node.description:
        connection.execute(f"comment on table {name} is {_text(node.description)}")
    for column in node.columns.values() if kept.get("columns") else ():
        connection.execute(f'comment on column {name}."{column.name}" is {_text(column.description)}')


def _columns(node: Any) -> dict[str, str]:
    """Return the definitions of a table's columns, if its contract or its seed gives them."""
    if node.resource_type == "seed":
        return {name: f'"{name}" {type_}' for name, type_ in node.config.column_types.items()}
    if not node.config.contract.enforced:
        return {}
    return {
        column.name: f'"{column.name}" {column.data_type}' + " not null" * any(rule.type == "not_null" for rule in column.constraints)
        for column in node.columns.values()
    }


def _database(node: Any) -> str:
    """Return the database of a node, which dbt-spark does not know."""
    return str(node.config.get("database") or MAIN)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _configuration(master: str, lake: Lake, folder: Path) -> dict[str, str]:
    size = sum(path.stat().st_size for path in lake.rows.rglob("*.parquet"))
    partitions = max(1, -(-size // BYTES_PER_PARTITION))
    loopback = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if master.startswith("local") else {}
    return {
        "spark.app.name": "leerplicht",
        "spark.master": master,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.local.dir": str(make_private(folder / "tijdelijk")),
        "spark.sql.warehouse.dir": str(make_private(folder / "tabellen")),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.parquet.mergeSchema": "true",  # a column that a delivery lacks is null
        "spark.sql.shuffle.partitions": str(partitions),
        "spark.sql.cteRecursionRowLimit": "-1",
        "spark.io.encryption.enabled": "true",  # what a query spills holds persons; a worker that is killed may leave it
        **(SMALL if partitions == 1 else {}),
        **loopback,
    }


_java: list[Any] = []


def _gateway(conf: Any, log: Path) -> Any:
    """Start Java, once per process; it ends when this process does, however that ends."""
    from pyspark.java_gateway import launch_gateway

    if not _java:
        with log.open("wb") as said:
            _java.append(launch_gateway(conf, {"stdout": said, "stderr": said}))
    return _java[0]


@cache
def _strict() -> Any:
    """Return dbt-spark's credentials with ANSI mode, which it always turns off: a wrong cast would be null, and an overflow wrap around."""
    from dbt.adapters.spark import SparkCredentials

    class Strict(SparkCredentials):  # type: ignore[misc]
        def __post_init__(self) -> None:
            super().__post_init__()
            self.server_side_parameters["spark.sql.ansi.enabled"] = "true"

    return Strict


def _first_line(problem: BaseException) -> str:
    return next(iter(str(problem).strip().splitlines()), type(problem).__name__)
