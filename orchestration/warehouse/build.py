"""Runs dbt in this process, on a new file, so that analysts can keep the current one open.

Put here: running dbt, and its results. Keep out: acting on a result (`orchestration.defs.warehouse`), and the models.

dbt's own command line would start a second process: 14 to 20 seconds for a project of this size against 2 here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration import memory, whole
from orchestration.errors import LeerplichtError
from orchestration.housekeeping import DBT_LOG_BYTES
from orchestration.lake import Lake
from orchestration.lake.files import make_private, remove, replace_bytes
from orchestration.lake.paths import BIRTH_DATES, PROVENANCE
from orchestration.scrub import scrub
from orchestration.settings import PROJECT, Settings
from orchestration.warehouse import dictionary, space, spark

DBT_PROJECT = PROJECT / "dbt_project"
PARTIAL_PARSE = "partial_parse.msgpack"  # dbt's parse cache, with the hash of every file, setting and version
# unit tests are for development, the night tests data; an exposure is only documentation
LEFT_OUT = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure")
CATALOGUE = "catalog.json"  # of dbt's documentation
TARGETS = {"duckdb": "nacht", "spark": spark.TARGET}  # of dbt_project/profiles.yml; a manual dbt run uses another target


class BuildError(LeerplichtError):
    """dbt could not start, or its project cannot be read; the message is dbt's own."""


@dataclass(frozen=True)
class Result:
    """The result of dbt for one node.

    Args:
        unique_id: dbt's id of the model, seed or test.
        status: `success`, `pass`, `fail`, `warn`, `error` or `skipped`.
        seconds: Execution time.
        rows: Row count of a table that was built; None otherwise.
        failures: Number of failing rows of a test; None if the node is not a test.
        message: dbt's message on a failure, with identifiers masked.
    """

    unique_id: str
    status: str
    seconds: float
    rows: int | None
    failures: int | None
    message: str


def parse(settings: Settings) -> Mapping[str, Any]:
    """Parse the dbt project.

    Args:
        settings: Gives the lake, which holds dbt's target folder, and the gemeenten.

    Returns:
        dbt's manifest.

    Raises:
        BuildError: The project cannot be parsed.
    """
    lake = Lake.of(settings)
    copy_partial_parse(Lake(settings.lake), lake)  # a look back starts from the parse cache of this lake's nights
    _parsed(settings)
    manifest: Mapping[str, Any] = json.loads((lake.dbt_target / "manifest.json").read_bytes())
    return manifest


def copy_partial_parse(there: Lake, here: Lake) -> None:
    """Copy dbt's parse cache to a new lake, so that dbt parses only changed files there, which saves 5 s."""
    known, own = (lake.dbt_target / PARTIAL_PARSE for lake in (there, here))
    if known.is_file() and not own.exists():
        replace_bytes(own, known.read_bytes())


def build(settings: Settings, path: Path) -> list[Result]:
    """Build the warehouse from scratch, from the lake, in a file of any name; what analysts do not get comes in other files next to it.

    Args:
        settings: Gives the lake, the gemeenten, and the `known_at` instant.
        path: The file. Existing ones are removed first; their folder gets mode 0700.

    Returns:
        The result of each node; a failed node is a result, not an exception.

    Raises:
        BuildError: dbt could not start.
        DamageError: A file of the lake is not what the ledger says; nothing was written.
        SpaceError: The disk is too full for a new warehouse; nothing was written.
    """
    import duckdb

    lake = Lake.of(settings)
    whole.require(lake)
    space.require(lake, settings.engine)
    make_private(path.parent)
    files = _files(path).values()
    for file in files:
        remove(file)
        remove(file.with_name(f"{file.name}.wal"))
    results = ENGINES[settings.engine](settings, path)
    counts: dict[tuple[str, str], int] = {}
    for file in files:
        with duckdb.connect(str(file)) as connection:
            counts |= _row_counts(connection)
            connection.execute("checkpoint")
    return [_result(item, counts) for item in results]


def _run_dbt(settings: Settings, path: Path) -> list[Any]:
    outcome = _invoke(settings, "build", *LEFT_OUT, manifest=_parsed(settings), variables=_variables(settings, path))
    if outcome.exception:
        raise BuildError(_words(outcome.exception))
    return list(outcome.result.results)


def _on_spark(settings: Settings, path: Path) -> list[Any]:
    """Build Spark's tables, and from those the same files as dbt makes of DuckDB's."""
    files = _files(path)
    with spark.session(settings, Lake.of(settings)) as tables:
        results = _run_dbt(settings, path)
        built = [item.node for item in results if item.status == "success"]
        spark.write(built, tables, {spark.MAIN if name == "magazijn" else name: file for name, file in files.items()})
    return results


