"""How long each thing in the lake is kept: one table, and the removal of what nights leave beyond it.

Every run does this when it has taken the lake (`orchestration.defs.lake_run`), so a night that fails does it too. `docs/nacht.md` shows the
table; a test finds a rule for each file of a lake after a night, so a new kind of file needs one.

Put here: that table, and removing files by it. Keep out: persons and originals, which have periods by law (`orchestration.persons.purge`);
Dagster's history, which Dagster removes (`orchestration.defs.history`); and what a killed process left (`orchestration.unfinished`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from orchestration import clock
from orchestration.lake import Lake
from orchestration.lake.files import remove

NIGHTS = 7  # warehouses that analysts can return to
RUNS_OF_DAGSTER = 30  # a night has 500 events, 1.5 MB
RUNS = 400  # more than a year of nights; 1 kB each
DAYS_SET_ASIDE = 365
DAYS_LOOKED_BACK = 30
LOG_BYTES, LOGS = 2_000_000, 3  # a night writes 6 kB
DBT_LOG_BYTES, DBT_LOGS = 1_000_000, 5  # the number of older ones is dbt's own
MOMENT = re.compile(r".*@(\d{8}T\d{6}\.\d{6}Z)")


@dataclass(frozen=True)
class Rule:
    """How long one kind of file is kept.

    Args:
        what: What it is.
        paths: Patterns of its path in the lake; `*` also matches `/`.
        kept: How long, for the table.
        tidy: Removes what is kept no longer, of a lake; None where a run has nothing to do.
    """

    what: str
    paths: tuple[str, ...]
    kept: str
    tidy: Callable[[Lake], None] | None = None


def tidy(lake: Lake) -> Iterator[str]:
    """Remove what the rules do not keep. The caller holds the lock.

    Returns:
        A Dutch sentence for each kind that could not be removed: the night goes on, and the next one tries again.
    """
    for rule in RULES:
        try:
            if rule.tidy:
                rule.tidy(lake)
        except OSError as problem:
            yield f"opruimen is niet gelukt: {problem.strerror or type(problem).__name__}: {problem.filename or 'het meer'}"


def rule_of(place: str) -> Rule | None:
    """Return the rule of a path in the lake, written from its root."""
    return next((rule for rule in RULES if any(fnmatchcase(place, pattern) for pattern in rule.paths)), None)


def table() -> str:
    """Return the rules as a table of Markdown."""
    rows = [f"| {rule.what} | {', '.join(f'`{path}`' for path in rule.paths)} | {rule.kept} |" for rule in RULES]
    return "\n".join(["| what | where | kept |", "| --- | --- | --- |", *rows])


def _runs(lake: Lake) -> None:
    _keep_newest(sorted(lake.runs.glob("*.json")), RUNS)


def _log(lake: Lake) -> None:
    """Begin a new log when the last one is large: `logboek.1.jsonl` is the newest of the older ones."""
    if lake.log.is_file() and lake.log.stat().st_size > LOG_BYTES:
        older = [lake.older_log(number) for number in range(LOGS + 1)]
        for number in range(LOGS, 0, -1):
            if older[number - 1].is_file():
                older[number - 1].replace(older[number])


def _set_aside(lake: Lake) -> None:
    before = clock.now() - timedelta(days=DAYS_SET_ASIDE)
    for path in lake.set_aside.glob("*/*"):
        found = MOMENT.fullmatch(path.name)
        if found and datetime.strptime(found[1], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC) < before:
            remove(path)


def _looked_back(lake: Lake) -> None:
    before = (clock.now() - timedelta(days=DAYS_LOOKED_BACK)).timestamp()
    for path in lake.looked_back.glob("[!.]*"):
        if path != lake.outputs and max(part.lstat().st_mtime for part in (path, *path.glob("*"))) < before:
            remove(path)


def _keep_newest(paths: Sequence[Path], number: int) -> None:
    for path in paths[:-number]:
        remove(path)


RULES = (
    Rule(
        "what the sources delivered", ("landing/*",), "30 days after the verdict, once `leerplicht purge` or `LEERPLICHT_PURGE` removes it"
    ),
    Rule("rows, rejected rows", ("lake/rijen/*", "quarantine/*"), "data: a person's period (`leerplicht purge`)"),
    Rule("ledger, decisions, keys of the lake", ("lake/*",), "data: always; one entry for each delivery"),
    Rule("releases, and the figures of the last", ("published/*/releases/*", "published/*/current*", "published/*/*.html"), "data: always"),
    Rule("renderings of `openbaar`", ("published/openbaar/weergaven/*",), "as long as their release"),
    Rule("status and register of releases", ("published/*/*.json", "published/intern/register.jsonl"), "always; one line for each release"),
    Rule("proofs of `openbaar`", ("published/intern/bescherming/*",), "always: what was ever made public"),
    Rule("audit log", ("auditlog/*",), "always; about five lines a night, 2 kB"),
    Rule("record of swaps", ("warehouse/wisselingen.jsonl",), "always; one line a night, 0.3 kB"),
    Rule(
        "warehouses, and the tables behind them",
        ("warehouse/nachten/*", "warehouse/current.duckdb", "werk/herkomst/*"),
        f"the last {NIGHTS}, the one in use and the one before it; of a look back the last one",
    ),
    Rule("dictionary", ("warehouse/woordenboek/*",), "written over"),
    Rule("releases that were altered", ("werk/opzij/*",), f"{DAYS_SET_ASIDE} days", _set_aside),
    Rule("look backs", ("werk/zoals-bekend/*",), f"{DAYS_LOOKED_BACK} days after they were last made", _looked_back),
    Rule("records of runs", ("werk/runs/*",), f"the last {RUNS}", _runs),
    Rule(
        "log of steps",
        ("werk/logboek*.jsonl",),
        f"a new one at {LOG_BYTES // 1_000_000} MB; {LOGS} older ones",
        _log,
    ),
    Rule(
        "Dagster's runs and their events",
        ("werk/dagster/*",),
        f"the last {RUNS_OF_DAGSTER} that ended; ticks of schedule and sensor 90 days",
    ),
    Rule("dbt's manifest, SQL and log", ("werk/dbt/*",), f"written over; the log {DBT_LOG_BYTES // 1_000_000} MB, {DBT_LOGS} older ones"),
    Rule(
        "tables of a build on Spark",
        ("werk/spark/*",),
        "until the build ends, however it ends; of a killed one, until the next command that takes the lake",
    ),
    Rule("dbt by hand", ("werk/dev/*",), "written over by `dbt build`"),
    Rule(
        "last verdicts, what was postponed, the state of the lake, alarms that were sent, locks",
        ("werk/poorten/*", "werk/uitgesteld/*", "status/*", "werk/*.html", "werk/alarmen.json", "werk/*.lock"),
        "written over",
    ),
    Rule(
        "builds",
        ("warehouse/bouw/*", "published/*/.kandidaat/*", "published/intern/.bescherming/*"),
        "until the next run, if theirs failed",
    ),
    Rule("what a killed process left", (".*", "*/.*", "werk/nagaan/*"), "until the next command that takes the lake"),
)
