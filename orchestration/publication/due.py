"""When a night publishes `openbaar`.

Every release tells something, and two releases tell their difference too; so `openbaar` appears seldom. Which nights those are follows from
the deliveries, not from the clock: the month is that of the latest kennisdatum, in the Netherlands. So a night that is run again, later, or
on another machine decides the same.

Put here: that decision. Keep out: publishing.
"""

from zoneinfo import ZoneInfo

from orchestration.lake import Lake
from orchestration.publication import manifest, register
from orchestration.settings import Settings

TIMEZONE = ZoneInfo("Europe/Amsterdam")


def is_due(lake: Lake, settings: Settings) -> bool:
    """Whether a night publishes `openbaar` of its own accord; one that looks back never does.

    Args:
        lake: The lake, whose `intern` release of this night is in place.
        settings: `openbaar`: the first night of a month, every night, or none.
    """
    if settings.known_at is not None:
        return False
    if settings.openbaar != "maandelijks":
        return settings.openbaar == "elke_nacht"
    last = max((month_of(name) for name in register.published(lake, "openbaar")), default="")
    return last < month_of(register.find(lake, "intern", register.CURRENT).name)


def month_of(release: str) -> str:
    """The month of a release's latest kennisdatum, in the Netherlands: `2025-08`."""
    return manifest.moment_of(release).astimezone(TIMEZONE).strftime("%Y-%m")
