"""Decides whether a night publishes `openbaar`.

Every release discloses something, and two releases also disclose their difference; so `openbaar` is published seldom. The decision depends
on the deliveries, not on the clock: the month is that of the latest kennisdatum, in the Netherlands. So a night that is rerun, later or on
another machine, decides the same.

Put here: that decision. Keep out: publishing.
"""

from zoneinfo import ZoneInfo

from orchestration.lake import Lake
from orchestration.publication import manifest, register
from orchestration.settings import Settings

TIMEZONE = ZoneInfo("Europe/Amsterdam")


def is_due(lake: Lake, settings: Settings) -> bool:
    """Return whether a night publishes `openbaar` without an explicit request; a look back never does.

    Args:
        lake: The lake, with this night's release of `intern` in place.
        settings: `openbaar` selects the first night of a month, every night, or none.
    """
    if settings.known_at is not None:
        return False
    if settings.openbaar != "maandelijks":
        return settings.openbaar == "elke_nacht"
    last = max((month_of(name) for name in register.published(lake, "openbaar")), default="")
    return last < month_of(register.find(lake, "intern", register.CURRENT).name)


def month_of(release: str) -> str:
    """Return the month of a release's latest kennisdatum, in the Netherlands: `2025-08`."""
    return manifest.moment_of(release).astimezone(TIMEZONE).strftime("%Y-%m")
