"""Late corrections of a world of persons, as schools and registers send them after a release.

Put here: changing events and homes at random. Keep out: what is counted and published of it.
"""

from dataclasses import replace
from random import Random

from orchestration.example.world import BORNE, HENGELO, Version, World

SOORTEN = ("V3", "V4", "RMC", "O", "L", "LRV")


def correct(world: World, random: Random, number: int) -> None:
    """Apply a number of random corrections.

    Args:
        world: To change.
        random: What chooses.
        number: How many corrections.
    """
    for _ in range(number):
        random.choice((add, withdraw, move, other_soort))(world, random)


def add(world: World, random: Random) -> None:
    """Add a melding: one as another, of another person and with another number."""
    like, other = random.choice(world.meldingen), random.choice(world.meldingen)
    world.meldingen.append(replace(like, nummer=f"L{len(world.meldingen)}", person=other.person))


def withdraw(world: World, random: Random) -> None:
    """Withdraw a melding."""
    place = random.randrange(len(world.meldingen))
    last = world.meldingen[place].versions[-1]
    world.meldingen[place] = replace(world.meldingen[place], versions=(*world.meldingen[place].versions, replace(last, status="I")))


def other_soort(world: World, random: Random) -> None:
    """Give a melding another soort."""
    place = random.randrange(len(world.meldingen))
    last = world.meldingen[place].versions[-1]
    changed: Version = replace(last, soort=random.choice(SOORTEN))
    world.meldingen[place] = replace(world.meldingen[place], versions=(*world.meldingen[place].versions, changed))


def move(world: World, random: Random) -> None:
    """Move a person with a melding to the other gemeente, from the beginning."""
    homes = random.choice(world.meldingen).person.residences
    for place, home in enumerate(homes):
        if home.gemeente in (BORNE, HENGELO):
            gemeente = HENGELO if home.gemeente == BORNE else BORNE
            homes[place] = replace(home, gemeente=gemeente, wijk=f"{gemeente}00")
