"""A rule on the files to publish: its description, the files or tables it applies to, and the function that yields deviations.

Put here: the data model and evaluation of a rule. Keep out: rules.
"""

from collections.abc import Callable
from dataclasses import dataclass

from expectations.files.staged import Faults, Staged
from expectations.verdict import CRITICAL, FILES, SHOWN, Finding


@dataclass(frozen=True)
class FileRule:
    """A rule on the files of a release.

    Args:
        verwachting: Description of the rule, in Dutch.
        on: The tables that it checks, or one of `staged.FILES`, `staged.TABLES`, `staged.CSV`.
        kolom: The columns that it applies to; empty if it applies to the whole.
        check: Function that yields every deviation.
    """

    verwachting: str
    on: tuple[str, ...]
    kolom: str
    check: Callable[[Staged], Faults]

    @property
    def tabel(self) -> str:
        """The files or tables that it checks, as text."""
        return ", ".join(self.on)

    def evaluate(self, poort: str, staged: Staged) -> Finding:
        """Check a release; the rule fails if there is nothing to check."""
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
    """Decorate a function that yields deviations, to make it a rule."""
    return lambda check: FileRule(verwachting, on, kolom, check)
