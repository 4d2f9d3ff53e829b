"""The verdict of a gate: the hash of the validated data, and the finding of each rule.

Put here: the data model of a verdict, its message for the user, and its storage. Keep out: evaluating a rule (`gate.py`), and the rules
themselves (`suites/`).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration import whole
from orchestration.errors import LeerplichtError
from orchestration.lake import Lake
from orchestration.lake.files import digest, replace_bytes
from orchestration.outcome import Afloop

POORTEN = ("bronnen", "warehouse", "publicatie")  # run every night
OPENBAAR = "openbaar"  # runs in addition if a night publishes `openbaar`

CRITICAL, WARNING = "critical", "warning"
GREAT_EXPECTATIONS, ROW_COUNT, FILES = "Great Expectations", "aantal rijen", "bestanden"
SHOWN = 5


class GateError(LeerplichtError):
    """A gate could not be evaluated, is red, or validated other data; the message is one Dutch sentence."""

    afloop = Afloop.POORT_ROOD


class NoVerdictError(GateError):
    """The gate has not run on this lake yet."""

    afloop = Afloop.MISLUKT


@dataclass(frozen=True)
class Rule:
    """A rule on a table or on files.

    Args:
        poort: The gate.
        verwachting: Description of the rule, in Dutch.
        tabel: The table, or the files, that it applies to.
        kolom: The column or columns; empty if it applies to the whole table.
        ernst: `critical` stops the night; `warning` does not.
        motor: The evaluator: Great Expectations, the row count, or a function on the files to publish.
        over: The tables whose data it checks, if `tabel` is one that the gate computed itself.
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
        """The table and, after a dot, the column."""
        return f"{self.tabel}.{self.kolom}" if self.kolom else self.tabel

    def about(self, table: str) -> bool:
        """Return whether it checks the data of a table, such as `melding` or `duo__verzuimmelding`."""
        return any(table in (name, name.rpartition("__")[2]) for name in (self.tabel, *self.over))


@dataclass(frozen=True)
class Finding(Rule):
    """The result of a rule: counts, never a value.

    Args:
        geslaagd: Whether the rule holds.
        gezien: Number of rows (or files, for rules on files as such) that were checked.
        afwijkend: Number of rows or files that deviate.
        waar: The first deviating places, for rules on files: file, row, and the published figure.
    """

    geslaagd: bool
    gezien: int
    afwijkend: int
    waar: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def is_red(self) -> bool:
        """Whether it blocks the night."""
        return not self.geslaagd and self.ernst == CRITICAL

    @property
    def sentence(self) -> str:
        """The place, the rule and the number of deviations, in one sentence."""
        where = f": {'; '.join(self.waar)}" if self.waar else ""
        return f"{self.plek}: {self.verwachting} ({self.afwijkend} afwijkend{where})"


@dataclass(frozen=True)
class Verdict:
    """The result of a gate. It is green if every critical rule was evaluated on at least one row and holds.

    Args:
        poort: The gate.
        findings: The finding of each rule, in the order of the rules.
        sha256: The `digest` of the validated data.
        gekeurd: Path of that data, in the lake.
        op: Time, ISO 8601 in UTC.
        na: The `sha256` of the verdict on the data that this was derived from; empty for the first gate.
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
        """Whether the gate passes; never on empty data."""
        return bool(self.findings) and not self.red

    @property
    def on_tables(self) -> tuple[Finding, ...]:
        """The findings that are published in `poorten`, without those of the rules on files, as `poorten` is one of the files."""
        return tuple(finding for finding in self.findings if finding.motor != FILES)

    @property
    def sentence(self) -> str:
        """The reason why the gate is red, for the user; empty if it is green."""
        if self.passed:
            return ""
        if not self.findings:
            return f"de poort {self.poort} heeft niets beoordeeld"
        more = f"; en nog {len(self.red) - SHOWN}" if len(self.red) > SHOWN else ""
        return f"de poort {self.poort} is rood: {'; '.join(finding.sentence for finding in self.red[:SHOWN])}{more}"

    def of(self, table: str) -> tuple[Finding, ...]:
        """Return the findings on the data of one table, such as `melding` or `duo__verzuimmelding`."""
        return tuple(finding for finding in self.findings if finding.about(table))

    def covers(self, path: Path) -> bool:
        """Return whether a file or folder is byte for byte what was validated."""
        return path.exists() and digest(path) == self.sha256

    def require(self, path: Path, after: "Verdict | None" = None) -> None:
        """Raise unless the gate is green and validated exactly this data.

        Args:
            path: The data about to be used.
            after: The verdict on the data that it must be derived from.

        Raises:
            GateError: The gate is red, it validated other data than that at the path, or that data was derived from something else.
        """
        if not self.passed:
            raise GateError(self.sentence)
        if not self.covers(path) or (after and after.sha256 != self.na):
            raise GateError(f"de poort {self.poort} heeft iets anders gekeurd dan wat nu klaarstaat; draai eerst leerplicht run")


def read(poort: str, lake: Lake) -> Verdict:
    """Read the last verdict of a gate.

    Raises:
        NoVerdictError: The gate has not run on this lake, or its verdict is damaged or has the format of an older version.
    """
    path = lake.gates / f"{poort}.json"
    try:
        content, is_sealed = whole.unseal(path) if path.is_file() else (b"", False)
    except whole.DamageError:
        raise NoVerdictError(f"het oordeel van de poort {poort} is beschadigd: {path}; draai opnieuw leerplicht run") from None
    if not is_sealed:
        raise NoVerdictError(f"de poort {poort} heeft nog niets gekeurd; draai eerst leerplicht run")
    kept: Any = json.loads(content)
    return Verdict(**{**kept, "findings": tuple(_finding(row) for row in kept["findings"])})


def write(verdict: Verdict, lake: Lake) -> None:
    """Store a verdict, replacing the previous one."""
    content = json.dumps(asdict(verdict), ensure_ascii=False, indent=1)
    replace_bytes(lake.gates / f"{verdict.poort}.json", whole.seal(content.encode()))


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(**{**row, "over": tuple(row["over"]), "waar": tuple(row["waar"])})
