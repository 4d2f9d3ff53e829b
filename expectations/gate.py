"""A gate: evaluates its rules on data before the next step, fails on empty data, and stores the verdict with the hash of that data.

Put here: evaluating rules, and the evidence for a verdict. Keep out: the rules themselves (`suites/`), the data model of a verdict
(`verdict.py`), and Dagster.

Great Expectations takes 4 to 12 seconds to import, so it is imported inside the function. Its results hold failing values unless that is
disabled for each run. Its context is in memory: one on disk cost half of a gate's time, and only the findings are stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from expectations import counted, page, suites, verdict
from expectations.files import staged
from expectations.suites import Table
from expectations.verdict import OPENBAAR, POORTEN, Finding, GateError, NoVerdictError, Rule, Verdict, read
from orchestration import clock
from orchestration.lake import Lake
from orchestration.lake.files import digest

__all__ = ["OPENBAAR", "POORTEN", "Finding", "GateError", "NoVerdictError", "Verdict", "judge", "judge_files", "read", "run"]

NO_VALUES = {"result_format": "SUMMARY", "partial_unexpected_count": 0}


def run(poort: str, tables: Sequence[Table], lake: Lake, judged: Path, after: Verdict | None = None) -> Verdict:
    """Evaluate a gate, and store the verdict, green or red, in `lake.gates` and on the page of the gates.

    Args:
        poort: The gate.
        tables: The tables to validate; an empty frame is itself a finding that makes the gate red.
        lake: The lake to store the verdict in.
        judged: The file or folder that the tables were read from; the verdict covers only this.
        after: The verdict on the data that this was derived from.

    Raises:
        GateError: There was nothing to evaluate, or Great Expectations did not evaluate exactly the declared expectations.
    """
    found = judge(poort, tables, judged)
    return _keep(replace(found, gekeurd=_name(judged, lake), na=after.sha256 if after else ""), lake)


def judge(poort: str, tables: Sequence[Table], judged: Path) -> Verdict:
    """Evaluate every expectation of some tables, without storing the verdict.

    Args:
        poort: The gate.
        tables: The tables to validate.
        judged: The file or folder that the tables were read from.

    Raises:
        GateError: There was nothing to evaluate, or Great Expectations did not evaluate exactly the declared expectations.
    """
    if not tables or not all(table.suite.expectations for table in tables):
        raise GateError(f"de poort {poort} heeft geen tabellen, of een tabel zonder verwachtingen; zo laat zij niets door")
    if not judged.exists():
        raise GateError(f"de poort {poort} heeft niets om te keuren: {judged.name} is er nog niet")
    sha256 = digest(judged)
    whole = _whole_dataframe(poort)
    findings: list[Finding] = []
    for table in tables:
        findings.append(_rows(poort, table))
        if table.size:
            findings += _evaluate(whole.get_batch({"dataframe": table.frame}), poort, table)
    now = clock.now().isoformat(timespec="seconds")
    return Verdict(poort, tuple(findings), sha256, judged.name, now)


def judge_files(found: Verdict, folder: Path, lake: Lake) -> Verdict:
    """Evaluate the gate's rules on the files of a release, and add their findings to its verdict on the candidate.

    Args:
        found: The verdict on the candidate.
        folder: The staged files of the release, without the manifest, the hashes and the catalogue record.
        lake: The lake to store the verdict in.

    Raises:
        GateError: The gate has no rules on files.
    """
    return _keep(replace(found, findings=(*found.on_tables, *on_files(found.poort, folder))), lake)


def on_files(poort: str, folder: Path) -> Iterator[Finding]:
    """Evaluate the gate's rules on the files of a release.

    Raises:
        GateError: The gate has no rules on files.
    """
    rules = suites.file_rules(poort)
    if not rules:
        raise GateError(f"de poort {poort} heeft geen regels voor bestanden")
    release = staged.read(folder, suites.zone(poort))
    return (rule.evaluate(poort, release) for rule in rules)


def _keep(found: Verdict, lake: Lake) -> Verdict:
    verdict.write(found, lake)
    page.write(lake)
    return found


def _name(judged: Path, lake: Lake) -> str:
    return judged.relative_to(lake.root).as_posix() if judged.is_relative_to(lake.root) else judged.name


def _rows(poort: str, table: Table) -> Finding:
    return _finding(suites.has_rows(poort, table.name, table.over), table.size > 0, table.size, int(table.size == 0))


def _whole_dataframe(poort: str) -> Any:
    """Return Great Expectations' definition of a batch that is one whole frame, in a new context."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas(poort).add_dataframe_asset("tabel")
    return asset.add_batch_definition_whole_dataframe("alles")


def _evaluate(batch: Any, poort: str, table: Table) -> Iterator[Finding]:
    outcome = batch.validate(table.suite, result_format=NO_VALUES)
    if len(outcome.results) != len(table.suite.expectations):
        raise GateError(f"de poort {poort} heeft van de tabel {table.name} niet elke verwachting beoordeeld")
    for result in outcome.results:
        rule = suites.as_rule(poort, table.name, result.expectation_config, table.over)
        if _raised(result.exception_info):
            raise GateError(f"de poort {poort} kon niet beoordelen: {rule.plek}: {rule.verwachting}")
        seen, deviating = int(result.result.get("element_count", len(table.frame))), int(not result.success)
        deviating = int(result.result.get("unexpected_count", deviating))
        if table.is_counted:
            seen, deviating = table.size, int(table.frame[counted.deviating(result.expectation_config)].sum())
        yield _finding(rule, bool(result.success), seen, deviating)


def _raised(info: Any) -> bool:
    """Return whether an expectation raised; Great Expectations reports one exception, or one for each metric."""
    return bool(info.get("raised_exception")) or any(isinstance(one, dict) and one.get("raised_exception") for one in info.values())


def _finding(rule: Rule, passed: bool, seen: int, deviating: int) -> Finding:
    return Finding(**vars(rule), geslaagd=passed, gezien=seen, afwijkend=deviating)
