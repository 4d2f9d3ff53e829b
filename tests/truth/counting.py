"""Counts events per schooljaar and area, and computes sums, rates and the median of those counts.

Put here: from events to kerncijfers. Keep out: which events count (`absences.py`, `measures.py`), and the breakdowns (`parts.py`).
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from orchestration.example.targets import FIRST, SECOND
from orchestration.example.world import BORNE, HENGELO, Schooljaar, World
from truth.absences import follow_ups, of_meldingen, of_signals
from truth.indicators import ENTITEITEN, MEDIAN, ON_POPULATION, PERSONS, RATES, REPEATED, TOTALS, entiteiten
from truth.measures import of_carel
from truth.people import UNKNOWN, Event, known_as_plichtig, residence, schooljaar_of
from truth.sources import Sources

AREAS = {HENGELO: (HENGELO,), BORNE: (BORNE,), "regio": (HENGELO, BORNE), UNKNOWN: (UNKNOWN,)}
YEARS = (FIRST, SECOND)
NOT_AVAILABLE, NOT_APPLICABLE = "niet_beschikbaar", "niet_van_toepassing"
Value = int | Decimal | str  # a figure, or the status of one that is not there


def figures(world: World, years: Sequence[Schooljaar] = YEARS, sources: Sources | None = None) -> dict[tuple[str, str, str], Value]:
    """Return {(schooljaar, area, indicator): value}.

    Args:
        world: The records.
        years: The schooljaren that are published.
        sources: What was delivered when; by default everything, after the last of the years.
    """
    here = _by_place(world, years, sources)
    found: dict[tuple[str, str, str], Value] = {}
    for schooljaar in years:
        for area, places in AREAS.items():
            values = _counts(here[schooljaar.name, area])
            values["leerplichtigen"] = _population(world, places, schooljaar)
            values |= {name: _rate(values, *parts) for name, parts in RATES.items()}
            values[MEDIAN] = _median(world, schooljaar, places)
            values |= {name: NOT_AVAILABLE for name in values if not is_available(world, name, schooljaar, sources)}
            values |= dict.fromkeys(ON_POPULATION if area == UNKNOWN else (), NOT_APPLICABLE)
            found |= {(schooljaar.name, area, indicator): value for indicator, value in values.items()}
    return found


def counts_of_events(world: World) -> dict[tuple[str, str, str], int]:
    """Return {(schooljaar, area, indicator): count} of the example's years, without zeros and without the population."""
    counted = {place: _counts(found) for place, found in _by_place(world, YEARS, None).items()}
    return {(*place, indicator): value for place, values in counted.items() for indicator, value in values.items() if value}


def is_available(world: World, indicator: str, schooljaar: Schooljaar, sources: Sources | None) -> bool:
    """Return whether the sources can know an indicator of a schooljaar."""
    return sources is None or all(sources.know(world, entiteit, schooljaar) for entiteit in entiteiten(indicator))


def published_years(world: World) -> tuple[Schooljaar, ...]:
    """Return the schooljaren from the first to the last in which something counts."""
    days = [
        *(melding.day for melding in world.meldingen if melding.counts),
        *(signal.begin for signal in world.signals if signal.status != "ingetrokken"),
        *(incident.day for incident in world.incidents),
        *(interventie.day for interventie in world.interventies),
        *(vrijstelling.begin for vrijstelling in world.vrijstellingen if vrijstelling.besluit == "toegekend"),
    ]
    first, last = schooljaar_of(min(days)), schooljaar_of(max(days))
    return tuple(map(Schooljaar, range(first.begin_year, last.begin_year + 1)))


def events(world: World, years: Sequence[Schooljaar], sources: Sources | None) -> Iterator[Event]:
    """Yield every event, also of other schooljaren and gemeenten."""
    told = max(sources.days("absoluut_verzuim"), default=None) if sources else years[-1].last_day
    yield from of_meldingen(world, years)
    if told:
        yield from of_signals(world, years, told)
    yield from of_carel(world, years)


def _by_place(world: World, years: Sequence[Schooljaar], sources: Sources | None) -> dict[tuple[str, str], dict[str, list[Event]]]:
    """Return the events by schooljaar and area, and then by indicator."""
    here: dict[tuple[str, str], dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in events(world, years, sources):
        gemeente, _ = event.home
        for area, places in AREAS.items():
            if gemeente in places:
                here[event.schooljaar.name, area][event.indicator].append(event)
    return here


def _counts(here: dict[str, list[Event]]) -> dict[str, Value]:
    def count(indicator: str) -> int:
        if indicator not in here:
            return 0
        persons = Counter(id(event.person) for event in here[indicator])
        if indicator in REPEATED:
            return sum(times >= 2 for times in persons.values())
        return len(persons) if indicator in PERSONS else persons.total()

    values: dict[str, Value] = {indicator: count(indicator) for indicator in ENTITEITEN}
    return values | {total: sum(count(part) for part in parts) for total, parts in TOTALS.items()}


def _population(world: World, places: Container[str], schooljaar: Schooljaar) -> int:
    day = schooljaar.peildatum
    return sum(
        known_as_plichtig(person, day)
        and person.is_alive(day)
        and (lived := residence(person, day)) is not None
        and lived.gemeente in places
        for person in world.persons
    )


def _rate(values: dict[str, Value], factor: int, teller: str, noemer: str) -> Value:
    above, below = values[teller], values[noemer]
    return (Decimal(factor) * above / below).quantize(Decimal("0.01"), ROUND_HALF_UP) if below else NOT_APPLICABLE


def _median(world: World, schooljaar: Schooljaar, places: Container[str]) -> Value:
    meldingen = {melding.nummer: Event("", melding.person, melding.day) for melding in world.meldingen}
    days = sorted(
        days for number, days in follow_ups(world) if meldingen[number].schooljaar == schooljaar and meldingen[number].home[0] in places
    )
    if not days:
        return NOT_APPLICABLE
    middle = (days[(len(days) - 1) // 2] + days[len(days) // 2]) / Decimal(2)
    return middle.quantize(Decimal("0.01"), ROUND_HALF_UP)
