"""Decides whether a night publishes `openbaar`.

Every release discloses something, and two releases also disclose their difference; so `openbaar` is published once a year: when a
schooljaar closed. The decision depends on the deliveries, not on the clock, so a night that is rerun decides the same.

Put here: that decision. Keep out: which schooljaren are closed (`kern.schooljaar`), and publishing.
"""

from pathlib import Path

from orchestration.lake import Lake
from orchestration.publication import manifest, parquet, register
from orchestration.publication.disclosure import openbaar
from orchestration.settings import Settings

FIRST_VERSION = 2  # of the contract of what is published: before it, `openbaar` was protected otherwise


def is_due(lake: Lake, settings: Settings) -> bool:
    """Return whether a night publishes `openbaar` without an explicit request; a look back never does.

    Args:
        lake: The lake, with this night's warehouse in place.
        settings: `openbaar` selects the first night after a schooljaar closed, or none.
    """
    if settings.known_at is not None or settings.openbaar == "op_verzoek":
        return False
    closed = openbaar.closed(lake)
    return bool(closed) and closed[-1] > last_published(lake)


def last_published(lake: Lake) -> str:
    """Return the last schooljaar of all releases of `openbaar` that hold closed schooljaren only; empty if there is none."""
    folders = [release.folder for release in register.releases(lake, "openbaar") if _holds_closed_years(release.folder)]
    return max((row["schooljaar"] for folder in folders for row in parquet.read(folder, "kerncijfers", columns=["schooljaar"])), default="")


def _holds_closed_years(folder: Path) -> bool:
    """Return whether a release was made by this method; one before it held the running schooljaar too."""
    return int(manifest.read(folder)["contracten"]["publicatie"].partition(".")[0]) >= FIRST_VERSION
