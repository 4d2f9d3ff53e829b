"""A gate: runs a suite of Great Expectations over some tables, and refuses to pass on nothing.

Put here: how a suite is run, what counts as evidence, and the plain result that others read. Keep out: what the data must look like
(`suites/`), and Dagster.

Great Expectations takes 4 to 16 seconds to import, so it is imported inside the function. It sends usage statistics unless told
otherwise before its import, and copies failing values into its results unless told otherwise at each run: both are switched off here.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, digest, remove, replace_bytes

POORTEN = ("bronnen", "warehouse", "publicatie")  # of every night
OPENBAAR = "openbaar"  # and of one that publishes `openbaar`, on what is left of the figures


@dataclass(frozen=True)
class Table:
    """A frame and what is expected of it.

    Args:
        name: The table's name as a person knows it.
        frame: A pandas DataFrame.
        expectations: Great Expectations' expectations, each with a Dutch `description` and a `severity`; at least one.
        rows: For a frame that counts, a row per delivery say: the column that holds how many rows each of its rows stands for. Its other
            columns then count those that deviate, and findings count them all, not the frame's own.
    """

    name: str
    frame: Any
    expectations: Sequence[Any]
    rows: str = ""

    @property
    def size(self) -> int:
        """How many rows it has, or stands for."""
        return int(self.frame[self.rows].sum()) if self.rows else len(self.frame)


@dataclass(frozen=True)
class Finding:
    """What one expectation saw: a row of the published `poorten`."""

    poort: str
    verwachting: str
    tabel: str
    kolom: str
    ernst: str
    geslaagd: bool
    gezien: int
    afwijkend: int


@dataclass(frozen=True)
class Verdict:
    """What a gate found. It is green when every critical expectation was evaluated, on rows, and held."""

    poort: str
    sha256: str
    findings: tuple[Finding, ...]

    @property
    def red(self) -> tuple[Finding, ...]:
        """The critical expectations that did not hold."""
        return tuple(finding for finding in self.findings if not finding.geslaagd and finding.ernst == "critical")

    @property
    def passed(self) -> bool:
        """Whether the gate lets the data through: never on nothing."""
        return bool(self.findings) and not self.red

    @property
    def sentence(self) -> str:
        """What a person must know of a red gate; empty when it is green."""
        red = "; ".join(
            f"{finding.tabel}{'.' + finding.kolom if finding.kolom else ''}: {finding.verwachting} ({finding.afwijkend} afwijkend)"
            for finding in self.red
        )
        return f"de poort {self.poort} is rood: {red}" if red else ""

    def of(self, tabel: str) -> tuple[Finding, ...]:
        """The findings of one table."""
        return tuple(finding for finding in self.findings if finding.tabel.split("__")[-1] == tabel)

    def covers(self, path: Path) -> bool:
        """Whether these are the bytes that the gate judged."""
        return path.exists() and digest(path) == self.sha256

    def require(self, path: Path) -> None:
        """Refuse to go on with anything but what this gate judged and found green.

        Raises:
            GateError: The gate is red, or judged other bytes.
        """
        if not self.passed:
            raise GateError(self.sentence or f"de poort {self.poort} heeft niets gekeurd")
        if not self.covers(path):
            raise GateError(f"de poort {self.poort} heeft iets anders gekeurd dan wat nu klaarstaat; draai eerst leerplicht run")


class GateError(LeerplichtError):
    """A gate that could not do its work: no tables, an empty suite, an expectation that was not evaluated."""


def run(poort: str, tables: Sequence[Table], lake: Lake, judged: Path) -> Verdict:
    """Evaluate every expectation of a gate, write its Data Docs, and leave the findings in `lake.gates`.

    Args:
        poort: The gate's name.
        tables: What is looked at; an empty frame is itself a finding that makes the gate red.
        lake: Where results and Data Docs go.
        judged: The file or folder that the tables were read from; the verdict holds for its bytes only.

    Returns:
        The verdict; its findings carry counts, never a value.

    Raises:
        GateError: There was nothing to evaluate, or Great Expectations evaluated other than what was declared.
    """
    if not tables or any(not table.expectations for table in tables):
        raise GateError(f"poort {poort}: een poort zonder tabellen of zonder verwachtingen laat niets door")
    context = _context(lake.gx / poort)
    findings: list[Finding] = []
    for table in tables:
        findings.append(_rows(poort, table))
        if len(table.frame):
            findings += _evaluate(context, poort, table)
    context.build_data_docs()
    _cut_external_references(lake.gx / poort)
    verdict = Verdict(poort, digest(judged) if judged.exists() else "", tuple(findings))
    replace_bytes(lake.gates / f"{poort}.json", json.dumps(asdict(verdict), ensure_ascii=False, indent=1).encode())
    return verdict


def read(poort: str, lake: Lake) -> Verdict:
    """Read the verdict that the gate's last run left.

    Raises:
        GateError: The gate has not run on this lake.
    """
    try:
        found = json.loads((lake.gates / f"{poort}.json").read_bytes())
    except FileNotFoundError:
        raise GateError(f"de poort {poort} heeft op dit meer nog niets gekeurd; draai eerst leerplicht run") from None
    return Verdict(found["poort"], found["sha256"], tuple(Finding(**row) for row in found["findings"]))


def _rows(poort: str, table: Table) -> Finding:
    count = table.size
    return Finding(poort, "de tabel heeft rijen", table.name, "", "critical", count > 0, count, int(count == 0))


def _context(folder: Path) -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    remove(folder)  # the file context keeps every run's results under new names, for ever
    folder.mkdir(parents=True)
    context = gx.get_context(mode="file", project_root_dir=str(folder))
    context.variables.progress_bars = {"globally": False}
    return context


def _evaluate(context: Any, poort: str, table: Table) -> list[Finding]:
    import great_expectations as gx

    source = context.data_sources.add_or_update_pandas(poort)
    batch = source.add_dataframe_asset(table.name).add_batch_definition_whole_dataframe("alles")
    suite = context.suites.add(gx.ExpectationSuite(name=f"{poort}.{table.name}", expectations=list(table.expectations)))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=suite.name, data=batch, suite=suite))
    outcome = definition.run(
        batch_parameters={"dataframe": table.frame},
        result_format={"result_format": "SUMMARY", "partial_unexpected_count": 0},
    )
    if len(outcome.results) != len(table.expectations):
        raise GateError(f"poort {poort}, tabel {table.name}: niet elke verwachting is beoordeeld")
    return [_finding(poort, table, result) for result in outcome.results]


def _finding(poort: str, table: Table, result: Any) -> Finding:
    config = result.expectation_config
    if result.exception_info.get("raised_exception") or any(
        isinstance(info, dict) and info.get("raised_exception") for info in result.exception_info.values()
    ):
        raise GateError(f"poort {poort}, tabel {table.name}: {config.type} kon niet worden beoordeeld")
    columns = config.kwargs.get("column_list") or config.kwargs.get("column_set") or []
    pair = [config.kwargs[name] for name in ("column", "column_A", "column_B") if name in config.kwargs]
    seen, deviating = int(result.result.get("element_count", len(table.frame))), 0 if result.success else 1
    deviating = int(result.result.get("unexpected_count", deviating))
    if table.rows:
        seen, deviating = table.size, int(table.frame[config.kwargs["column"]].sum())
    return Finding(
        poort=poort,
        verwachting=config.description or config.type,
        tabel=table.name,
        kolom=", ".join(map(str, pair or columns)),
        ernst=str(getattr(config.severity, "value", config.severity)),
        geslaagd=bool(result.success),
        gezien=seen,
        afwijkend=deviating,
    )


def _cut_external_references(folder: Path) -> None:
    """Take out of the Data Docs what a browser would fetch from elsewhere: scripts, styles, and a logo that carries an id."""
    from lxml import html

    external = "//*[starts-with(@src, 'http') or self::link[starts-with(@href, 'http')] or self::style[contains(., '://')]]"
    for page in folder.rglob("data_docs/**/*.html"):
        tree = html.document_fromstring(page.read_bytes())
        for element in cast(list[html.HtmlElement], tree.xpath(external)):
            element.drop_tree()
        page.write_bytes(html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>"))
