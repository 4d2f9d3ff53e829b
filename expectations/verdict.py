"""The verdict of a gate: what it judged, by hash, and what each of its rules found there.

Put here: the shape of a verdict, the sentence that a person reads, and where it is kept. Keep out: evaluating a rule (`gate.py`), and
what the rules are (`suites/`).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration.errors import LeerplichtError
from orchestration.lake import Lake, digest, replace_bytes

POORTEN = ("bronnen", "warehouse", "publicatie")  # of every night
OPENBAAR = "openbaar"  # and of a night that publishes `openbaar`

CRITICAL, WARNING = "critical", "warning"
GREAT_EXPECTATIONS, ROW_COUNT, FILES = "Great Expectations", "aantal rijen", "bestanden"
SHOWN = 5


class GateError(LeerplichtError):
    """A gate that could not judge, is red, or judged something else; the message is one Dutch sentence."""


class NoVerdictError(GateError):
    """The gate has not judged anything on this lake yet."""


@dataclass(frozen=True)
class Rule:
    """What must hold, and where.

    Args:
        poort: The gate.
        verwachting: What must hold, in Dutch.
        tabel: The table, or the files, that it holds of.
        kolom: The column or columns; empty where it holds of the whole.
        ernst: `critical` stops the night; `warning` does not.
        motor: What evaluates it: Great Expectations, the number of rows, or a function on the files that go out.
        over: The tables whose data it is about, where `tabel` is one that the gate made itself.
    """

    poort: str
    verwachting: str
    tabel: str
    kolom: str
    ernst: str
    motor: str = field(default=GREAT_EXPECTATIONS, kw_only=True)
    over: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def plek(self) -> str:
        """The table and, after a point, the column."""
        return f"{self.tabel}.{self.kolom}" if self.kolom else self.tabel

    def about(self, table: str) -> bool:
        """Whether it is about the data of a table, such as `melding` or `duo__verzuimmelding`."""
        return any(table in (name, name.rpartition("__")[2]) for name in (self.tabel, *self.over))


@dataclass(frozen=True)
class Finding(Rule):
    """What a rule found: counts, never a value.

    Args:
        geslaagd: Whether it holds.
        gezien: How many rows (of rules on files as such: files) were looked at.
        afwijkend: How many of them deviate.
        waar: Of rules on files the first places that deviate: file, row, and which published figure.
    """

    geslaagd: bool
    gezien: int
    afwijkend: int
    waar: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def is_red(self) -> bool:
        """Whether it stops the night."""
        return not self.geslaagd and self.ernst == CRITICAL

    @property
    def sentence(self) -> str:
        """Where something deviates from what, and how often."""
        where = f": {'; '.join(self.waar)}" if self.waar else ""
        return f"{self.plek}: {self.verwachting} ({self.afwijkend} afwijkend{where})"


@dataclass(frozen=True)
class Verdict:
    """What a gate found. It is green when every critical rule was evaluated, on rows, and holds.

    Args:
        poort: The gate.
        findings: Of each rule what it found, in the order of the rules.
        sha256: The `digest` of what was judged.
        gekeurd: Where that lay, in the lake.
        op: When, ISO 8601 in UTC.
        na: The `sha256` of the verdict on what this was made of; empty of the first gate.
    """

    poort: str
    findings: tuple[Finding, ...]
    sha256: str
    gekeurd: str = ""
    op: str = ""
    na: str = ""

    @property
    def red(self) -> tuple[Finding, ...]:
        """The critical rules that do not hold."""
        return tuple(finding for finding in self.findings if finding.is_red)

    @property
    def passed(self) -> bool:
        """Whether the gate lets the data through: never on nothing."""
        return bool(self.findings) and not self.red

    @property
    def on_tables(self) -> tuple[Finding, ...]:
        """The findings that are published in `poorten`: those of the rules on files cannot be, as that is one of the files."""
        return tuple(finding for finding in self.findings if finding.motor != FILES)

    @property
    def sentence(self) -> str:
        """Why the gate is red, for a person; empty when it is green."""
        if self.passed:
            return ""
        if not self.findings:
            return f"de poort {self.poort} heeft niets beoordeeld"
        more = f"; en nog {len(self.red) - SHOWN}" if len(self.red) > SHOWN else ""
        return f"de poort {self.poort} is rood: {'; '.join(finding.sentence for finding in self.red[:SHOWN])}{more}"

    def of(self, table: str) -> tuple[Finding, ...]:
        """The findings about the data of one table, such as `melding` or `duo__verzuimmelding`."""
        return tuple(finding for finding in self.findings if finding.about(table))

    def covers(self, path: Path) -> bool:
        """Whether what lies at a path, a file or a folder, is byte for byte what was judged."""
        return path.exists() and digest(path) == self.sha256

    def require(self, path: Path, after: "Verdict | None" = None) -> None:
        """Go on only with what this gate judged and let through.

        Args:
            path: What is about to be used.
            after: The verdict on what that should be made of.

        Raises:
            GateError: The gate is red, what lies at the path is not what it judged, or it was made of something else.
        """
        if not self.passed:
            raise GateError(self.sentence)
        if not self.covers(path) or (after and after.sha256 != self.na):
            raise GateError(f"de poort {self.poort} heeft iets anders gekeurd dan wat nu klaarstaat; draai eerst leerplicht run")


def read(poort: str, lake: Lake) -> Verdict:
    """Read the last verdict of a gate.

    Raises:
        NoVerdictError: The gate has not judged anything on this lake, or a version before this one judged it.
    """
    path = lake.gates / f"{poort}.json"
    content: Any = json.loads(path.read_bytes()) if path.is_file() else None
    if not isinstance(content, dict):
        raise NoVerdictError(f"de poort {poort} heeft nog niets gekeurd; draai eerst leerplicht run")
    return Verdict(**{**content, "findings": tuple(_finding(row) for row in content["findings"])})


def write(verdict: Verdict, lake: Lake) -> None:
    """Keep a verdict, in the place of the one before."""
    content = json.dumps(asdict(verdict), ensure_ascii=False, indent=1)
    replace_bytes(lake.gates / f"{verdict.poort}.json", content.encode())


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(**{**row, "over": tuple(row["over"]), "waar": tuple(row["waar"])})
