"""From files to figures: deliveries in any order, in parts, repeated or interrupted give the same figures.

The test generates a history: registers of the monitor and of Carel, mutations of DUO with versions out of order, late koppelingen, persons
under either number. It delivers the history once in order and once in disorder, and compares the warehouses table by table, except for the
names of deliveries: by design, which of two names of the same content is the repeat depends on the order of arrival. A history with
withdrawn deliveries gives the warehouse of the history without them, names included.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from leveringen import MELDING, Landing, bsn, onderwijsnummer, to_csv
from models import Models

from expectations import contract
from orchestration.deliveries import decide, ledger
from orchestration.deliveries.pseudonym import Pseudonymiser, load_key
from orchestration.persons import erase, hold, identity, rotate

HISTORIES = int(os.environ.get("HISTORIES", "10"))  # delivered in disorder, and half as many with withdrawn deliveries
ERASED = int(os.environ.get("ERASED", "2"))  # histories of which a person is erased; the long proofs have hundreds of each
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
PERSONS = range(5)
TWICE = 6  # the first moment that is in the hour that comes twice
COUPLED = (0, 1)  # these start with an onderwijsnummer
LATER = {"levering", "kennisdatum", "volgorde"}  # names of deliveries, and values that depend on their number
LEFT_OUT = {"levering", "kwaliteit", "bron"}

Row = dict[str, str]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Delivery:
    """What a source sends at one moment."""

    bron: str
    day: int
    aard: str
    rows: Rows
    part: int = 0
    left_out: frozenset[str] = frozenset()  # the numbers of a person who is not delivered

    @property
    def kennisdatum(self) -> str:
        return f"2025-03-{self.day:02d}T02:00:00+01:00"

    def write(self, landing: Landing, name: str) -> None:
        files = {f"{entiteit}.csv": rows for entiteit, rows in self.rows.items() if rows}
        landing.write(
            name,
            {file: self._csv(rows) for file, rows in files.items()},
            bron=self.bron,
            entiteit={file: Path(file).stem for file in files},
            rijen={file: len(self._kept(rows)) for file, rows in files.items()},
            kennisdatum=self.kennisdatum,
            aard=self.aard,
        )

    def _kept(self, rows: list[Row]) -> list[Row]:
        return [row for row in rows if self.left_out.isdisjoint(row.values())]

    def _csv(self, rows: list[Row]) -> bytes:
        return to_csv(self._kept(rows)) if self._kept(rows) else to_csv(rows).splitlines(keepends=True)[0]


def who(person: int, day: int, *, both: bool = False) -> Row:
    number, onw = bsn(20_000_000 + person), onderwijsnummer(person) if person in COUPLED else ""
    if both and onw:
        return {"BSN": number, "ONDERWIJSNUMMER": onw}
    return {"BSN": "", "ONDERWIJSNUMMER": onw} if onw and day < 6 else {"BSN": number, "ONDERWIJSNUMMER": ""}


@st.composite
def register_of_monitor(draw: st.DrawFn, day: int) -> Delivery:
    known = draw(st.sets(st.sampled_from(PERSONS), min_size=3))
    rows: Rows = {"jongere": [], "woonperiode": [], "inschrijving": []}
    for person in sorted(known):
        about = who(person, day)
        birth = draw(st.sampled_from(["2009-07-31", "2009-08-01", "2012-02-29", "2006-10-01", "2019-09-30"]))
        rows["jongere"].append(about | {"GEBOORTEDATUM": birth, "GESLACHT": "V"})
        moved = draw(st.sampled_from(["", "2024-10-01", "2025-01-15"]))
        rows["woonperiode"].append(about | {"GEMEENTECODE": "0164", "DATUM_VESTIGING": "2019-10-01", "DATUM_VERTREK": moved})
        if moved:
            there = draw(st.sampled_from(["0147", "0153"]))
            rows["woonperiode"].append(about | {"GEMEENTECODE": there, "DATUM_VESTIGING": moved, "DATUM_VERTREK": ""})
        rows["inschrijving"].append(
            about
            | {"BRIN": "09TB", "VESTIGING": "0", "ONDERWIJSSOORT": "VO", "DATUM_INSCHRIJVING": "2024-08-01", "DATUM_UITSCHRIJVING": ""}
        )
    return Delivery("monitor", day, "volledig", rows)


def mutation(moment: int) -> Row:
    """Return the mutatie moment of a version: a day, or a minute of the hour that comes twice."""
    if moment < TWICE:
        return {"DATUM_LAATSTE_MUTATIE": f"2025-02-{moment:02d}"}
    return {"DATUM_LAATSTE_MUTATIE": "2024-10-27", "TIJDSTIP_LAATSTE_MUTATIE": f"02:{moment * 5}:00"}


@st.composite
def mutations_of_duo(draw: st.DrawFn, day: int) -> Delivery:
    meldingen = {}
    for number, moment in draw(st.sets(st.tuples(st.integers(1, 4), st.integers(1, 9)), max_size=6)):
        meldingen[number, moment] = (
            MELDING
            | who(number % 5, moment, both=draw(st.booleans()))
            | {
                "MELDINGSNUMMER": f"M{number}",
                **mutation(moment),
                "STATUS": draw(st.sampled_from("RBGI")),
                "VERZUIMSOORT": draw(st.sampled_from(["V3", "O", "L", "LRV", "V9"])),
                "DATUM_MELDING": draw(st.sampled_from(["2024-09-12", "2025-01-14", "2025-01-15"])),
                "DATUM_BEGIN": "2024-09-01",
                "DATUM_EINDE": "2025-01-20",
            }
        )
    couple = [
        {
            "ONDERWIJSNUMMER": onderwijsnummer(person),
            "BSN": bsn(20_000_000 + draw(st.sampled_from([person, 3]))),
            "DATUM_KOPPELING": "2025-02-01",
        }
        for person in COUPLED
        if draw(st.integers(0, 3)) == 0
    ]
    return Delivery("duo", day, "mutatie", {"verzuimmelding": list(meldingen.values()), "koppeling": couple})


@st.composite
def register_of_carel(draw: st.DrawFn, day: int) -> Delivery:
    numbers = sorted(draw(st.sets(st.integers(1, 5), min_size=2)))
    contacts = st.sampled_from(["school", "ouders", "buren"])  # a row with `buren` is rejected, and does not end its record
    incidents = [
        {"INCIDENTNR": f"I{n}", **who(n % 5, day), "DATUM": "15-01-2025", "CONTACT_MET": draw(contacts), "BRIN": ""} for n in numbers
    ]
    interventions = [
        {"INTERVENTIENR": f"N{n}", **who(n % 5, day), "DATUM": "20-01-2025", "SOORT": "verzuimgesprek", "MELDINGSNUMMER": f"M{n}"}
        for n in numbers
    ]
    exemptions = [
        {"VRIJSTELLINGNR": f"V{n}", **who(n % 5, day), "GROND": "5a", "AARD": "nieuw", "BESLUIT": "toegekend", "DATUM_INGANG": "01-09-2024"}
        for n in numbers[:1]
    ]
    return Delivery("carel", day, "volledig", {"incident": incidents, "interventie": interventions, "vrijstelling": exemptions})


@st.composite
def histories(draw: st.DrawFn) -> list[Delivery]:
    return [
        draw(register_of_monitor(1)),
        draw(mutations_of_duo(2)),
        draw(register_of_carel(3)),
        draw(mutations_of_duo(4)),
        draw(register_of_monitor(5)),
        draw(mutations_of_duo(7)),
        draw(register_of_carel(8)),
    ]


@st.composite
def disorders(draw: st.DrawFn, history: list[Delivery]) -> list[list[tuple[str, Delivery]]]:
    """Draw names for the same deliveries, some in two parts and some twice, spread over some nights in any order."""
    named = []
    for place, delivery in enumerate(history):
        pieces = _in_two(delivery) if delivery.aard == "mutatie" and draw(st.booleans()) else [delivery]
        for piece in pieces:
            named.append((f"{place}-{piece.part}", piece))
            if draw(st.integers(0, 3)) == 0:
                named.append((f"{place}-{piece.part}-nogmaals", piece))
    shuffled = draw(st.permutations(named))
    nights = draw(st.integers(1, 4))
    return [list(shuffled[night::nights]) for night in range(nights)]


def _in_two(delivery: Delivery) -> list[Delivery]:
    """Split a mutatie; the versions of a record stay together, and so do all koppelingen, since the later name counts."""
    parts: list[Rows] = [{}, {}]
    for entiteit, rows in delivery.rows.items():
        for part in (0, 1):
            parts[part][entiteit] = [row for row in rows if (0 if row["ONDERWIJSNUMMER"] else _half(row)) == part]
    return [replace(delivery, rows=rows, part=part) for part, rows in enumerate(parts)]


def _half(row: Row) -> int:
    return int(row["MELDINGSNUMMER"][1:]) % 2


class PowerCut(BaseException):
    """A BaseException, so that no code catches it."""


def night(landing: Landing, cut_after: int | None) -> None:
    """Ingest all waiting deliveries; interrupt before or after the commit of one delivery, and then restart."""
    commits = 0
    honest: Callable[..., None] = ledger.Ledger.commit

    def commit(self: ledger.Ledger, entry: ledger.LedgerEntry) -> None:
        nonlocal commits
        commits += 1
        if commits * 2 - 1 == cut_after:
            raise PowerCut
        honest(self, entry)
        if commits * 2 == cut_after:
            raise PowerCut

    with patch.object(ledger.Ledger, "commit", commit), suppress(PowerCut):
        _ingest(landing)
    _ingest(landing)


def _ingest(landing: Landing) -> None:
    for bron in contract.BRONNEN:
        entries = landing.ingest(bron, max_rejected_rows=1000, min_volume_share=0)
        assert all(entry.oordeel != "geweigerd" for entry in entries)


def tables(models: Models, landing: Landing, *, named: bool = False, left_out: Set[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table for analysts and readers, without the names of deliveries unless `named`, and without withdrawn deliveries."""
    found = {}
    with models.run(landing.lake) as connection:
        for _, schema, name, *_ in models.statements:
            if schema not in ("kern", "jaarverslag") or (name in LEFT_OUT and not named):
                continue
            columns = [row[0] for row in connection.execute(f"describe {schema}.{name}").fetchall()]
            columns = [column for column in columns if column not in left_out and (named or column not in LATER)]
            quoted = ", ".join(f'"{column}"' for column in columns)
            listed = "where oordeel <> 'ingetrokken'" if name == "levering" else ""
            found[f"{schema}.{name}"] = connection.execute(f"select {quoted} from {schema}.{name} {listed} order by all").fetchall()
    return found


