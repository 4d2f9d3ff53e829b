"""Fictitious extracts that reproduce the printed report, from raw files: what is true, and how it reaches the pipeline.

`targets` (the figures), `world` (the words of the truth), `people`, `events`, `measures` (the truth itself), `deliveries` and `files` (what
the sources make of it). Put here: making it all. Keep out: anything the pipeline needs; it never imports this package.
"""

from functools import cache
from pathlib import Path
from random import Random

from orchestration.example import deliveries, events, measures, people
from orchestration.example.events import TIM_MELDINGSNUMMER
from orchestration.example.world import World
from orchestration.lake import Lake

__all__ = ["TIM_MELDINGSNUMMER", "identifiers", "world", "write"]

SEED = 20242025


@cache
def world() -> World:
    """What is true in the example; the same every time. Not to be altered."""
    rng = Random(SEED)  # noqa: S311 – fictitious data, and the same every time
    made = World(persons=people.populate(rng))
    events.add_verzuim(rng, made)
    measures.add_measures(rng, made)
    return made


def identifiers() -> set[str]:
    """Every BSN and onderwijsnummer of the example."""
    return world().identifiers


def write(lake: Lake) -> list[Path]:
    """Write the example's deliveries into the landing zone of a lake.

    Returns:
        Their folders; deliveries of the same names are overwritten with the same bytes.
    """
    return deliveries.write(world(), lake.landing)
