"""The whole of Twente: 14 gemeenten, four schooljaren, some 120,000 plichtigen each, one person after the other.

`people` (who lives there), `events` (what happens to them), `deliveries` (how the sources tell it). Put here: making it all, in memory that
does not grow with the region. Keep out: what the small example has too (its words, rows and formats stand beside this package), and any
target: the rates are those of the small example, the figures are whatever they give.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from orchestration.example.region import deliveries, events, people
from orchestration.example.world import World
from orchestration.lake import Lake

__all__ = ["lives", "write"]

SEED = 20212025


def lives(share: float = 1.0) -> Iterator[World]:
    """Everybody with what happens to them, one person at a time; the same every time. Each is gone once the next is asked for.

    Args:
        share: How much of the region.
    """
    rng = Random(SEED)  # noqa: S311 – fictitious data, and the same every time
    happening = events.Happening(rng)
    for person in people.inhabitants(rng, share):
        yield happening.live(person)


def write(lake: Lake, share: float = 1.0) -> list[Path]:
    """Write the region's deliveries into the landing zone of a lake; all are open at once, and each gets its rows as they come.

    Args:
        lake: Whose landing zone.
        share: How much of the region.

    Returns:
        The folders of the deliveries.
    """
    written = deliveries.Deliveries(lake.landing)
    for world in lives(share):
        written.add(world)
    return written.close()
