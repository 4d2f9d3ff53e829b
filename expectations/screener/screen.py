"""Screening a release: every rule, on the files that go out.

Put here: which rules there are. Keep out: rules.
"""

from pathlib import Path

from expectations.screener import files, numbers, staged, times, words
from expectations.screener.rule import Finding, Rule

RULES: tuple[Rule, ...] = (*files.RULES, *words.RULES, *times.RULES, *numbers.RULES)
SENTENCES = {rule.code: rule.sentence for rule in RULES}


def screen(folder: Path, zone: str) -> list[Finding]:
    """Look at a release with every rule.

    Args:
        folder: All its files, with `datapackage.json`, without those that tell of the run.
        zone: `intern` or `openbaar`.

    Returns:
        Everything that breaks a rule; nothing when it may go out. A folder without tables is not nothing: each one is missed.
    """
    return findings(staged.read(folder, zone))


def findings(release: staged.Staged) -> list[Finding]:
    """Everything that breaks a rule, in the order of the rules."""
    return [finding for rule in RULES for finding in rule.findings(release)]


def told(finding: Finding) -> str:
    """Say in Dutch where a rule is broken, and which: the file, the row, the column, and what must hold there."""
    return f"{finding.where}{', ' if finding.reason else ''}{finding.reason} – {SENTENCES[finding.code].rstrip('.')}"
