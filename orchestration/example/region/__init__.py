"""The example at the size of a region: Twente, with 14 gemeenten, four schooljaren and some 120,000 plichtigen in each.

`people` generates persons, `events` their verzuim and measures, `deliveries` writes them. Put here: generating the region one person at a
time, in constant memory. Keep out: code shared with the small example (record types, rows, formats), and target figures: the region only
uses the rates of the small example.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from orchestration.example.region import deliveries, events, people
from orchestration.example.world import World
from orchestration.lake import Lake

__all__ = ["worlds", "write"]

SEED = 20212025


def worlds(share: float = 1.0) -> Iterator[World]:
    """Yield a world of one person for each person, deterministically; it is valid until the next one.

    Args:
        share: The share of the region to generate.
    """
    rng = Random(SEED)  # noqa: S311 – fictitious and reproducible data
    generator = events.EventGenerator(rng)
    for person in people.persons(rng, share):
        yield generator.world_of(person)


def write(lake: Lake, share: float = 1.0) -> list[Path]:
    """Write the deliveries of the region into the landing zone of a lake; return their folders.

    Args:
        lake: The lake.
        share: The share of the region to generate.
    """
    opened = deliveries.Deliveries(lake.landing)
    for world in worlds(share):
        opened.add(world)
    return opened.close()
