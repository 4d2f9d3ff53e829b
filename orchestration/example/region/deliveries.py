"""The deliveries of the region: a yearly register of the monitor, DUO's quarterly changes, Carel's half-yearly register.

Put here: the deliveries, and assigning rows to them. Keep out: rows (`example.rows`) and formats (`example.files`).
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from orchestration.example import rows
from orchestration.example.files import Csv, Row, Sheet, Xml
from orchestration.example.folder import Delivery
from orchestration.example.region.extent import Extent
from orchestration.example.world import Person, Schooljaar, World, is_leerplichtige

ISO = {"encoding": "utf-8", "date_format": "%Y-%m-%d"}
ENTITEITEN = ("incident", "interventie", "vrijstelling", "verlofaanvraag", "thuiszitter_geoorloofd")


def _opened(landing: Path, bron: str, moment: str, aard: str) -> Delivery:
    return Delivery(landing, bron, datetime.fromisoformat(moment).strftime("%Y%m%dT%H%M%S"), moment, aard)


class Kerncijfers:
    """The monitor's own figures, per schooljaar and gemeente."""

    def __init__(self, extent: Extent) -> None:
        self._extent = extent
        self._leerplichtigen: Counter[tuple[Schooljaar, str | None]] = Counter()
        self._absoluut: Counter[tuple[Schooljaar, str | None]] = Counter()

    def add(self, world: World) -> None:
        """Count a person."""
        (person,) = world.persons
        if not person.in_monitor:
            return
        for schooljaar in self._extent.schooljaren:
            self._leerplichtigen[schooljaar, person.gemeente(schooljaar.peildatum)] += is_leerplichtige(person, schooljaar.peildatum)
        absoluut = {
            (Schooljaar(signal.begin.year - (signal.begin.month < 8)), person.gemeente(signal.begin))
            for signal in world.signals
            if signal.status != "ingetrokken"
        }
        self._absoluut.update(absoluut)

    def rows(self, day: date) -> list[Row]:
        """Return the rows of a register: of schooljaren with a peildatum up to its day."""
        return [
            row
            for gemeente in self._extent.gemeenten
            for schooljaar in self._extent.schooljaren
            if schooljaar.peildatum <= day
            for row in rows.kerncijfers(
                schooljaar.name, gemeente, self._leerplichtigen[schooljaar, gemeente], self._absoluut[schooljaar, gemeente]
            )
        ]


class MonitorRegister:
    """A full register of the monitor."""

    def __init__(self, landing: Path, moment: str) -> None:
        self._delivery = _opened(landing, "monitor", moment, "volledig")
        self._day = datetime.fromisoformat(moment).date()
        self._files = [self._delivery.csv(entiteit, **ISO) for entiteit in ("jongere", "woonperiode", "inschrijving", "kerncijfer")]
        self._first: Person | None = None

    def add(self, person: Person) -> None:
        """Add a person, if known on the day of the register."""
        if not rows.in_register(person, self._day):
            return
        jongeren, woonperioden, inschrijvingen, _ = self._files
        jongeren.write(rows.jongere(person, self._day))
        woonperioden.extend(rows.woonperioden(person, self._day))
        inschrijvingen.extend(rows.inschrijvingen(person, self._day))
        if self._first is None and person.bsn and not person.onderwijsnummer:
            self._first = person

    def close(self, figures: Kerncijfers) -> Path:
        """Write two rejected rows and the kerncijfers, and finish the delivery."""
        jongeren, woonperioden, _, kerncijfers = self._files
        if self._first:
            jongeren.write(rows.rejected_jongere(self._first))
            woonperioden.write(rows.rejected_woonperiode(self._first, self._day))
        kerncijfers.extend(figures.rows(self._day))
        return self._delivery.close()


