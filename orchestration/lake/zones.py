"""The zones of trust of the data lake: who may read which path.

Put here: that table. Keep out: the paths themselves (`paths.py`), and changing a mode (`orchestration.access`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from orchestration.access import Access

PRIVATE = Access(0o700, 0o600)
PASSAGE = Access(0o711, 0o600)  # leads to a zone that others read, and does not show what else there is
EVERYBODY = Access(0o755, 0o644)
PASSAGES = ("", "published")


@dataclass(frozen=True)
class Readers:
    """The groups that read a zone, by number; None where only the pipeline does.

    Args:
        analysts: Reads the warehouse.
        intern: Reads the releases `intern`.
    """

    analysts: int | None = None
    intern: int | None = None

    @cached_property
    def zones(self) -> Mapping[str, Access]:
        """The access of everything in the lake, by path: of a file, or of a folder and all below it. The longest path that matches holds.

        Two more rules: what leads to a zone is a passage (`PASSAGES`), and a name that begins with a dot is unfinished, so private.
        """
        analysts = Access.of_group(0o750, 0o440, self.analysts)
        return {
            "landing": PRIVATE,
            "lake": PRIVATE,
            "quarantine": PRIVATE,
            "werk": PRIVATE,
            "auditlog": replace(Access.of_group(0o3730, 0o600, self.analysts), is_shared=True),
            "warehouse": analysts,
            "warehouse/bouw": PRIVATE,
            "warehouse/wisselingen.jsonl": PRIVATE,
            "published": PRIVATE,
            "published/intern": Access.of_group(0o750, 0o640, self.intern),
            "published/intern/bescherming": PRIVATE,
            "published/intern/register.jsonl": PRIVATE,
            "published/openbaar": EVERYBODY,
            "status": Access.of_group(0o750, 0o640, self.intern),
        }

    def access_of(self, place: str) -> Access:
        """Return the access of a path in the lake, which is written from its root."""
        if place in PASSAGES:
            return PASSAGE
        if place.startswith(".") or "/." in place:
            return PRIVATE
        while place and place not in self.zones:
            place = place.rpartition("/")[0]
        return self.zones.get(place, PRIVATE)
