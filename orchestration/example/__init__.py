"""Generates fictitious deliveries from which the pipeline reproduces the printed report.

`targets` has the figures of the report, `others` those of the country, `world` the record types, `people`, `events`, `measures` and
`cases` generate the records, `deliveries`, `rows` and `files` write them as the sources would. Put here: generating the example. Keep
out: anything the pipeline needs; it never imports this package.
"""

from functools import cache
from pathlib import Path
from random import Random

from orchestration.example import cases, deliveries, events, measures, people
from orchestration.example.events import TIM_MELDINGSNUMMER
from orchestration.example.world import World
from orchestration.lake import Lake

__all__ = ["TIM_MELDINGSNUMMER", "identifiers", "world", "write"]

SEED = 20242025


@cache
def world() -> World:
    """Return all records of the example; deterministic, and not to be modified."""
    rng = Random(SEED)  # noqa: S311 – fictitious and reproducible data
    made = World(persons=people.populate(rng))
    events.add_verzuim(rng, made)
    measures.add_measures(rng, made)
    cases.add_cases(Random(SEED + 1), made)  # noqa: S311 – the same
    return made


def identifiers() -> set[str]:
    """Return all BSNs and onderwijsnummers of the example."""
    return world().identifiers


def write(lake: Lake) -> list[Path]:
    """Write the deliveries of the example into the landing zone of a lake; existing ones are overwritten with the same bytes.

    Returns:
        Their folders.
    """
    return deliveries.write(world(), lake.landing)