class DuoChanges:
    """The changes of a quarter at DUO, alternating between XML and CSV."""

    def __init__(self, landing: Path, place: int, moment: str) -> None:
        self._delivery = _opened(landing, "duo", moment, "mutatie")
        self._day = datetime.fromisoformat(moment).date()
        self._first: Row | None = None
        self._meldingen: Csv | Xml
        if place % 2:
            self._meldingen = self._delivery.csv("verzuimmelding", encoding="cp1252", date_format="%Y%m%d", newline="\r\n")
        else:
            self._meldingen = self._delivery.xml("verzuimmelding", namespace="urn:voorbeeld:duo:relatief-verzuim:v3")
        self.signals = self._delivery.csv("absoluut_verzuim", **ISO)
        self.koppelingen = self._delivery.csv("koppeling", **ISO)

    def melding(self, row: Row) -> None:
        """Add a version of a melding."""
        self._first = self._first or row
        self._meldingen.write(row)

    def close(self) -> Path:
        """Finish the delivery; a CSV ends with rejected rows."""
        if self._first and isinstance(self._meldingen, Csv):
            self._meldingen.extend(rows.rejected_meldingen(self._first, self._day))
        return self._delivery.close()


class CarelRegister:
    """A full register of Carel, alternating between CSV and workbooks if these can hold it."""

    def __init__(self, landing: Path, moment: str, *, is_workbook: bool) -> None:
        self._delivery = _opened(landing, "carel", moment, "volledig")
        self._day = datetime.fromisoformat(moment).date()
        self._files = {entiteit: self._open(entiteit, is_workbook=is_workbook) for entiteit in ENTITEITEN}

    def _open(self, entiteit: str, *, is_workbook: bool) -> Csv | Sheet:
        if not is_workbook:
            return self._delivery.csv(entiteit, encoding="cp1252", date_format="%d-%m-%Y", newline="\r\n")
        return self._delivery.workbook("", [entiteit], real_dates=True, named_sheets=False, streamed=True)[entiteit]

    def add(self, world: World) -> None:
        """Add the records of a person before the day of the register."""
        day = self._day
        self._files["incident"].extend(rows.incident(incident, day) for incident in world.incidents if incident.day < day)
        self._files["interventie"].extend(rows.interventie(measure, day) for measure in world.interventies if measure.day < day)
        self._files["vrijstelling"].extend(rows.vrijstelling(given, day) for given in world.vrijstellingen if given.begin < day)
        self._files["verlofaanvraag"].extend(rows.verlofaanvraag(asked, day) for asked in world.verlofaanvragen if asked.day < day)
        self._files["thuiszitter_geoorloofd"].extend(rows.geoorloofd(absence, day) for absence in world.geoorloofd if absence.begin < day)

    def close(self) -> Path:
        """Finish the delivery."""
        return self._delivery.close()


class Deliveries:
    """All deliveries of the region, open at once."""

    def __init__(self, landing: Path, extent: Extent) -> None:
        self._kerncijfers = Kerncijfers(extent)
        self._monitor = [MonitorRegister(landing, moment) for moment in extent.monitor]
        self._duo = [DuoChanges(landing, place, moment) for place, moment in enumerate(extent.duo)]
        self._carel = [
            CarelRegister(landing, moment, is_workbook=extent.fits_a_sheet and place % 2 == 1) for place, moment in enumerate(extent.carel)
        ]
        self._moments = [datetime.fromisoformat(moment).replace(tzinfo=None) for moment in extent.duo]
        self._days = [moment.date() for moment in self._moments]

    def add(self, world: World) -> None:
        """Add one person to all deliveries."""
        (person,) = world.persons
        self._kerncijfers.add(world)
        for register in self._monitor:
            register.add(person)
        for melding in world.meldingen:
            for place, version in enumerate(melding.versions):
                quarter = bisect_left(self._moments, version.moment)
                if quarter < len(self._duo):
                    self._duo[quarter].melding(rows.melding(melding, place))
        for signal in world.signals:
            self._duo[bisect_right(self._days, signal.begin)].signals.write(rows.signal(signal))
        if person.coupled and person.coupled < self._days[-1]:
            self._duo[bisect_right(self._days, person.coupled)].koppelingen.write(rows.koppeling(person))
        if world.incidents or world.interventies or world.vrijstellingen or world.verlofaanvragen or world.geoorloofd:
            for carel_register in self._carel:
                carel_register.add(world)

    def close(self) -> list[Path]:
        """Finish all deliveries; return their folders."""
        return [
            *(register.close(self._kerncijfers) for register in self._monitor),
            *(changes.close() for changes in self._duo),
            *(register.close() for register in self._carel),
        ]
