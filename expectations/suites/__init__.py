"""The rules of the gates, one module per gate, with functions to list them and to load them as suites of Great Expectations.

A module has `expectations()`, the expectations of each of its tables; `OVER`, the data that a table computed by the gate is about;
`FILE_RULES`, the rules on the files to publish, which Great Expectations cannot evaluate, and `ZONE`, the zone of those files;
`tables(…)`, which reads the frames; and `standing(…)`, which reads them from the current data. Put here: rules on deliveries (`bronnen`),
on the warehouse as a whole (`warehouse`), and on releases (`publicatie`, `openbaar`). Keep out: relations between models, which are dbt
tests, and evaluating anything (`expectations.gate`).

Great Expectations takes 4 to 12 seconds to import, so it is imported inside each `expectations()`.
"""

import importlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations import counted
from expectations.files.rule import FileRule
from expectations.verdict import CRITICAL, FILES, ROW_COUNT, GateError, Rule
from orchestration.lake import Lake
from orchestration.settings import Settings

POORTEN = {
    "bronnen": "Wat in het meer ligt, is wat de contracten zeggen; niets ging verloren.",
    "warehouse": "Het magazijn van vannacht is als geheel aannemelijk.",
    "publicatie": "Wat gepubliceerd gaat worden is volledig, telt op en zegt van zichzelf wat waar is.",
    "openbaar": "Wat openbaar wordt is volledig, telt op, en heeft geen cijfer waar het is achtergehouden.",
}
HAS_ROWS = "de tabel heeft rijen"


@dataclass(frozen=True)
class Table:
    """A frame and its expectations.

    Args:
        name: Display name of the table.
        frame: A pandas DataFrame.
        suite: The `great_expectations.ExpectationSuite`; each expectation has a Dutch `description` and a `severity`.
        over: The tables whose data it is about, if the gate computed the table itself.
    """

    name: str
    frame: Any
    suite: Any
    over: tuple[str, ...] = ()

    @property
    def is_counted(self) -> bool:
        """Whether the frame has counts of rows (`expectations.counted`), for example of each delivery; findings then count those rows."""
        return counted.ROWS in self.frame

    @property
    def size(self) -> int:
        """Number of rows, of the frame or behind its counts."""
        return int(self.frame[counted.ROWS].sum()) if self.is_counted else len(self.frame)


def load(poort: str) -> dict[str, Any]:
    """Return the suites of a gate, as Great Expectations' own objects.

    Args:
        poort: The gate.

    Returns:
        The `great_expectations.ExpectationSuite` of each table, by name; new objects at each call.

    Raises:
        GateError: There is no such gate.
    """
    import great_expectations as gx

    declared = _module(poort).expectations()
    return {name: gx.ExpectationSuite(name=f"{poort}.{name}", expectations=expected) for name, expected in declared.items()}


def rules(poort: str) -> list[Rule]:
    """List every rule of a gate: for each table that it has rows, then its expectations; then the rules on files.

    Raises:
        GateError: There is no such gate.
    """
    over = _module(poort).OVER
    found = []
    for table, suite in load(poort).items():
        found.append(has_rows(poort, table, over.get(table, ())))
        found += [as_rule(poort, table, expectation.configuration, over.get(table, ())) for expectation in suite.expectations]
    on_files = [Rule(poort, rule.verwachting, rule.tabel, rule.kolom, CRITICAL, motor=FILES) for rule in file_rules(poort)]
    return found + on_files


def file_rules(poort: str) -> tuple[FileRule, ...]:
    """Return the rules of a gate on the files to publish; empty if it only checks tables.

    Raises:
        GateError: There is no such gate.
    """
    return tuple(_module(poort).FILE_RULES)


def zone(poort: str) -> str:
    """Return the zone whose files a gate has rules on."""
    return str(_module(poort).ZONE)


def standing(poort: str, settings: Settings) -> tuple[list[Table], Path]:
    """Read the current data of a gate: the lake, the current warehouse, or the current release.

    Args:
        poort: The gate.
        settings: Gives the lake and the gemeenten.

    Returns:
        The tables, and the file or folder that they were read from.

    Raises:
        GateError: There is no such gate.
        FileNotFoundError: There is no data yet.
    """
    tables, judged = _module(poort).standing(Lake.of(settings), settings)
    return tables, judged


def existing(path: Path) -> Path:
    """Resolve the path of an existing file or folder.

    Raises:
        FileNotFoundError: The path does not exist.
    """
    return path.resolve(strict=True)


def has_rows(poort: str, table: str, over: tuple[str, ...] = ()) -> Rule:
    """Return the rule that a table has rows: without it most expectations pass on an empty table."""
    return Rule(poort, HAS_ROWS, table, "", CRITICAL, motor=ROW_COUNT, over=over)


def as_rule(poort: str, table: str, configuration: Any, over: tuple[str, ...] = ()) -> Rule:
    """Convert an expectation to a rule.

    Args:
        poort: The gate.
        table: The table that it applies to.
        configuration: The `ExpectationConfiguration` of the expectation.
        over: The tables whose data it checks.
    """
    given, named = configuration.kwargs, (configuration.meta or {}).get(counted.COLUMN)
    columns = [given[name] for name in ("column", "column_A", "column_B") if name in given] or given.get("column_list") or []
    severity = getattr(configuration.severity, "value", configuration.severity)
    return Rule(poort, configuration.description or configuration.type, table, named or ", ".join(columns), str(severity), over=over)


def paired(poort: str, frames: Mapping[str, Any], *, optional: Collection[str] = ()) -> list[Table]:
    """Pair each frame with the suite of the same name.

    Args:
        poort: The gate.
        frames: A pandas DataFrame for each table.
        optional: The tables that may have no frame, or no rows; their rules are then skipped.

    Raises:
        GateError: A table of the gate has no frame, or a frame no suite.
    """
    suites, over = load(poort), _module(poort).OVER
    if unmatched := suites.keys() - frames.keys() - set(optional) | frames.keys() - suites.keys():
        raise GateError(f"poort {poort}: niet elke tabel heeft zowel rijen als verwachtingen: {', '.join(sorted(unmatched))}")
    found = [Table(name, frames[name], suite, over.get(name, ())) for name, suite in suites.items() if name in frames]
    return [table for table in found if table.size or table.name not in optional]


def sql_text(value: object) -> str:
    """Quote a value, such as a path, as an SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"


def _module(poort: str) -> Any:
    if poort not in POORTEN:
        raise GateError(f"er is geen poort {poort}; er zijn: {', '.join(POORTEN)}")
    return importlib.import_module(f"expectations.suites.{poort}")
