"""A rule of the screener, and what it finds.

Put here: the shape of both. Keep out: rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from expectations.screener.staged import Staged

Faults = Iterator[tuple[str, str]]
"""Of each fault where it is, and what is wrong there."""


@dataclass(frozen=True)
class Finding:
    """What is wrong, by which rule.

    Args:
        code: The rule's code.
        where: The file, and in it the row with its number and key.
        reason: What is wrong there, in a few words; empty where the rule's own sentence says it.
    """

    code: str
    where: str
    reason: str


@dataclass(frozen=True)
class Rule:
    """Something that must hold of a release.

    Args:
        code: Its name.
        sentence: What must hold, in Dutch.
        check: Gives every fault.
    """

    code: str
    sentence: str
    check: Callable[[Staged], Faults]

    def findings(self, staged: Staged) -> Iterator[Finding]:
        """Everything that breaks the rule."""
        return (Finding(self.code, where, reason) for where, reason in self.check(staged))


def rule(sentence: str) -> Callable[[Callable[[Staged], Faults]], Rule]:
    """Make a rule of a function; its name is the rule's code."""
    return lambda check: Rule(check.__name__, sentence, check)
