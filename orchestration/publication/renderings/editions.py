"""Lists the releases of a zone for readers: when each was made, its status, and in one line what changed.

Put here: that list. Keep out: each changed figure (`publication/diff.py`), and laying the list out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.lake import Lake
from orchestration.publication import manifest, parquet, register
from orchestration.publication.diff import compare
from orchestration.publication.extract import Row
from orchestration.publication.renderings.source import Source
from orchestration.publication.weergave import count

MOST_COMPARED = 25  # releases; in `intern` there is one a night, and comparing two takes a tenth of a second
FIRST = "Dit is de eerste versie."
SAME = "Geen enkel cijfer is anders."


@dataclass(frozen=True)
class Edition:
    """A release in the list.

    Args:
        release: Its name.
        status: `voorlopig` or `definitief`.
        kennisdatum: The latest kennisdatum of its deliveries.
        since: When it became definitief; None if it is not.
        changed: What changed since the one before it, in one line; empty if that was not looked up.
    """

    release: str
    status: str
    kennisdatum: datetime
    since: datetime | None
    changed: str

    @property
    def updated(self) -> datetime:
        """When something about it last changed that readers see."""
        return max(self.kennisdatum, self.since) if self.since else self.kennisdatum


def of(lake: Lake, source: Source) -> list[Edition]:
    """Return the releases of a zone up to one of them, the last first; that one alone if the lake does not have it.

    Args:
        lake: The lake that published them.
        source: The release.
    """
    there = register.releases(lake, source.zone)
    upto = next((at for at, one in enumerate(there, 1) if one.name == source.release), 0)
    if not upto:
        return [alone(source)]
    pairs = list(zip([None, *there], there[:upto], strict=False))
    found = [_edition(before, one, is_compared=upto - at <= MOST_COMPARED) for at, (before, one) in enumerate(pairs)]
    return found[::-1]


def alone(source: Source) -> Edition:
    """Return a release of which no other is known."""
    return Edition(source.release, source.status, source.kennisdatum, None, FIRST)


def _edition(before: register.Release | None, one: register.Release, *, is_compared: bool) -> Edition:
    kennisdatum = datetime.fromisoformat(manifest.read(one.folder)["kennisdatum"])
    since = datetime.fromisoformat(one.approved.op) if one.approved else None
    told = FIRST if before is None else changed(before.folder, one.folder) if is_compared else ""
    return Edition(one.name, one.status, kennisdatum, since, told)


def changed(earlier: Path, later: Path) -> str:
    """Say in one line what changed between two releases, of the figures without breakdown."""
    found = [change for change in compare(earlier, later).changes if change.tabel == "kerncijfers"]
    came = [change.row for change in found if change.soort == "nieuw"]
    gone = [change.row for change in found if change.soort == "weg"]
    kept = {change.row["schooljaar"] for change in found} - _whole_years(came, earlier) - _whole_years(gone, later)
    parts = [f"Schooljaar {year} kwam erbij." for year in sorted(_whole_years(came, earlier))]
    parts += [f"Schooljaar {year} staat er niet meer in." for year in sorted(_whole_years(gone, later))]
    parts += _told(sum(change.soort in ("cijfer", "status") for change in found), "{} cijfer is anders.", "{} cijfers zijn anders.")
    parts += _told(sum(row["schooljaar"] in kept for row in came), "{} cijfer kwam erbij.", "{} cijfers kwamen erbij.")
    parts += _told(sum(row["schooljaar"] in kept for row in gone), "{} cijfer staat er niet meer in.", "{} cijfers staan er niet meer in.")
    return " ".join(parts) or SAME


def _whole_years(rows: Sequence[Row], other: Path) -> set[str]:
    """Return the schooljaren of these rows of which the other release has nothing."""
    return {row["schooljaar"] for row in rows} - {row["schooljaar"] for row in parquet.read(other, "kerncijfers")}


def _told(number: int, one: str, more: str) -> list[str]:
    return [(one if number == 1 else more).format(count(number))] if number else []
