"""How the truth reaches the pipeline: late, in parts, twice, corrected, and with rows that cannot be taken.

Put here: which delivery brings what. Keep out: what is true (`people.py`, `events.py`, `measures.py`) and formats (`files.py`).
"""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.example import files, numbers
from orchestration.example.files import Made, Row
from orchestration.example.targets import TARGETS
from orchestration.example.world import Melding, Person, World

MONITOR = (
    ("20231016T060000", "2023-10-16T06:00:00+02:00"),
    ("20241014T060000", "2024-10-14T06:00:00+02:00"),
    ("20250804T060000", "2025-08-04T06:00:00+02:00"),
)
# of each: name, kennisdatum, and how its meldingen are written
DUO = (
    ("20240115T020000", "2024-01-15T02:00:00+01:00", "xml met namespace"),
    ("20240617T020000", "2024-06-17T02:00:00+02:00", "csv cp1252"),
    ("20240902T020000", "2024-09-02T02:00:00+02:00", "xml"),
    ("20241202T020000", "2024-12-02T02:00:00+01:00", "csv utf-8"),
    ("20250317T020000", "2025-03-17T02:00:00+01:00", "xml"),
    ("20250805T020000", "2025-08-05T02:00:00+02:00", "xml met namespace"),
)
REPEATED, REPEAT = "20250317T020000", "20250317T020000-nogmaals"
CAREL = (
    ("20240201T010000", "2024-02-01T01:00:00+01:00", "csv"),
    ("20240802T010000", "2024-08-02T01:00:00+02:00", "werkmap per entiteit"),
    ("20250203T010000", "2025-02-03T01:00:00+01:00", "een werkmap"),
    ("20250806T010000", "2025-08-06T01:00:00+02:00", "werkmap per entiteit"),
)
NAMESPACE = "urn:voorbeeld:duo:relatief-verzuim:v3"


def write(world: World, landing: Path) -> list[Path]:
    """Write every delivery of the example.

    Returns:
        Their folders.
    """
    folders = [files.write(landing, "monitor", name, moment, "volledig", _monitor(world, _day(moment))) for name, moment in MONITOR]
    earlier = datetime.fromisoformat("2000-01-01")
    for name, moment, form in DUO:
        now = datetime.fromisoformat(moment).replace(tzinfo=None)
        folders.append(files.write(landing, "duo", name, moment, "mutatie", list(_duo(world, earlier, now, form))))
        earlier = now
    folders.append(_repeat(landing))
    folders += [
        files.write(landing, "carel", name, moment, "volledig", _carel(world, _day(moment), form, place))
        for place, (name, moment, form) in enumerate(CAREL)
    ]
    return folders


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()


def _person(person: Person, day: date) -> Row:
    bsn, onderwijsnummer = person.numbers(day)
    return {"bsn": bsn, "onderwijsnummer": onderwijsnummer}


def _known(value: date | None, day: date) -> date | None:
    """A date that lies behind a register; what is still to come it does not know."""
    return value if value and value <= day else None


