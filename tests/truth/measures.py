"""What counts of the records of Carel.

Put here: incidenten, interventies, vrijstellingen, leave and excused absence. Keep out: what DUO reports (`absences.py`).
"""

from collections.abc import Iterator, Sequence

from orchestration.example.world import Interventie, Schooljaar, World
from truth.people import Event

GRONDEN = ("5a", "5b", "5c", "15", "3a", "3b")
RENEWED = ("5a", "5b", "5c", "15")
AFLOPEN = {  # a code of another soort says nothing
    "halt": ("geslaagd", "mislukt", "retour"),
    "proces_verbaal": ("sepot", "boete", "taakstraf", "schuldig_zonder_straf", "vrijspraak", "loopt"),
}
JONGEREN = {"spreekuur": "spreekuur_jongeren", "thuiszitterstafel": "thuiszitterstafel_aanmeldingen"}


def of_carel(world: World, years: Sequence[Schooljaar]) -> Iterator[Event]:
    """Yield what counts of the records of Carel."""
    for incident in world.incidents:
        school = f"{incident.brin}00" if incident.brin else ""
        yield Event("incidenten", incident.person, incident.day, school=school, aanleiding=incident.aanleiding)
    for interventie in world.interventies:
        yield from _of_interventie(interventie)
    yield from _of_vrijstellingen(world, years)
    for request in world.verlofaanvragen:
        yield Event("verlof_aanvragen", request.person, request.day)
        if request.besluit in ("toegekend", "afgewezen"):
            yield Event(f"verlof_{request.besluit}", request.person, request.day)
    for absence in world.geoorloofd:
        for schooljaar in years:
            if absence.begin <= schooljaar.last_day and (absence.end is None or absence.end >= schooljaar.first_day):
                yield Event("thuiszitters_geoorloofd", absence.person, max(absence.begin, schooljaar.first_day), schooljaar)


def _of_interventie(one: Interventie) -> Iterator[Event]:
    yield Event("interventies", one.person, one.day, soort=one.soort, mas_route=one.mas_route)
    afloop = one.afloop if one.afloop in AFLOPEN.get(one.soort, ()) else ""
    if one.soort == "proces_verbaal":
        yield Event(f"pv_{one.verzuimsoort}_verzuim", one.person, one.day, afloop=afloop)
    elif one.soort == "halt":
        yield Event("haltstraf", one.person, one.day, afloop=afloop)
    elif one.soort in JONGEREN:
        yield Event(JONGEREN[one.soort], one.person, one.day)


def _of_vrijstellingen(world: World, years: Sequence[Schooljaar]) -> Iterator[Event]:
    for one in world.vrijstellingen:
        if one.besluit != "toegekend":
            continue
        yield Event(f"vrijstelling_{one.grond}", one.person, one.begin)
        if one.aard == "verlenging" and one.grond in RENEWED:
            yield Event("vrijstellingen_verlenging", one.person, one.begin)
        for schooljaar in years:
            day = schooljaar.peildatum
            if one.begin <= day and (one.end is None or day <= one.end):
                yield Event(f"vrijstelling_{one.grond}_stand", one.person, day)
                yield Event("vrijstellingen_stand", one.person, day)
