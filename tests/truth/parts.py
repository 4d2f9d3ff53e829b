"""The breakdowns: counts of events by a property of the event or the person.

Put here: which indicators are broken down, and by what. Keep out: which events count.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from orchestration.example.world import Schooljaar, World
from truth.counting import AREAS, YEARS, events
from truth.indicators import LRV, PERSONS, TELLING
from truth.measures import GRONDEN
from truth.people import UNKNOWN, Event, enrolment
from truth.sources import Sources

Part = Callable[[Event], str]
NOT_ENROLLED = "geen"


def _onderwijssoort(event: Event) -> str:
    school = enrolment(event.person, event.day)
    return school.onderwijssoort if school else ""


PROPERTIES: dict[str, Part] = {
    "onderwijssoort": _onderwijssoort,
    "leeftijd": lambda event: str(event.person.age(event.day)) if event.person.in_monitor else "",
    "geslacht": lambda event: event.person.geslacht if event.person.in_monitor else "",
    "aanleiding": lambda event: event.aanleiding,
    "maand": lambda event: f"{event.day:%Y-%m}",
    "school": lambda event: event.school,
    "wijk": lambda event: event.home[1],
}
IN_TELLING: dict[str, Part] = {
    "onderwijssoort": lambda event: _onderwijssoort(event) or (NOT_ENROLLED if event.person.in_monitor else ""),
}
OF_A_CASE: dict[str, Part] = {"onderwijssoort": _onderwijssoort}
AFLOOP: dict[str, Part] = {"afloop": lambda event: event.afloop}
BROKEN_DOWN: dict[str, dict[str, Part]] = {
    **dict.fromkeys(
        ("relatief_verzuim_jongeren", "meldingen_totaal", "overig_verzuim", "relatief_16_uur_18_min", "incidenten"), PROPERTIES
    ),
    "interventies": {"soort": lambda event: event.soort, "mas_route": lambda event: event.mas_route},
    **dict.fromkeys(TELLING, IN_TELLING),
    **dict.fromkeys(("absoluut_verzuim", "telling_absoluut_heringeschreven"), IN_TELLING),
    **dict.fromkeys((f"vrijstelling_{grond}" for grond in GRONDEN), IN_TELLING),
    **dict.fromkeys((f"pv_{soort}_verzuim" for soort in ("relatief", "absoluut", "luxe")), IN_TELLING | AFLOOP),
    "haltstraf": AFLOOP,
    **dict.fromkeys(LRV, OF_A_CASE),
}


def breakdowns(
    world: World, years: Sequence[Schooljaar] = YEARS, sources: Sources | None = None
) -> Counter[tuple[str, str, str, str, str]]:
    """Return {(schooljaar, area, indicator, uitsplitsing, value): count}, without zeros.

    Args:
        world: The records.
        years: The schooljaren that are published.
        sources: What was delivered when; by default everything, after the last of the years.
    """
    seen: set[tuple[Any, ...]] = set()
    found: Counter[tuple[str, str, str, str, str]] = Counter()
    for event in events(world, years, sources):
        gemeente, _ = event.home
        areas = [area for area, places in AREAS.items() if gemeente in places and event.schooljaar in years]
        for name, value in BROKEN_DOWN.get(event.indicator, {}).items():
            for area in areas:
                cell = (event.schooljaar.name, area, event.indicator, name, value(event) or UNKNOWN)
                once = (*cell, id(event.person))
                found[cell] += event.indicator not in PERSONS or once not in seen
                seen.add(once)
    return found
