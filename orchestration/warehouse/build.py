"""dbt in this process, on a new file beside the one that analysts have open.

Put here: running dbt, and what came of it. Keep out: what dbt is to do with a result (`orchestration.defs.warehouse`), and the models.

dbt through its own command would start a second process: 14 to 20 seconds for a project of this size against 2 here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, remove, replace_bytes
from orchestration.settings import PROJECT, Settings
from orchestration.warehouse import space

DBT_PROJECT = PROJECT / "dbt_project"
PARTIAL_PARSE = "partial_parse.msgpack"  # dbt's name for what it knows of its project; with the hash of every file, setting and version
# unit tests are for who changes a model, the night tests data; an exposure only describes
LEFT_OUT = ("--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure")
TARGET = "nacht"  # of dbt_project/profiles.yml; a person who runs dbt there has another


class BuildError(LeerplichtError):
    """dbt could not start, or its project cannot be read; the message is dbt's own."""


@dataclass(frozen=True)
class Result:
    """What dbt made of one node.

    Args:
        unique_id: dbt's id of the model, seed or test.
        status: `success`, `pass`, `fail`, `warn`, `error` or `skipped`.
        seconds: How long it took.
        rows: Rows of a table that was made; None otherwise.
        failures: Rows that a test found; None where it is no test.
        message: What dbt says of a failure; never a value of a row.
    """

    unique_id: str
    status: str
    seconds: float
    rows: int | None
    failures: int | None
    message: str


def parse(settings: Settings) -> Mapping[str, Any]:
    """Read the dbt project.

    Args:
        settings: Which lake (dbt's target folder is there) and which gemeenten.

    Returns:
        dbt's manifest.

    Raises:
        BuildError: the project cannot be read.
    """
    lake = Lake.of(settings)
    take_over(Lake(settings.lake), lake)  # a look back begins with what the nights of this lake know
    _parsed(settings)
    manifest: Mapping[str, Any] = json.loads((lake.dbt_target / "manifest.json").read_bytes())
    return manifest


def take_over(there: Lake, here: Lake) -> None:
    """Let a new lake begin with what dbt knows of its project from another one: it then reads only the files that changed, 5 s sooner."""
    known, own = (lake.dbt_target / PARTIAL_PARSE for lake in (there, here))
    if known.is_file() and not own.exists():
        replace_bytes(own, known.read_bytes())


def build(settings: Settings, path: Path) -> list[Result]:
    """Build the warehouse from the lake, from nothing, in a file of any name.

    Args:
        settings: Which lake, which gemeenten, and known at which instant.
        path: The file. One that exists is removed first.

    Returns:
        What became of each node; a failed node is a result, not an exception.

    Raises:
        BuildError: dbt could not start.
        SpaceError: the disk is too full for a new warehouse; nothing was written.
    """
    import duckdb

    lake = Lake.of(settings)
    space.require(lake)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in (path, path.with_name(f"{path.name}.wal")):
        remove(left)
    outcome = _invoke(settings, "build", *LEFT_OUT, manifest=_parsed(settings), variables=_variables(settings, path))
    if outcome.exception:
        raise BuildError(_words(outcome.exception))
    with duckdb.connect(str(path)) as connection:
        counts = _row_counts(connection)
        connection.execute("checkpoint")
    return [_result(item, counts) for item in outcome.result.results]


def document(settings: Settings) -> Path:
    """Make dbt's documentation: a site of files that needs no network, and no warehouse.

    Args:
        settings: In which lake it is made, and for which gemeenten the SQL is shown.

    Returns:
        The folder with its `index.html`.

    Raises:
        BuildError: the project cannot be read.
    """
    site = Lake.of(settings).dbt_site
    # without a catalogue: it would add the types that the contracts state already, and take a lock on the file that analysts open
    outcome = _invoke(settings, "docs", "generate", "--empty-catalog", target=site, variables=_variables(settings))
    if not outcome.success:
        raise BuildError(_words(outcome.exception) or "dbt kan zijn documentatie niet maken")
    return site


@cache
def _parsed(settings: Settings) -> Any:
    """Read the dbt project, once in a process: the graph needs it, and then the build."""
    outcome = _invoke(settings, "parse")
    if not outcome.success:
        raise BuildError(_words(outcome.exception) or "dbt kan zijn project niet lezen")
    return outcome.result


def _invoke(
    settings: Settings, *arguments: str, target: Path | None = None, manifest: Any = None, variables: Mapping[str, str] | None = None
) -> Any:
    from dbt.adapters.duckdb import connections
    from dbt.cli.main import dbtRunner

    target = target or Lake.of(settings).dbt_target
    common = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target", TARGET]
    common += ["--target-path", str(target), "--log-path", str(target)]
    if variables:
        common += ["--vars", json.dumps(variables)]
    try:
        return dbtRunner(manifest).invoke(["--quiet", "--no-send-anonymous-usage-stats", "--no-version-check", *arguments, *common])
    finally:
        # dbt-duckdb keeps its file open in this process, and nobody else could open it
        connections.DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


def _words(exception: BaseException | None) -> str:
    """What dbt says went wrong, without the places in its code where it noticed."""
    return str(getattr(exception, "msg", exception or "")).strip()


def _variables(settings: Settings, warehouse: Path | None = None) -> dict[str, str]:
    """What the models ask for with the macro `instelling`, and the file to build; without one a warehouse in memory."""
    return {
        "magazijn": str(warehouse or ":memory:"),
        "lake": str(settings.lake),
        "gemeenten": ",".join(settings.gemeenten),
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
        message=" ".join(str(item.message or "").split()),
    )