def _monitor(world: World, day: date) -> list[Made]:
    """The full register of a day."""
    persons = [p for p in world.persons if p.in_monitor and p.birth <= day and any(home.begin <= day for home in p.residences)]
    jongeren: list[Row] = []
    woonperioden: list[Row] = []
    inschrijvingen: list[Row] = []
    for person in persons:
        who = _person(person, day)
        jongeren.append(
            who
            | {"geboortedatum": person.birth, "geslacht": person.geslacht}
            | {"datum_startkwalificatie": _known(person.startkwalificatie, day), "datum_overlijden": _known(person.overlijden, day)}
        )
        woonperioden += [
            who
            | {"gemeentecode": home.gemeente, "wijkcode": home.wijk, "datum_vestiging": home.begin, "datum_vertrek": _known(home.end, day)}
            for home in person.residences
            if home.begin <= day
        ]
        inschrijvingen += [
            who
            | {"brin": school.brin, "vestiging": _vestiging(school.brin, school.vestiging, place)}
            | {"onderwijssoort": school.onderwijssoort, "leerjaar": school.leerjaar}
            | {"datum_inschrijving": school.begin, "datum_uitschrijving": school.end}
            for place, school in enumerate(person.enrolments)
            if school.begin <= day
        ]
    wrong = {"bsn": numbers.invalid_bsn(persons[0].bsn), "geboortedatum": date(2010, 1, 1), "geslacht": "M"}
    turned = _person(persons[1], day) | {"gemeentecode": "0164", "datum_vestiging": date(2022, 5, 1), "datum_vertrek": date(2021, 5, 1)}
    # the first register begins with a byte order mark, as a spreadsheet's export does
    form = {"encoding": "utf-8-sig" if day.year == 2023 else "utf-8", "date_format": "%Y-%m-%d"}
    return [
        files.as_csv("monitor", "jongere", [*jongeren, wrong], **form),
        files.as_csv("monitor", "woonperiode", [*woonperioden, turned], **form),
        files.as_csv("monitor", "inschrijving", inschrijvingen, **form),
        files.as_csv("monitor", "kerncijfer", list(_kerncijfers(day)), **form),
    ]


def _vestiging(brin: str, vestiging: str, place: int) -> str:
    """Two digits, or with the BRIN in front, or a bare number: sources write all three."""
    return (vestiging, f"{brin}{vestiging}", str(int(vestiging)))[place % 3]


def _kerncijfers(day: date) -> Iterator[Row]:
    """The monitor's own figures, of the schooljaren of which it knows the peildatum."""
    for (gemeente, schooljaar), targets in TARGETS.items():
        if schooljaar.peildatum <= day:
            about = {"schooljaar": schooljaar.name.replace("-", " / "), "gemeentecode": gemeente}
            yield about | {"indicator": "leerplichtigen", "waarde": f"{targets.leerplichtigen:,}".replace(",", ".")}
            yield about | {"indicator": "absoluut_verzuim", "waarde": str(targets.absoluut) if targets.absoluut >= 5 else "<5"}


def _duo(world: World, earlier: datetime, now: datetime, form: str) -> Iterator[Made]:
    """What changed between two deliveries."""
    rows = [
        _melding(melding, place)
        for melding in sorted(world.meldingen, key=lambda melding: melding.nummer)
        for place, version in enumerate(melding.versions)
        if earlier < version.moment <= now
    ]
    if not form.startswith("xml"):
        rows += _rejected(rows[0], now.date())
    if form == "csv cp1252":
        yield files.as_csv("duo", "verzuimmelding", [*rows, rows[1]], encoding="cp1252", date_format="%Y%m%d", newline="\r\n")
    elif form == "csv utf-8":
        yield files.as_csv("duo", "verzuimmelding", rows, encoding="utf-8", date_format="%Y-%m-%d")
    else:
        yield files.as_xml(rows, namespace=NAMESPACE if "namespace" in form else "")
    signals = [
        {"signaalnummer": signal.nummer, "datum_laatste_mutatie": signal.begin, **_person(signal.person, signal.begin)}
        | {"datum_begin": signal.begin, "datum_einde": signal.end, "status": signal.status}
        for signal in world.signals
        if earlier.date() <= signal.begin < now.date()
    ]
    yield files.as_csv("duo", "absoluut_verzuim", signals, encoding="utf-8", date_format="%Y-%m-%d")
    koppelingen = [
        {"onderwijsnummer": person.onderwijsnummer, "bsn": person.bsn, "datum_koppeling": person.coupled}
        for person in world.persons
        if person.coupled and earlier.date() <= person.coupled < now.date()
    ]
    if koppelingen:
        yield files.as_csv("duo", "koppeling", koppelingen, encoding="utf-8", date_format="%Y-%m-%d")