ENGINES = {"duckdb": _run_dbt, "spark": _on_spark}


def document(settings: Settings, site: Path) -> None:
    """Generate dbt's documentation: a static site that needs no network and no warehouse, and reads nothing of the lake.

    Args:
        settings: Gives the lake and the gemeenten in the compiled SQL.
        site: The folder to write to; it gets an `index.html`.

    Raises:
        BuildError: The project cannot be parsed.
    """
    # dbt would take the types from the file that analysts open, and lock it; they are in the contracts
    settings = settings.model_copy(update={"engine": "duckdb"})  # it starts in seconds, and the pages are the same
    outcome = _invoke(settings, "docs", "generate", "--empty-catalog", target=site, variables=_variables(settings))
    if not outcome.success:
        raise BuildError(_words(outcome.exception) or "dbt kan zijn documentatie niet maken")
    found = json.loads((site / CATALOGUE).read_bytes()) | dictionary.catalogue(json.loads((site / "manifest.json").read_bytes()))
    (site / CATALOGUE).write_text(json.dumps(found), encoding="utf-8")


@cache
def _parsed(settings: Settings) -> Any:
    """Parse the dbt project once per process, for the graph and for the build.

    dbt's parse cache says in which folder the seeds are, and does not notice an installation in another one; it does notice a variable.
    """
    outcome = _invoke(settings, "parse", variables={"project": str(DBT_PROJECT)})
    if not outcome.success:
        raise BuildError(_words(outcome.exception) or "dbt kan zijn project niet lezen")
    return outcome.result


def _invoke(
    settings: Settings, *arguments: str, target: Path | None = None, manifest: Any = None, variables: Mapping[str, str] | None = None
) -> Any:
    from dbt.adapters.duckdb import connections
    from dbt.cli.main import dbtRunner

    if settings.engine == "spark":
        spark.require()
    target = target or Lake.of(settings).dbt_target
    common = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target", TARGETS[settings.engine]]
    common += ["--target-path", str(target), "--log-path", str(target), "--log-file-max-bytes", str(DBT_LOG_BYTES)]
    if variables:
        common += ["--vars", json.dumps(variables)]
    try:
        quiet = ["--log-level", "none", "--log-level-file", "debug", "--no-send-anonymous-usage-stats", "--no-version-check"]
        return dbtRunner(manifest).invoke([*quiet, *arguments, *common])
    finally:
        # dbt-duckdb keeps its file open in this process, which would lock out other processes
        connections.DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


def _words(exception: BaseException | None) -> str:
    """Return dbt's error message without the location in its code."""
    return str(getattr(exception, "msg", exception or "")).strip()


def _files(warehouse: Path) -> dict[str, Path]:
    """Return the files of a build, by their names in dbt's profile; each is a database of its own (decision 029)."""
    return {
        "magazijn": warehouse,
        "herkomst": warehouse.with_name(PROVENANCE),
        "geboortedata": warehouse.with_name(BIRTH_DATES),
    }


def _variables(settings: Settings, warehouse: Path | None = None) -> dict[str, str]:
    """Return the settings that the models read with the macro `instelling`, and the files to build; by default databases in memory."""
    return {
        **({name: str(path) for name, path in _files(warehouse).items()} if warehouse else {}),
        "geheugen": memory.limit(settings.memory_share),
        "lake": str(settings.lake),
        "gemeenten": ",".join(settings.gemeenten),
        "gemeente_opvolgers": str(settings.gemeente_opvolgers or ""),
        "wijken": str(settings.wijken or ""),
        "eerste_schooljaar": settings.eerste_schooljaar or "",
        "laatste_schooljaar": settings.laatste_schooljaar or "",
        "known_at": settings.known_at.isoformat() if settings.known_at else "",
    }


def _row_counts(connection: Any) -> dict[tuple[str, str], int]:
    found = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    counted = {}
    for schema, table in found:
        [(rows,)] = connection.execute(f'select count(*) from "{schema}"."{table}"').fetchall()  # noqa: S608 – names of the catalogue
        counted[schema, table] = int(rows)
    return counted


def _result(item: Any, counts: Mapping[tuple[str, str], int]) -> Result:
    node = item.node
    is_test = node.resource_type == "test"
    return Result(
        unique_id=node.unique_id,
        status=str(item.status),
        seconds=float(item.execution_time),
        rows=None if is_test else counts.get((node.schema, node.alias)),
        failures=int(item.failures or 0) if is_test else None,
        message=scrub(" ".join(str(item.message or "").split())),
    )
