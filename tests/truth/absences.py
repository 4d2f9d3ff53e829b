"""What counts of meldingen and of signals of absoluut verzuim.

Put here: the facts that DUO reports. Keep out: those of Carel (`measures.py`).
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from orchestration.example.world import Melding, Person, Schooljaar, Signal, World, is_plichtig
from truth.people import Event, enrolment, is_exempt, known_as_plichtig, residence, schooljaar_of

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
CLOSED = ("G", "K")
ONE_DAY = timedelta(days=1)


def of_meldingen(world: World, years: Sequence[Schooljaar]) -> Iterator[Event]:
    """Yield what counts of the meldingen."""
    followed = {number for number, _ in follow_ups(world)}
    noted = {dossier.meldingsnummer: dossier.aanleiding for dossier in world.dossiers}
    for melding in world.meldingen:
        if not melding.counts:
            continue
        school, aanleiding = melding.brin + melding.vestiging, melding.aanleiding or noted.get(melding.nummer, "")
        for indicator in _indicators(world, melding, followed):
            yield Event(indicator, melding.person, melding.day, school=school, aanleiding=aanleiding)
        if melding.soort == "LRV":
            yield from _case(melding, years)


def of_signals(world: World, years: Sequence[Schooljaar], told: date) -> Iterator[Event]:
    """Yield what counts of the signals.

    Args:
        world: The records.
        years: The schooljaren that are published.
        told: The day of the last delivery of signals.
    """
    for signal in world.signals:
        person, begin, end = signal.person, signal.begin, signal.end
        if signal.status == "opgelost" and end:
            yield Event("absoluut_opgelost", person, end)
            if enrolment(person, end):
                yield Event("telling_absoluut_heringeschreven", person, end)
        if signal.status == "ingetrokken":
            continue
        yield Event("absoluut_verzuim", person, begin)
        yield Event("totaal_jongeren_uniek", person, begin)
        if known_as_plichtig(person, begin):
            yield Event("verzuim_plichtig_jongeren", person, begin)
        if _stays_at_home(world, person, begin):
            yield Event("thuiszitters", person, begin)
        if min(end or date.max, schooljaar_of(begin).last_day, told) > three_months_after(begin):
            yield Event("absoluut_langer_3_maanden", person, begin)
        for schooljaar in years:
            yield from _days_without_school(world, signal, schooljaar, told)


def _days_without_school(world: World, signal: Signal, schooljaar: Schooljaar, told: date) -> Iterator[Event]:
    """Yield an event for each gemeente in which a signal counts for OCW in a schooljaar."""
    day = max(signal.begin, schooljaar.first_day)
    last = min(signal.end, schooljaar.last_day) if signal.end else min(told, schooljaar.last_day)
    seen: set[str] = set()
    while day <= last:
        lived = residence(signal.person, day)
        if lived and lived.gemeente not in seen and _should_be_at_school(world, signal.person, day):
            seen.add(lived.gemeente)
            yield Event("ocw_absoluut_jongeren", signal.person, day)
        day += ONE_DAY


def _should_be_at_school(world: World, person: Person, day: date) -> bool:
    return _stays_at_home(world, person, day) and person.is_alive(day) and not enrolment(person, day)


def three_months_after(day: date) -> date:
    """Return the day three calendar months later, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month + 2, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def follow_ups(world: World) -> Iterator[tuple[str, int]]:
    """Return for each melding with an interventie its number, and the days until its first interventie."""
    days: dict[str, list[timedelta]] = defaultdict(list)
    meldingen = {melding.nummer: melding for melding in world.meldingen if melding.counts}
    for interventie in world.interventies:
        melding = meldingen.get(interventie.meldingsnummer)
        if melding and interventie.day >= melding.day:
            days[melding.nummer].append(interventie.day - melding.day)
    yield from ((number, min(found).days) for number, found in days.items())


def _indicators(world: World, melding: Melding, followed: set[str]) -> Iterator[str]:
    soort, row, last = melding.soort, SOORTEN[melding.soort], melding.versions[-1]
    yield from (row, f"meldingen_{row}", "meldingen_totaal", "relatief_verzuim_jongeren", "totaal_jongeren_uniek")
    yield "herhaalverzuim_jongeren"
    if soort == "O" and 14 <= _uren(melding) < 16:
        yield "overig_buiten_definitie"
    if soort == "LRV" and _stays_at_home(world, melding.person, melding.day):
        yield "thuiszitters"
    if last.status == "G" and soort in ("V3", "LRV"):
        yield "meldingen_gesloten"
        if last.reden == "1":
            yield "meldingen_teruggeleid"
    if melding.nummer in followed:
        yield "meldingen_opgevolgd"
    if melding.person.in_monitor:
        yield from _by_age(melding)


def _by_age(melding: Melding) -> Iterator[str]:
    """Yield the indicators that depend on the age, which the monitor knows."""
    soort, age = melding.soort, melding.person.age(melding.day)
    if soort in ("V4", "RMC"):
        yield from (name for name, low, high in (("verzuim_18_tot_23", 18, 23), ("verzuim_23_tot_27", 23, 27)) if low <= age < high)
    if not is_plichtig(melding.person, melding.day):
        return
    yield "verzuim_plichtig_jongeren"
    if soort in ("V3", "L"):
        yield from (f"telling_{'16_uur' if soort == 'V3' else 'luxe'}_{unit}" for unit in ("jongeren", "meldingen"))
    if soort in ("V3", "LRV") or (soort == "L" and _uren(melding) >= 16):
        yield from ("ocw_relatief_jongeren", "ocw_relatief_herhaald_jongeren")


def _uren(melding: Melding) -> Decimal:
    return Decimal(melding.uren.replace(",", ".") or 0)


def _case(melding: Melding, years: Sequence[Schooljaar]) -> Iterator[Event]:
    """Yield the stocks and flows of a case of langdurig verzuim."""
    closed = _closed_on(melding) or date.max
    for schooljaar in years:
        first, last = schooljaar.first_day, schooljaar.last_day
        counts = {
            "lrv_stand_begin": melding.day < first <= closed,
            "lrv_instroom": first <= melding.day <= last,
            "lrv_uitstroom": first <= closed <= last,
            "lrv_stand_einde": melding.day <= last < closed,
        }
        yield from (Event(name, melding.person, melding.day, schooljaar) for name, holds in counts.items() if holds)


def _closed_on(melding: Melding) -> date | None:
    """Return the day on which a melding was closed for the last time; None if it is open."""
    day = None
    for version in reversed(melding.versions):
        if version.status not in CLOSED:
            break
        day = version.moment.date()
    return max(day, melding.day) if day else None


def _stays_at_home(world: World, person: Person, day: date) -> bool:
    return known_as_plichtig(person, day) and not is_exempt(world, person, day)
