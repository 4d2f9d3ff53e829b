"""The deliveries of the example: records come late, in parts, twice, corrected, and with rows that are rejected.

Put here: the deliveries and the records of each. Keep out: generating records (`people.py`, `events.py`, `measures.py`), rows (`rows.py`)
and formats (`files.py`).
"""

import shutil
from datetime import date, datetime
from pathlib import Path

from orchestration.example import others, rows
from orchestration.example.files import Row
from orchestration.example.folder import Delivery
from orchestration.example.targets import TARGETS
from orchestration.example.world import World

MONITOR = (
    ("20231016T060000", "2023-10-16T06:00:00+02:00"),
    ("20241014T060000", "2024-10-14T06:00:00+02:00"),
    ("20250804T060000", "2025-08-04T06:00:00+02:00"),
)
# name, kennisdatum, and the format of its meldingen
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
OTHERS = ("20250701T090000", "2025-07-01T09:00:00+02:00")
WORKBOOKS = {"incident": "incidenten.xlsx", "interventie": "interventies.xlsx", "vrijstelling": "vrijstellingen.xlsx"}
NAMESPACE = "urn:voorbeeld:duo:relatief-verzuim:v3"


def write(world: World, landing: Path) -> list[Path]:
    """Write all deliveries of the example; return their folders."""
    folders = []
    for name, moment in MONITOR:
        delivery = Delivery(landing, "monitor", name, moment, "volledig")
        _monitor(world, _day(moment), delivery)
        folders.append(delivery.close())
    earlier = datetime.fromisoformat("2000-01-01")
    for name, moment, form in DUO:
        now = datetime.fromisoformat(moment).replace(tzinfo=None)
        delivery = Delivery(landing, "duo", name, moment, "mutatie")
        _duo(world, earlier, now, form, delivery)
        folders.append(delivery.close())
        earlier = now
    folders.append(_repeat(landing))
    for place, (name, moment, form) in enumerate(CAREL):
        delivery = Delivery(landing, "carel", name, moment, "volledig")
        _carel(world, _day(moment), form, place, delivery)
        folders.append(delivery.close())
    folders.append(_others(landing))
    return folders


def kennisdata() -> dict[str, list[datetime]]:
    """Return the kennisdata of the deliveries of each entiteit, and of the monitor as a whole."""
    made = {"monitor": MONITOR} | dict.fromkeys(("verzuimmelding", "absoluut_verzuim"), DUO) | dict.fromkeys(WORKBOOKS, CAREL)
    return {entiteit: [datetime.fromisoformat(moment) for _, moment, *_ in deliveries] for entiteit, deliveries in made.items()}


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()


def _monitor(world: World, day: date, delivery: Delivery) -> None:
    """Write the full register of a day."""
    persons = [person for person in world.persons if rows.in_register(person, day)]
    # the first register has a byte order mark, like the export of a spreadsheet
    form = {"encoding": "utf-8-sig" if day.year == 2023 else "utf-8", "date_format": "%Y-%m-%d"}
    jongeren = delivery.csv("jongere", **form)
    jongeren.extend(rows.jongere(person, day) for person in persons)
    jongeren.write(rows.rejected_jongere(persons[0]))
    woonperioden = delivery.csv("woonperiode", **form)
    woonperioden.extend(row for person in persons for row in rows.woonperioden(person, day))
    woonperioden.write(rows.rejected_woonperiode(persons[1], day))
    delivery.csv("inschrijving", **form).extend(row for person in persons for row in rows.inschrijvingen(person, day))
    kerncijfers = delivery.csv("kerncijfer", **form)
    for (gemeente, schooljaar), targets in TARGETS.items():
        if schooljaar.peildatum <= day:
            kerncijfers.extend(rows.kerncijfers(schooljaar.name, gemeente, targets.leerplichtigen, targets.absoluut))


def _duo(world: World, earlier: datetime, now: datetime, form: str, delivery: Delivery) -> None:
    """Write the changes since the previous delivery."""
    changed = [
        rows.melding(melding, place)
        for melding in sorted(world.meldingen, key=lambda melding: melding.nummer)
        for place, version in enumerate(melding.versions)
        if earlier < version.moment <= now
    ]
    if form.startswith("xml"):
        delivery.xml("verzuimmelding", namespace=NAMESPACE if "namespace" in form else "").extend(changed)
    else:
        changed += rows.rejected_meldingen(changed[0], now.date())
        if form == "csv cp1252":
            repeated = [*changed, changed[1]]
            delivery.csv("verzuimmelding", encoding="cp1252", date_format="%Y%m%d", newline="\r\n").extend(repeated)
        else:
            delivery.csv("verzuimmelding", encoding="utf-8", date_format="%Y-%m-%d").extend(changed)
    signals = delivery.csv("absoluut_verzuim", encoding="utf-8", date_format="%Y-%m-%d")
    signals.extend(rows.signal(signal) for signal in world.signals if earlier.date() <= signal.begin < now.date())
    coupled = [person for person in world.persons if person.coupled and earlier.date() <= person.coupled < now.date()]
    if coupled:
        delivery.csv("koppeling", encoding="utf-8", date_format="%Y-%m-%d").extend(map(rows.koppeling, coupled))


def _repeat(landing: Path) -> Path:
    """Write the same delivery again, with another name."""
    source, target = landing / "duo" / REPEATED, landing / "duo" / REPEAT
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    manifest = target / "levering.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(f'"{REPEATED}"', f'"{REPEAT}"'), encoding="utf-8")
    return target


def _others(landing: Path) -> Path:
    """Write what others published."""
    name, moment = OTHERS
    delivery = Delivery(landing, "vergelijking", name, moment, "volledig")
    delivery.csv("vergelijkingscijfer", encoding="utf-8", date_format="%Y-%m-%d").extend(others.rows())
    return delivery.close()


def _carel(world: World, day: date, form: str, place: int, delivery: Delivery) -> None:
    """Write the full register of a day; the last one has rejected rows, one of them of a record that was valid before."""
    sheets = {
        "incident": [rows.incident(incident, day) for incident in world.incidents if incident.day < day],
        "interventie": [rows.interventie(interventie, day) for interventie in world.interventies if interventie.day < day],
        "vrijstelling": [rows.vrijstelling(vrijstelling, day) for vrijstelling in world.vrijstellingen if vrijstelling.begin < day],
    }
    _corrections(sheets, place)
    if form == "een werkmap":
        opened = delivery.workbook("carel.xlsx", list(sheets), real_dates=True, named_sheets=True)
        for entiteit, sheet in opened.items():
            sheet.extend(sheets[entiteit])
        return
    for entiteit, records in sheets.items():
        if form == "csv":
            delivery.csv(entiteit, encoding="cp1252", date_format="%d-%m-%Y", newline="\r\n").extend(records)
        else:
            real_dates = place == len(CAREL) - 1
            delivery.workbook(WORKBOOKS[entiteit], [entiteit], real_dates=real_dates, named_sheets=False)[entiteit].extend(records)


def _corrections(sheets: dict[str, list[Row]], place: int) -> None:
    if place == 0:
        # entered twice by mistake: the next register does not have it, so it is deleted
        sheets["incident"].append(sheets["incident"][0] | {"incidentnr": "I900001"})
    if place == len(CAREL) - 1:
        sheets["incident"][3] |= {"contact_met": "buren"}  # rejected: the version of the previous register stays
        sheets["interventie"].append(sheets["interventie"][0] | {"interventienr": "N900001", "soort": "proces_verbaal", "verzuimsoort": ""})
