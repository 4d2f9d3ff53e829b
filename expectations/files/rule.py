"""A rule on the files that go out: what must hold, of which files or tables, and the function that finds what deviates.

Put here: the shape of a rule, and what it gives. Keep out: rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from expectations.files.staged import Staged
from expectations.verdict import CRITICAL, FILES, SHOWN, Finding

Faults = Iterator[tuple[str, str]]
"""Of each fault its place (the file, and in it the row with its number and key), and which column or what is wrong there."""


@dataclass(frozen=True)
class FileRule:
    """Something that must hold of the files of a release.

    Args:
        verwachting: What must hold, in Dutch.
        on: The tables that it looks at, or one of `staged.FILES`, `staged.TABLES`, `staged.CSV`.
        kolom: The columns that it holds of; empty where it holds of the whole.
        check: Yields every fault.
    """

    verwachting: str
    on: tuple[str, ...]
    kolom: str
    check: Callable[[Staged], Faults]

    @property
    def tabel(self) -> str:
        """What it looks at, in words."""
        return ", ".join(self.on)

    def evaluate(self, poort: str, staged: Staged) -> Finding:
        """Look at a release; the rule never holds when there is nothing to look at."""
        faults: dict[str, str] = {}
        for place, what in self.check(staged):
            faults.setdefault(place, what)
        seen = staged.size(*self.on)
        return Finding(
            poort=poort,
            verwachting=self.verwachting,
            tabel=self.tabel,
            kolom=self.kolom,
            ernst=CRITICAL,
            geslaagd=not faults and seen > 0,
            gezien=seen,
            afwijkend=len(faults),
            motor=FILES,
            waar=tuple(f"{place}, {what}" if what else place for place, what in list(faults.items())[:SHOWN]),
        )


def rule(verwachting: str, on: tuple[str, ...], kolom: str = "") -> Callable[[Callable[[Staged], Faults]], FileRule]:
    """Make a rule of a function that yields what deviates."""
    return lambda check: FileRule(verwachting, on, kolom, check)