COUNTED: set[str] = set()
REACHED = {"kern.melding", "kern.incident", "kern.plichtige", "jaarverslag.bijdrage", "jaarverslag.kerncijfers"}


@pytest.fixture(scope="module", autouse=True)
def _the_histories_reached_the_figures():
    """Check after the test, in each process, that the compared tables were not empty."""
    yield
    assert REACHED <= COUNTED


OF_THE_FILES = {"sha256", "manifest_sha256", "rijen"}  # of a delivery that had the person


@hypothesis_settings(
    max_examples=ERASED,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_erased_is_never_delivered_and_another_key_changes_no_figure(models: Models, data: st.DataObject):
    history = data.draw(histories())
    numbers = identity.parse_numbers(bsn(20_000_000 + data.draw(st.sampled_from(PERSONS))))
    decision = hold.decide("omdat", "Jansen")
    folder = Path(tempfile.mkdtemp(dir=MEMORY))
    try:
        all_of_it, without = Landing(folder / "alles"), Landing(folder / "zonder")
        for place, delivery in enumerate(history):
            delivery.write(all_of_it, f"{place}-0")
        _ingest(all_of_it)
        shutil.copytree(all_of_it.root / "sleutel", without.root / "sleutel")
        lake, key = all_of_it.lake, all_of_it.settings().key_file
        person = identity.find(lake, ledger.read(lake), load_key(key, lake), numbers)
        for place, delivery in enumerate(history):
            replace(delivery, left_out=_numbers_of(person, load_key(key, lake))).write(without, f"{place}-0")
        _ingest(without)
        erase.erase(all_of_it.settings(), numbers, decision)
        found, expected = (tables(models, landing, named=True, left_out=OF_THE_FILES) for landing in (all_of_it, without))
        assert [(name, found[name], rows) for name, rows in expected.items() if found[name] != rows] == []
        COUNTED.update(name for name, rows in found.items() if rows)
        before = load_key(key, lake)
        rotate.rotate(all_of_it.settings(), decision)
        renamed = dict(zip(_pseudonyms(before), _pseudonyms(load_key(key, lake)), strict=True))
        renewed = tables(models, all_of_it, named=True, left_out=OF_THE_FILES)
        for name, rows in found.items():
            expected_rows = [tuple(_renamed(cell, renamed) for cell in row) for row in rows]  # a key may hold a pseudonym
            assert sorted(expected_rows, key=repr) == sorted(renewed[name], key=repr)
        assert "kern.jongere" in found and not any(one in repr(renewed) for one in renamed)
    finally:
        shutil.rmtree(folder)


NUMBERS = [("bsn", bsn(20_000_000 + person)) for person in PERSONS] + [("onderwijsnummer", onderwijsnummer(person)) for person in COUPLED]


def _pseudonyms(key: bytes) -> list[str]:
    made = Pseudonymiser(key)
    return [made.one(kind, number) for kind, number in NUMBERS]


def _renamed(cell: Any, renamed: dict[str, str]) -> Any:
    for one, other in renamed.items():
        cell = cell.replace(one, other) if isinstance(cell, str) else cell
    return cell


def _numbers_of(person: identity.Person, key: bytes) -> frozenset[str]:
    return frozenset(number for (_, number), one in zip(NUMBERS, _pseudonyms(key), strict=True) if one in person.pseudonyms)


@hypothesis_settings(
    max_examples=HISTORIES // 2 if HISTORIES > 10 else 3,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_withdrawn_is_never_delivered_in_every_table_and_figure(models: Models, data: st.DataObject):
    history = data.draw(histories())
    withdrawn = data.draw(st.sets(st.integers(0, len(history) - 1), min_size=1, max_size=2))
    folder = Path(tempfile.mkdtemp(dir=MEMORY))
    try:
        all_of_it, without = Landing(folder / "alles"), Landing(folder / "zonder")
        for place, delivery in enumerate(history):
            delivery.write(all_of_it, f"{place}-0")
            if place not in withdrawn:
                delivery.write(without, f"{place}-0")
        _ingest(all_of_it)
        shutil.copytree(all_of_it.root / "sleutel", without.root / "sleutel")
        _ingest(without)
        before = tables(models, all_of_it, named=True)
        for place in withdrawn:
            decide.withdraw(all_of_it.settings(), history[place].bron, f"{place}-0", "omdat", "Jansen")
        found = tables(models, all_of_it, named=True)
        assert found == tables(models, without, named=True)
        COUNTED.update(name for name, rows in found.items() if rows)
        for place in withdrawn:
            decide.accept(all_of_it.settings(), history[place].bron, f"{place}-0", "toch", "Jansen")
        assert tables(models, all_of_it, named=True) == before
    finally:
        shutil.rmtree(folder)


@hypothesis_settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_the_warehouse_is_that_of_the_timely_history(models: Models, data: st.DataObject):
    history = data.draw(histories())
    disorder = data.draw(disorders(history))
    folder = Path(tempfile.mkdtemp(dir=MEMORY))
    try:
        timely, disordered = Landing(folder / "tijdig"), Landing(folder / "wanordelijk")
        for place, delivery in enumerate(history):
            delivery.write(timely, f"{place}-0")
            _ingest(timely)
        shutil.copytree(timely.root / "sleutel", disordered.root / "sleutel")  # the same key gives the same pseudonyms
        for arrived in disorder:
            for name, delivery in arrived:
                delivery.write(disordered, name)
            night(disordered, data.draw(st.none() | st.integers(1, 2 * len(arrived))))
        expected, found = tables(models, timely), tables(models, disordered)
        assert expected.keys() == found.keys()
        assert [(name, set(found[name]) ^ set(rows)) for name, rows in expected.items() if found[name] != rows] == []
        COUNTED.update(name for name, rows in expected.items() if rows)
    finally:
        shutil.rmtree(folder)
