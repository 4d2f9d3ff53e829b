"""A record of the truth → the row in which a source tells it.

Put here: what a source writes of a person, a melding, a measure; which of two numbers it knows, and which dates. Keep out: which delivery
brings a row (`deliveries.py`, `region/`), and formats (`files.py`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from orchestration.example import numbers
from orchestration.example.files import Row
from orchestration.example.world import Incident, Interventie, Melding, Person, Signal, Vrijstelling

FULLY_DATED = ("V3", "LRV", "RMC")  # DUO wants an end date of these


def numbers_of(person: Person, day: date) -> Row:
    """Who it is about, by the number that a source knows on a day."""
    bsn, onderwijsnummer = person.numbers(day)
    return {"bsn": bsn, "onderwijsnummer": onderwijsnummer}


def known(value: date | None, day: date) -> date | None:
    """A date that lies behind a register; what is still to come it does not know."""
    return value if value and value <= day else None


def in_register(person: Person, day: date) -> bool:
    """Whether the monitor's register of a day has a person."""
    return person.in_monitor and person.birth <= day and any(home.begin <= day for home in person.residences)


def jongere(person: Person, day: date) -> Row:
    """The monitor's row of a person."""
    return (
        numbers_of(person, day)
        | {"geboortedatum": person.birth, "geslacht": person.geslacht}
        | {"datum_startkwalificatie": known(person.startkwalificatie, day), "datum_overlijden": known(person.overlijden, day)}
    )


def woonperioden(person: Person, day: date) -> Iterator[Row]:
    """The monitor's rows of where a person lives."""
    who = numbers_of(person, day)
    for home in person.residences:
        if home.begin <= day:
            yield (
                who
                | {"gemeentecode": home.gemeente, "wijkcode": home.wijk}
                | {"datum_vestiging": home.begin, "datum_vertrek": known(home.end, day)}
            )


def inschrijvingen(person: Person, day: date) -> Iterator[Row]:
    """The monitor's rows of a person's schools."""
    who = numbers_of(person, day)
    for place, school in enumerate(person.enrolments):
        if school.begin <= day:
            yield (
                who
                | {"brin": school.brin, "vestiging": vestiging(school.brin, school.vestiging, place)}
                | {"onderwijssoort": school.onderwijssoort, "leerjaar": school.leerjaar}
                | {"datum_inschrijving": school.begin, "datum_uitschrijving": school.end}
            )


def vestiging(brin: str, vestiging: str, place: int) -> str:
    """Two digits, or with the BRIN in front, or a bare number: sources write all three."""
    return (vestiging, f"{brin}{vestiging}", str(int(vestiging)))[place % 3]


def melding(melding: Melding, place: int) -> Row:
    """DUO's row of one version of a melding."""
    version = melding.versions[place]
    return {
        "meldingsnummer": melding.nummer,
        "datum_laatste_mutatie": version.moment.date(),
        "tijdstip_laatste_mutatie": version.moment.time().isoformat(),
        "status": version.status,
        "verzuimsoort": version.soort,
        **numbers_of(melding.person, version.moment.date()),
        "brin": melding.brin,
        "vestiging": vestiging(melding.brin, melding.vestiging, place),
        "datum_begin": melding.begin,
        "datum_einde": melding.end or (melding.day if version.soort in FULLY_DATED else None),
        "datum_melding": melding.day,
        "uren": melding.uren,
        "aanleiding": melding.aanleiding,
        "reden_afgesloten": version.reden,
        "toelichting": melding.toelichting,
    }


def signal(signal: Signal) -> Row:
    """DUO's row of a signal."""
    return {
        "signaalnummer": signal.nummer,
        "datum_laatste_mutatie": signal.begin,
        **numbers_of(signal.person, signal.begin),
        "datum_begin": signal.begin,
        "datum_einde": signal.end,
        "status": signal.status,
    }


def koppeling(person: Person) -> Row:
    """DUO's row of who got a BSN."""
    return {"onderwijsnummer": person.onderwijsnummer, "bsn": person.bsn, "datum_koppeling": person.coupled}


def incident(incident: Incident, day: date) -> Row:
    """Carel's row of a contact."""
    return (
        {"incidentnr": incident.nummer, **numbers_of(incident.person, day), "datum": incident.day, "brin": incident.brin}
        | {"contact_met": incident.contact_met, "aanleiding": incident.aanleiding, "memo": "gesproken; afspraak gemaakt"}
    )  # fmt: skip


def interventie(interventie: Interventie, day: date) -> Row:
    """Carel's row of an interventie."""
    return (
        {"interventienr": interventie.nummer, **numbers_of(interventie.person, day), "datum": interventie.day}
        | {"soort": interventie.soort, "verzuimsoort": interventie.verzuimsoort, "mas_route": interventie.mas_route}
        | {"meldingsnummer": interventie.meldingsnummer, "memo": ""}
    )


def vrijstelling(vrijstelling: Vrijstelling, day: date) -> Row:
    """Carel's row of a vrijstelling."""
    begin = vrijstelling.begin
    return (
        {"vrijstellingnr": vrijstelling.nummer, **numbers_of(vrijstelling.person, day), "grond": vrijstelling.grond}
        | {"aard": vrijstelling.aard, "besluit": vrijstelling.besluit}
        | {"datum_aanvraag": begin, "datum_besluit": begin, "datum_ingang": begin, "datum_einde": vrijstelling.end}
    )


def kerncijfers(schooljaar: str, gemeente: str, leerplichtigen: int, absoluut: int) -> Iterator[Row]:
    """The monitor's own figures of a gemeente and a schooljaar."""
    about = {"schooljaar": schooljaar.replace("-", " / "), "gemeentecode": gemeente}
    yield about | {"indicator": "leerplichtigen", "waarde": f"{leerplichtigen:,}".replace(",", ".")}
    yield about | {"indicator": "absoluut_verzuim", "waarde": "<5" if 0 < absoluut < 5 else str(absoluut)}


def rejected_jongere(like: Person) -> Row:
    """A row that cannot be taken: its only number is not valid."""
    return {"bsn": numbers.invalid_bsn(like.bsn), "geboortedatum": date(2010, 1, 1), "geslacht": "M"}


def rejected_woonperiode(like: Person, day: date) -> Row:
    """A row that cannot be taken: it ends before it begins."""
    turned = {"gemeentecode": "0164", "datum_vestiging": date(2022, 5, 1), "datum_vertrek": date(2021, 5, 1)}
    return numbers_of(like, day) | turned


def rejected_meldingen(like: Row, day: date) -> list[Row]:
    """Rows that cannot be taken, each for another reason, under numbers of their own."""
    faults: list[dict[str, Any]] = [
        {"verzuimsoort": "V9"},
        {"bsn": numbers.invalid_bsn(like["bsn"] or "999999990"), "onderwijsnummer": ""},
        {"datum_begin": date(1899, 12, 30)},
        {"verzuimsoort": "LRV", "datum_einde": None},
    ]
    return [like | {"meldingsnummer": f"{day:%Y}99000{place}"} | fault for place, fault in enumerate(faults)]
