"""What changed in the figures since the release before this one.

Put here: the choice of the two releases, and the few changes that fit a screen. Keep out: comparing (`orchestration.publication.diff`).
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from orchestration.lake import Lake
from orchestration.publication import diff, register
from orchestration.publication.diff import Change

SHOWN = 5


@dataclass(frozen=True)
class Changed:
    """What changed for readers of `intern`.

    Args:
        van: The earlier release.
        naar: The release that readers have.
        aantallen: The number of changes of each kind.
        grootste: The largest changes of kerncijfers.
    """

    van: str
    naar: str
    aantallen: dict[str, int]
    grootste: tuple[Change, ...]


def changed(lake: Lake) -> Changed | None:
    """Return what changed between the last two releases of `intern`; None if there are no two.

    Raises:
        DamageError: The register is damaged.
        OSError: A release cannot be read.
    """
    pointer = lake.published("intern") / register.CURRENT
    there = register.releases(lake, "intern")
    names = [one.name for one in there]
    current = pointer.readlink().name if pointer.is_symlink() else ""
    place = names.index(current) if current in names else 0
    if place == 0:
        return None
    earlier, later = there[place - 1], there[place]
    changes = diff.compare(earlier.folder, later.folder).changes
    largest = sorted((change for change in changes if change.tabel == "kerncijfers"), key=_size, reverse=True)
    return Changed(earlier.name, later.name, dict(Counter(change.soort for change in changes)), tuple(largest[:SHOWN]))


def _size(change: Change) -> Decimal:
    return abs(Decimal(change.verschil or 0))
