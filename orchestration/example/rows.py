"""Converts a record of the example to the row that a source delivers.

Put here: the fields of each row; which identifier and which dates a source knows on a day. Keep out: the deliveries (`deliveries.py`,
`region/`), and formats (`files.py`).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from orchestration.example import numbers
from orchestration.example.files import Row
from orchestration.example.world import (
    Dossier,
    Geoorloofd,
    Incident,
    Interventie,
    Melding,
    Person,
    Signal,
    Verlofaanvraag,
    Vrijstelling,
)

FULLY_DATED = ("V3", "LRV", "RMC")  # DUO requires an end date


def numbers_of(person: Person, day: date) -> Row:
    """Return the identifiers of a person, as known to a source on a day."""
    bsn, onderwijsnummer = person.numbers(day)
    return {"bsn": bsn, "onderwijsnummer": onderwijsnummer}


def known(value: date | None, day: date) -> date | None:
    """Return a date if a register of a day knows it, as it is not in the future or means that there is none; otherwise None."""
    return value if value and (value <= day or value == date.max) else None


def in_register(person: Person, day: date) -> bool:
    """Return whether the monitor's register of a day has a person."""
    return person.in_monitor and person.birth <= day and any(home.begin <= day for home in person.residences)


def jongere(person: Person, day: date) -> Row:
    """Return the monitor's row of a person."""
    return (
        numbers_of(person, day)
        | {"geboortedatum": person.written_birth or person.birth, "geslacht": person.geslacht}
        | {"datum_startkwalificatie": known(person.startkwalificatie, day), "datum_overlijden": known(person.overlijden, day)}
        | {"datum_einde_kwalificatieplicht": known(person.einde_kwalificatieplicht, day)}
    )


def woonperioden(person: Person, day: date) -> Iterator[Row]:
    """Yield the monitor's rows of the residences of a person."""
    who = numbers_of(person, day)
    for home in person.residences:
        if home.begin <= day:
            yield (
                who
                | {"gemeentecode": home.gemeente, "wijkcode": home.wijk}
                | {"datum_vestiging": home.begin, "datum_vertrek": known(home.end, day)}
            )


def inschrijvingen(person: Person, day: date) -> Iterator[Row]:
    """Yield the monitor's rows of the enrolments of a person."""
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
    """Return a vestiging in one of three forms that sources use: two digits, with the BRIN before it, or without leading zero."""
    return (vestiging, f"{brin}{vestiging}", str(int(vestiging)))[place % 3]


def melding(melding: Melding, place: int) -> Row:
    """Return DUO's row of one version of a melding."""
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
    """Return DUO's row of a signal."""
    return {
        "signaalnummer": signal.nummer,
        "datum_laatste_mutatie": signal.begin,
        **numbers_of(signal.person, signal.begin),
        "datum_begin": signal.begin,
        "datum_einde": signal.end,
        "status": signal.status,
    }


def koppeling(person: Person) -> Row:
    """Return DUO's row of the coupling of an onderwijsnummer and a BSN."""
    return {"onderwijsnummer": person.onderwijsnummer, "bsn": person.bsn, "datum_koppeling": person.coupled}


def bsn_wijzigingen(person: Person, day: date) -> Iterator[Row]:
    """Yield the monitor's rows of the replaced BSNs of a person, up to a day."""
    for bsn, replaced in person.earlier_bsns:
        if replaced <= day:
            yield {"bsn_oud": bsn, "bsn": person.numbers(replaced)[0], "datum_wijziging": replaced}


def incident(incident: Incident, day: date) -> Row:
    """Return Carel's row of an incident."""
    return (
        {"incidentnr": incident.nummer, **numbers_of(incident.person, day), "datum": incident.day, "brin": incident.brin}
        | {"contact_met": incident.contact_met, "aanleiding": incident.aanleiding, "memo": "gesproken; afspraak gemaakt"}
    )  # fmt: skip


def interventie(interventie: Interventie, day: date) -> Row:
    """Return Carel's row of an interventie."""
    return (
        {"interventienr": interventie.nummer, **numbers_of(interventie.person, day), "datum": interventie.day}
        | {"soort": interventie.soort, "verzuimsoort": interventie.verzuimsoort, "mas_route": interventie.mas_route}
        | {"meldingsnummer": interventie.meldingsnummer, "afloop": interventie.afloop, "memo": ""}
    )


def vrijstelling(vrijstelling: Vrijstelling, day: date) -> Row:
    """Return Carel's row of a vrijstelling."""
    begin = vrijstelling.begin
    return (
        {"vrijstellingnr": vrijstelling.nummer, **numbers_of(vrijstelling.person, day), "grond": vrijstelling.grond}
        | {"aard": vrijstelling.aard, "besluit": vrijstelling.besluit}
        | {"datum_aanvraag": begin, "datum_besluit": begin, "datum_ingang": begin, "datum_einde": vrijstelling.end}
    )


def dossier(dossier: Dossier) -> Row:
    """Return Carel's row of what is noted at a melding."""
    return {"meldingsnummer": dossier.meldingsnummer, "aanleiding": dossier.aanleiding, "afsluiting": dossier.afsluiting}


def verlofaanvraag(request: Verlofaanvraag, day: date) -> Row:
    """Return Carel's row of a request for leave."""
    return (
        {"verlofnr": request.nummer, **numbers_of(request.person, day), "soort": request.soort, "besluit": request.besluit}
        | {"datum_aanvraag": request.day, "datum_van": request.begin, "datum_tot": request.end}
    )  # fmt: skip


def geoorloofd(absence: Geoorloofd, day: date) -> Row:
    """Return Carel's row of a long absence with a valid reason."""
    who = numbers_of(absence.person, day)
    return {"geoorloofdnr": absence.nummer, **who, "datum_begin": absence.begin, "datum_einde": absence.end}


def kerncijfers(schooljaar: str, gemeente: str, leerplichtigen: int, absoluut: int) -> Iterator[Row]:
    """Yield the monitor's own figures of a gemeente and a schooljaar."""
    about = {"schooljaar": schooljaar.replace("-", " / "), "gemeentecode": gemeente}
    yield about | {"indicator": "leerplichtigen", "waarde": f"{leerplichtigen:,}".replace(",", ".")}
    yield about | {"indicator": "absoluut_verzuim", "waarde": "<5" if 0 < absoluut < 5 else str(absoluut)}


def rejected_jongere(like: Person) -> Row:
    """Return a row that is rejected: its only identifier is invalid."""
    return {"bsn": numbers.invalid_bsn(like.bsn), "geboortedatum": date(2010, 1, 1), "geslacht": "M"}


def rejected_woonperiode(like: Person, day: date) -> Row:
    """Return a row that is rejected: it ends before it begins."""
    reversed_dates = {"gemeentecode": "0164", "datum_vestiging": date(2022, 5, 1), "datum_vertrek": date(2021, 5, 1)}
    return numbers_of(like, day) | reversed_dates


def rejected_meldingen(like: Row, day: date) -> list[Row]:
    """Return rows that are rejected, each with another reason code and another meldingsnummer."""
    faults: list[dict[str, Any]] = [
        {"verzuimsoort": "V9"},
        {"bsn": numbers.invalid_bsn(like["bsn"] or "999999990"), "onderwijsnummer": ""},
        {"datum_begin": date(1899, 12, 30)},
        {"verzuimsoort": "LRV", "datum_einde": None},
    ]
    return [like | {"meldingsnummer": f"{day:%Y}99000{place}"} | fault for place, fault in enumerate(faults)]
