"""The example at the size of a region, Twente, or a part of it, in several schooljaren; and of the whole country.

`extent` says how much, `people` generates persons, `events` their verzuim and measures, `deliveries` writes them. Put here: generating
the region one person at a time, in constant memory. Keep out: code shared with the small example (record types, rows, formats), and target
figures: the region only uses the rates of the small example.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from orchestration.example.region import deliveries, events, people
from orchestration.example.region.extent import SIX_YEARS, TEN_YEARS, TWENTE, Extent, nation, times
from orchestration.example.world import World
from orchestration.lake import Lake

__all__ = ["SIX_YEARS", "TEN_YEARS", "TWENTE", "Extent", "nation", "times", "worlds", "write"]

SEED = 20212025


def worlds(extent: Extent = TWENTE, share: float = 1.0, seed: int = SEED) -> Iterator[World]:
    """Yield a world of one person for each person, deterministically; it is valid until the next one.

    Args:
        extent: The gemeenten and schooljaren.
        share: The share of its persons to generate.
        seed: Of the random numbers.
    """
    rng = Random(seed)  # noqa: S311 – fictitious and reproducible data
    generator = events.EventGenerator(rng, extent.schooljaren)
    for person in people.persons(rng, extent, share):
        yield generator.world_of(person)


def write(lake: Lake, extent: Extent = TWENTE, share: float = 1.0) -> list[Path]:
    """Write the deliveries into the landing zone of a lake; return their folders.

    Args:
        lake: The lake.
        extent: The gemeenten and schooljaren.
        share: The share of its persons to generate.
    """
    opened = deliveries.Deliveries(lake.landing, extent)
    for world in worlds(extent, share):
        opened.add(world)
    return opened.close()