def _melding(melding: Melding, place: int) -> Row:
    version = melding.versions[place]
    return {
        "meldingsnummer": melding.nummer,
        "datum_laatste_mutatie": version.moment.date(),
        "tijdstip_laatste_mutatie": version.moment.time().isoformat(),
        "status": version.status,
        "verzuimsoort": version.soort,
        **_person(melding.person, version.moment.date()),
        "brin": melding.brin,
        "vestiging": _vestiging(melding.brin, melding.vestiging, place),
        "datum_begin": melding.begin,
        "datum_einde": melding.end or (melding.day if version.soort in ("V3", "LRV", "RMC") else None),
        "datum_melding": melding.day,
        "uren": melding.uren,
        "aanleiding": melding.aanleiding,
        "reden_afgesloten": version.reden,
        "toelichting": melding.toelichting,
    }


def _rejected(like: Row, day: date) -> list[Row]:
    """Rows that cannot be taken, each for another reason, under numbers of their own."""
    faults: list[dict[str, Any]] = [
        {"verzuimsoort": "V9"},
        {"bsn": numbers.invalid_bsn(like["bsn"] or "999999990"), "onderwijsnummer": ""},
        {"datum_begin": date(1899, 12, 30)},
        {"verzuimsoort": "LRV", "datum_einde": None},
    ]
    return [like | {"meldingsnummer": f"{day:%Y}99000{place}"} | fault for place, fault in enumerate(faults)]


def _repeat(landing: Path) -> Path:
    """The same delivery once more, under another name."""
    source, target = landing / "duo" / REPEATED, landing / "duo" / REPEAT
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    target.chmod(0o700)
    manifest = target / "levering.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(f'"{REPEATED}"', f'"{REPEAT}"'), encoding="utf-8")
    return target


def _carel(world: World, day: date, form: str, place: int) -> list[Made]:
    """The full register of a day; the last one has rows that cannot be taken, one of them of a record that was fine before."""
    sheets = {
        "incident": [
            {"incidentnr": i.nummer, **_person(i.person, day), "datum": i.day, "brin": i.brin, "contact_met": i.contact_met}
            | {"aanleiding": i.aanleiding, "memo": "gesproken; afspraak gemaakt"}
            for i in world.incidents
            if i.day < day
        ],
        "interventie": [
            {"interventienr": i.nummer, **_person(i.person, day), "datum": i.day, "soort": i.soort, "verzuimsoort": i.verzuimsoort}
            | {"mas_route": i.mas_route, "meldingsnummer": i.meldingsnummer, "memo": ""}
            for i in world.interventies
            if i.day < day
        ],
        "vrijstelling": [
            {"vrijstellingnr": v.nummer, **_person(v.person, day), "grond": v.grond, "aard": v.aard, "besluit": v.besluit}
            | {"datum_aanvraag": v.begin, "datum_besluit": v.begin, "datum_ingang": v.begin, "datum_einde": v.end}
            for v in world.vrijstellingen
            if v.begin < day
        ],
    }
    _corrections(sheets, place)
    if form == "csv":
        return [
            files.as_csv("carel", name, rows, encoding="cp1252", date_format="%d-%m-%Y", newline="\r\n") for name, rows in sheets.items()
        ]
    if form == "een werkmap":
        return files.as_workbook("carel", sheets, name="carel.xlsx", real_dates=True, named_sheets=True)
    names = {"incident": "incidenten.xlsx", "interventie": "interventies.xlsx", "vrijstelling": "vrijstellingen.xlsx"}
    made = [
        files.as_workbook("carel", {name: rows}, name=names[name], real_dates=place == len(CAREL) - 1, named_sheets=False)
        for name, rows in sheets.items()
    ]
    return [sheet for book in made for sheet in book]


def _corrections(sheets: dict[str, list[Row]], place: int) -> None:
    if place == 0:
        # entered twice, taken out later: the register after it lacks it, and so it is gone
        sheets["incident"].append(sheets["incident"][0] | {"incidentnr": "I900001"})
    if place == len(CAREL) - 1:
        sheets["incident"][3] |= {"contact_met": "buren"}  # rejected: the version of the register before stands
        sheets["interventie"].append(sheets["interventie"][0] | {"interventienr": "N900001", "soort": "proces_verbaal", "verzuimsoort": ""})
