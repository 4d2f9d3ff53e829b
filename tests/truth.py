"""Every published figure, counted in plain Python from the example's persons and events: no file, no lake, no SQL.

Put here: an independent implementation of the indicator definitions. Keep out: anything of the pipeline. `figures` returns the
kerncijfers, `breakdowns` the uitsplitsingen.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orchestration.example.targets import FIRST, SECOND
from orchestration.example.world import BORNE, HENGELO, Interventie, Melding, Person, Schooljaar, World, is_plichtig

AREAS = {HENGELO: (HENGELO,), BORNE: (BORNE,), "regio": (HENGELO, BORNE), "onbekend": ("onbekend",)}
SOORTEN = {
    "V1": "historisch_verzuim",
    "V2": "historisch_verzuim",
    "V3": "relatief_16_uur_18_min",
    "V4": "relatief_16_uur_18_plus",
    "RMC": "verzuim_18_plus_4_weken",
    "O": "overig_verzuim",
    "L": "luxe_verzuim",
    "LRV": "langdurig_relatief_verzuim",
}
TOTALS = {
    "totaal_jongeren": ("absoluut_verzuim", "relatief_verzuim_jongeren"),
    "juridisch_totaal": ("pv_relatief_verzuim", "pv_absoluut_verzuim", "pv_luxe_verzuim", "haltstraf"),
    "vrijstellingen_totaal": ("vrijstelling_5a", "vrijstelling_5b", "vrijstelling_5c", "vrijstelling_15"),
}
RATES = {
    "verzuimpercentage": (100, "totaal_jongeren", "leerplichtigen"),
    "officieel_verzuim_percentage": (100, "relatief_16_uur_18_min", "leerplichtigen"),
    "absoluut_per_1000": (1000, "absoluut_verzuim", "leerplichtigen"),
    "relatief_per_1000": (1000, "telling_16_uur_jongeren", "leerplichtigen"),
    "opgevolgd_percentage": (100, "meldingen_opgevolgd", "meldingen_totaal"),
    "teruggeleid_percentage": (100, "meldingen_teruggeleid", "meldingen_gesloten"),
}
PERSONS = {  # these count a person once; all others count events
    *("leerplichtigen", "absoluut_verzuim", "relatief_verzuim_jongeren", "totaal_jongeren_uniek", "overig_buiten_definitie"),
    *("thuiszitters", "telling_16_uur_jongeren", "telling_luxe_jongeren", "spreekuur_jongeren", "thuiszitterstafel_aanmeldingen"),
    *SOORTEN.values(),
}
ON_POPULATION = {"leerplichtigen", *(name for name, (_, _, noemer) in RATES.items() if noemer == "leerplichtigen")}
Value = int | Decimal | None


@dataclass(frozen=True)
class Event:
    """Something that counts in an indicator."""

    indicator: str
    person: Person
    day: date
    school: str = ""
    aanleiding: str = ""
    soort: str = ""
    mas_route: str = ""

    @property
    def schooljaar(self) -> Schooljaar:
        return FIRST if self.day <= FIRST.last_day else SECOND

    @property
    def home(self) -> tuple[str, str]:
        """Return the gemeente and wijk on the day; without a residence on that day, the first later one."""
        held = [home for home in self.person.residences if home.begin <= self.day and (home.end is None or self.day < home.end)]
        later = [home for home in self.person.residences if home.begin > self.day]
        if not self.person.in_monitor or not (held or later):
            return "onbekend", "onbekend"
        home = max(held, key=lambda home: home.begin) if held else min(later, key=lambda home: home.begin)
        return home.gemeente, home.wijk


def figures(world: World) -> dict[tuple[str, str, str], Value]:
    """Return {(schooljaar, area, indicator): value}; None if a figure does not apply."""
    events = list(_events(world))
    found: dict[tuple[str, str, str], Value] = {}
    for schooljaar in (FIRST, SECOND):
        for area, places in AREAS.items():
            here: dict[str, list[Event]] = defaultdict(list)
            for event in events:
                if event.schooljaar == schooljaar and event.home[0] in places:
                    here[event.indicator].append(event)
            values = _counts(here)
            values["leerplichtigen"] = _population(world, places, schooljaar) if area != "onbekend" else None
            values |= {
                name: _rate(values, *parts, area) if name in ON_POPULATION else _rate(values, *parts) for name, parts in RATES.items()
            }
            values["doorlooptijd_mediaan_dagen"] = _median(world, schooljaar, places)
            found |= {(schooljaar.name, area, indicator): value for indicator, value in values.items()}
    return found


def counts_of_events(world: World) -> dict[tuple[str, str, str], int]:
    """Return {(schooljaar, area, indicator): count}, without zeros and without the population."""
    here: dict[tuple[str, str], dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in _events(world):
        gemeente, _ = event.home
        for area, places in AREAS.items():
            if gemeente in places:
                here[event.schooljaar.name, area][event.indicator].append(event)
    counted = {place: _counts(found) for place, found in here.items()}
    return {(*place, indicator): int(value) for place, values in counted.items() for indicator, value in values.items() if value}


def breakdowns(world: World) -> Counter[tuple[str, str, str, str, str]]:
    """Return {(schooljaar, area, indicator, uitsplitsing, value): count}, without zeros."""
    parts: dict[str, Callable[[Event], str]] = {
        "onderwijssoort": lambda e: next((s.onderwijssoort for s in e.person.enrolments if s.begin <= e.day < (s.end or date.max)), ""),
        "leeftijd": lambda e: str(e.person.age(e.day)) if e.person.in_monitor else "",
        "geslacht": lambda e: e.person.geslacht if e.person.in_monitor else "",
        "aanleiding": lambda e: e.aanleiding,
        "maand": lambda e: f"{e.day:%Y-%m}",
        "school": lambda e: e.school,
        "wijk": lambda e: e.home[1],
    }
    by_measure: dict[str, Callable[[Event], str]] = {"soort": lambda e: e.soort, "mas_route": lambda e: e.mas_route}
    wanted = dict.fromkeys(
        ("relatief_verzuim_jongeren", "meldingen_totaal", "overig_verzuim", "relatief_16_uur_18_min", "incidenten"), parts
    ) | {"interventies": by_measure}
    seen: set[tuple[Any, ...]] = set()
    found: Counter[tuple[str, str, str, str, str]] = Counter()
    for event in _events(world):
        gemeente, _ = event.home
        areas = [area for area, places in AREAS.items() if gemeente in places]
        for name, value in wanted.get(event.indicator, {}).items():
            for area in areas:
                cell = (event.schooljaar.name, area, event.indicator, name, value(event) or "onbekend")
                once = (*cell, id(event.person))
                found[cell] += event.indicator not in PERSONS or once not in seen
                seen.add(once)
    return found


def _events(world: World) -> Iterator[Event]:
    yield from _absences(world)
    yield from _measures(world)


def _absences(world: World) -> Iterator[Event]:
    followed = {number for number, _ in _follow_ups(world)}
    for melding in world.meldingen:
        if melding.counts:
            for indicator in _of_melding(melding, followed):
                yield Event(indicator, melding.person, melding.day, melding.brin + melding.vestiging, melding.aanleiding)
    for signal in world.signals:
        if signal.status != "ingetrokken":
            yield Event("absoluut_verzuim", signal.person, signal.begin)
            yield Event("totaal_jongeren_uniek", signal.person, signal.begin)
            if _stays_at_home(world, signal.person, signal.begin):
                yield Event("thuiszitters", signal.person, signal.begin)
    for melding in world.meldingen:
        if melding.counts and melding.soort == "LRV" and _stays_at_home(world, melding.person, melding.day):
            yield Event("thuiszitters", melding.person, melding.day)


def _measures(world: World) -> Iterator[Event]:
    for incident in world.incidents:
        school = f"{incident.brin}00" if incident.brin else ""
        yield Event("incidenten", incident.person, incident.day, school, incident.aanleiding)
    for interventie in world.interventies:
        for indicator in _of_interventie(interventie):
            yield Event(indicator, interventie.person, interventie.day, soort=interventie.soort, mas_route=interventie.mas_route)
    for vrijstelling in world.vrijstellingen:
        if vrijstelling.besluit == "toegekend":
            yield Event(f"vrijstelling_{vrijstelling.grond}", vrijstelling.person, vrijstelling.begin)
            if vrijstelling.aard == "verlenging" and vrijstelling.grond in ("5a", "5b", "5c", "15"):
                yield Event("vrijstellingen_verlenging", vrijstelling.person, vrijstelling.begin)


def _of_melding(melding: Melding, followed: set[str]) -> Iterator[str]:
    row, last = SOORTEN[melding.soort], melding.versions[-1]
    yield from (row, f"meldingen_{row}", "meldingen_totaal", "relatief_verzuim_jongeren", "totaal_jongeren_uniek")
    yield "herhaalverzuim_jongeren"
    uren = Decimal(melding.uren.replace(",", ".")) if melding.uren else None
    if melding.soort == "O" and uren is not None and 14 <= uren < 16:
        yield "overig_buiten_definitie"
    if melding.person.in_monitor and is_plichtig(melding.person, melding.day) and melding.soort in ("V3", "L"):
        yield from (f"telling_{'16_uur' if melding.soort == 'V3' else 'luxe'}_{unit}" for unit in ("jongeren", "meldingen"))
    if last.status == "G" and melding.soort in ("V3", "LRV"):
        yield "meldingen_gesloten"
        if last.reden == "1":
            yield "meldingen_teruggeleid"
    if melding.nummer in followed:
        yield "meldingen_opgevolgd"


def _of_interventie(interventie: Interventie) -> Iterator[str]:
    yield "interventies"
    named = {"halt": "haltstraf", "spreekuur": "spreekuur_jongeren", "thuiszitterstafel": "thuiszitterstafel_aanmeldingen"}
    if interventie.soort == "proces_verbaal":
        yield f"pv_{interventie.verzuimsoort}_verzuim"
    elif interventie.soort in named:
        yield named[interventie.soort]


def _stays_at_home(world: World, person: Person, day: date) -> bool:
    exempt = any(
        v.person is person and v.besluit == "toegekend" and v.begin <= day and (v.end is None or day <= v.end) for v in world.vrijstellingen
    )
    return person.in_monitor and is_plichtig(person, day) and not exempt


def _follow_ups(world: World) -> Iterator[tuple[str, int]]:
    """Return for each melding with an interventie its number, and the days until its first interventie."""
    days: dict[str, list[timedelta]] = defaultdict(list)
    meldingen = {melding.nummer: melding for melding in world.meldingen if melding.counts}
    for interventie in world.interventies:
        melding = meldingen.get(interventie.meldingsnummer)
        if melding and interventie.day >= melding.day:
            days[melding.nummer].append(interventie.day - melding.day)
    yield from ((number, min(found).days) for number, found in days.items())


def _counts(here: dict[str, list[Event]]) -> dict[str, Value]:
    def count(indicator: str) -> int:
        if indicator not in here:
            return 0
        persons = Counter(id(event.person) for event in here[indicator])
        if indicator == "herhaalverzuim_jongeren":
            return sum(times >= 2 for times in persons.values())
        return len(persons) if indicator in PERSONS else persons.total()

    simple = {
        *PERSONS.difference({"leerplichtigen"}),
        *(f"meldingen_{row}" for row in SOORTEN.values()),
        *("meldingen_totaal", "meldingen_gesloten", "meldingen_teruggeleid", "meldingen_opgevolgd", "herhaalverzuim_jongeren"),
        *("telling_16_uur_meldingen", "telling_luxe_meldingen", "incidenten", "interventies", "vrijstellingen_verlenging"),
        *("vrijstelling_3a", "vrijstelling_3b", *(part for parts in TOTALS.values() for part in parts)),
    }
    values: dict[str, Value] = {indicator: count(indicator) for indicator in simple}
    return values | {total: sum(count(part) for part in parts) for total, parts in TOTALS.items()}


def _population(world: World, places: Iterable[str], schooljaar: Schooljaar) -> int:
    day = schooljaar.peildatum
    return sum(p.in_monitor and p.gemeente(day) in places and is_plichtig(p, day) for p in world.persons)


def _rate(values: dict[str, Value], factor: int, teller: str, noemer: str, area: str = "") -> Value:
    above, below = values[teller], values[noemer]
    if area == "onbekend" or not below or above is None:
        return None
    return (Decimal(factor) * above / below).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _median(world: World, schooljaar: Schooljaar, places: Iterable[str]) -> Value:
    meldingen = {melding.nummer: Event("", melding.person, melding.day) for melding in world.meldingen}
    days = sorted(
        days for number, days in _follow_ups(world) if meldingen[number].schooljaar == schooljaar and meldingen[number].home[0] in places
    )
    if not days:
        return None
    middle = (days[(len(days) - 1) // 2] + days[len(days) // 2]) / Decimal(2)
    return middle.quantize(Decimal("0.01"), ROUND_HALF_UP)
