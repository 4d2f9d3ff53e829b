"""A person is erased: afterwards the lake is as if the person was never delivered, and nothing of it is left."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from leveringen import Landing, bsn, melding, onderwijsnummer, to_csv, to_xlsx

from orchestration import change, clock
from orchestration.deliveries import barred, ledger
from orchestration.deliveries.pseudonym import Pseudonymiser, load_key
from orchestration.lake import Lake, interrupted
from orchestration.persons import erase, hold, identity
from orchestration.persons.identity import PersonError

THEIRS, OTHER = bsn(20_000_001), bsn(20_000_002)
COUPLED = onderwijsnummer(7)
NUMBERS = identity.parse_numbers(THEIRS)
DECISION = hold.decide("verzoek van de ouders", "Jansen")
BIRTH = {"GEBOORTEDATUM": "2010-05-06", "GESLACHT": "V"}
HOME = {"GEMEENTECODE": "0164", "DATUM_VESTIGING": "2019-10-01", "DATUM_VERTREK": ""}


def deliver(landing: Landing, *, without: bool = False) -> None:
    """Deliver two children; one of them by two numbers, in rows that are rejected, and in the free text of the other."""

    def of(rows: list[tuple[bool, dict[str, str]]]) -> list[dict[str, str]]:
        return [row for theirs, row in rows if not (theirs and without)]

    def both(number: str, onw: str = "") -> dict[str, str]:
        return {"BSN": number, "ONDERWIJSNUMMER": onw}

    register = of([(True, both(THEIRS) | BIRTH), (False, both(OTHER) | BIRTH)])
    homes = of([(True, both(THEIRS) | HOME), (True, both(THEIRS) | HOME | {"DATUM_VESTIGING": "onbekend"}), (False, both(OTHER) | HOME)])
    landing.write(
        "register",
        {"jongeren.csv": to_csv(register), "woonperioden.csv": to_csv(homes)},
        bron="monitor",
        entiteit={"jongeren.csv": "jongere", "woonperioden.csv": "woonperiode"},
        rijen={"jongeren.csv": len(register), "woonperioden.csv": len(homes)},
        aard="volledig",
    )
    meldingen = of(
        [
            (True, melding(1, BSN=THEIRS)),
            (True, melding(3, BSN="", ONDERWIJSNUMMER=COUPLED)),
            (True, melding(4, BSN=THEIRS, VERZUIMSOORT="V9")),
            (
                False,
                melding(2, BSN=OTHER, TOELICHTING="broertje van " + ("iemand" if without else f"{THEIRS[:3]}.{THEIRS[3:6]}.{THEIRS[6:]}")),
            ),
            (False, melding(5, BSN=OTHER, VERZUIMSOORT="V9")),
        ]
    )
    couplings = of([(True, both(THEIRS, COUPLED) | {"DATUM_KOPPELING": "2025-02-01"})])
    files = {"verzuimmeldingen.csv": to_csv(meldingen)} | ({"koppelingen.csv": to_csv(couplings)} if couplings else {})
    landing.write(
        "20250303",
        files,
        entiteit={"verzuimmeldingen.csv": "verzuimmelding", "koppelingen.csv": "koppeling"},
        rijen={"verzuimmeldingen.csv": len(meldingen), "koppelingen.csv": len(couplings)},
    )
    landing.meldingen("20250304", [melding(6, BSN=OTHER)], kennisdatum="2025-03-04T02:00:00+01:00")


def ingest(landing: Landing) -> None:
    for bron in ("monitor", "duo", "carel"):
        landing.ingest(bron, max_rejected_rows=1000)


@pytest.fixture
def held(landing: Landing) -> Landing:
    """A lake that holds the person, also in what is made of its rows."""
    deliver(landing)
    ingest(landing)
    pseudonym = Pseudonymiser(load_key(landing.settings().key_file, landing.lake)).one("bsn", THEIRS).encode()
    lake = landing.lake
    earlier, current = lake.warehouse_night("20250101T000000.000000Z"), lake.warehouse_night("20250102T000000.000000Z")
    behind = lake.provenance(earlier.parent.name)
    looked_back = lake.looked_back / "x" / "warehouse" / "a.duckdb"
    for path in (earlier, behind, current, lake.dbt_dev / "dev.duckdb", looked_back, lake.rebuilt / "a"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pseudonym)
    lake.warehouse_current.symlink_to(current)
    return landing


def everything(lake: Lake) -> Iterator[tuple[Path, bytes]]:
    """Yield every file of a lake but the warehouse that analysts have open, with its bytes; of Parquet also what it decodes to."""
    current = lake.warehouse_current.resolve()
    for path in lake.root.rglob("*"):
        if path.is_file() and path.resolve() != current:
            yield path, path.read_bytes()
            if path.suffix == ".parquet":
                yield path, str(pq.read_table(path).to_pylist()).encode()


def traces(landing: Landing) -> list[Path]:
    """Return the files that have a number or a pseudonym of the person."""
    pseudonymiser = Pseudonymiser(load_key(landing.settings().key_file, landing.lake))
    signs = [
        THEIRS,
        COUPLED,
        THEIRS[3:6] + "." + THEIRS[6:],
        pseudonymiser.one("bsn", THEIRS),
        pseudonymiser.one("onderwijsnummer", COUPLED),
    ]
    return [path for path, content in everything(landing.lake) if any(sign.encode() in content for sign in signs)]


def contents(lake: Lake) -> dict[tuple[str, str, str], Any]:
    """Return the rows and counts of each delivery, without the names of files."""
    found = {}
    for entry in ledger.read(lake):
        for part in entry.entiteiten:
            rows = [
                pq.read_table(zone / name).to_pylist() if name else []
                for zone, name in ((lake.rows, part.rijen), (lake.quarantine, part.quarantaine))
            ]
            for row in (row for table in rows for row in table):
                row.pop("rijnummer"), row.pop("regel", None)
            counts = part.model_dump(exclude={"rijen", "quarantaine", "rijen_sha256", "quarantaine_sha256"})
            if part.gelezen:
                found[entry.bron, entry.levering, part.entiteit] = (rows, counts)
    return found


def test_erased_is_never_delivered(held: Landing, tmp_path: Path):
    assert {path.relative_to(held.lake.root).parts[0] for path in traces(held)} == {"landing", "lake", "quarantine", "warehouse", "werk"}
    never = Landing(tmp_path / "nooit")
    shutil.copytree(held.root / "sleutel", never.root / "sleutel")
    deliver(never, without=True)
    ingest(never)
    found = erase.erase(held.settings(), NUMBERS, DECISION)
    assert traces(held) == []
    assert contents(held.lake) == contents(never.lake) != {}
    assert dict(found.rows) == {"monitor.jongere": 1, "monitor.woonperiode": 1, "duo.verzuimmelding": 2, "duo.koppeling": 1}
    assert (found.rejected, found.deliveries, found.originals) == (2, 2, ("monitor/register", "duo/20250303"))
    for entry in ledger.read(held.lake):
        assert [one.wat for one in entry.herschreven] == ([] if entry.levering == "20250304" else ["gewist", "origineel_verwijderd"])
        assert all(one.omdat == "verzoek van de ouders" for one in entry.herschreven)
    assert [line["wat"] for line in change.record(held.lake)] == ["gewist"]
    assert held.ingest() == held.ingest("monitor") == []  # what is gone from landing is neither new nor missing
    assert (held.lake.landing / "duo" / "20250304").is_dir()


def test_a_later_delivery_does_not_bring_the_person_back(held: Landing, monkeypatch: pytest.MonkeyPatch):
    erase.erase(held.settings(), NUMBERS, DECISION)
    rows = [
        melding(1, BSN=THEIRS),
        melding(3, BSN="", ONDERWIJSNUMMER=COUPLED),
        melding(7, BSN=OTHER),
        melding(8, BSN=THEIRS, VERZUIMSOORT="V9"),
    ]
    held.meldingen("later", rows, kennisdatum="2025-03-09T02:00:00+01:00")
    [entry] = held.ingest()
    assert entry.oordeel == "geaccepteerd"
    assert [row["meldingsnummer"] for row in held.loaded(entry)] == ["M7"]
    assert [(part.gelezen, part.geladen, part.afgewezen) for part in entry.entiteiten] == [(1, 1, 0)]
    until = max(one.tot for one in barred.read(held.lake))
    assert until.year == 2010 + 19
    monkeypatch.setattr(clock, "now", lambda _now=clock.now: _now() + timedelta(days=365 * 20))
    assert barred.read(held.lake) == ()


def test_what_was_not_read_yet_is_read_first(held: Landing):
    held.meldingen("wacht", [melding(9, BSN=THEIRS)], kennisdatum="2025-03-05T02:00:00+01:00")
    before = dict(everything(held.lake))
    with pytest.raises(PersonError, match="landing/duo/wacht noemt deze persoon en is nog niet gelezen") as refused:
        erase.erase(held.settings(), NUMBERS, DECISION)
    assert THEIRS not in str(refused.value)
    assert {path: content for path, content in everything(held.lake) if path.suffix != ".lock"} == before


def test_who_is_not_there_is_not_erased(held: Landing):
    before = {path: content for path, content in everything(held.lake) if path.suffix == ".json"}
    found = erase.erase(held.settings(), identity.parse_numbers(bsn(33_333_333)), DECISION)
    assert found.nothing
    assert {path: content for path, content in everything(held.lake) if path.suffix == ".json"} == before


def test_an_original_in_a_workbook_goes_too(held: Landing):
    header, values = list(melding(9, BSN=THEIRS)), list(melding(9, BSN=THEIRS).values())
    held.write("werkmap", {"meldingen.xlsx": to_xlsx({"Blad1": [header, values]})}, kennisdatum="2025-03-06T02:00:00+01:00")
    [entry] = held.ingest()
    assert entry.entiteiten[0].geladen == 1
    assert "duo/werkmap" in erase.erase(held.settings(), NUMBERS, DECISION).originals
    assert not (held.lake.landing / "duo" / "werkmap").exists()


@pytest.mark.parametrize("text", ["", "123456789", f"{THEIRS}\n{OTHER}", "jan"])
def test_what_is_no_person(text: str):
    with pytest.raises(PersonError) as refused:
        identity.parse_numbers(text)
    assert not any(number in str(refused.value) for number in (THEIRS, OTHER, "123456789"))


class PowerCut(BaseException):
    """No code catches it."""


@pytest.mark.parametrize("moves", [0, 1, 4])
def test_a_killed_erasure_is_undone_or_completed(held: Landing, monkeypatch: pytest.MonkeyPatch, moves: int):
    """Killed before the plan is in place nothing happened; killed after so many moves the next that holds the lake completes it."""
    before = contents(held.lake)
    put, done = interrupted._put, 0

    def cut(staged: Path, target: Path) -> None:
        nonlocal done
        if done == moves:
            raise PowerCut
        done += 1
        put(staged, target)

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(interrupted, "_put", cut)
        erase.erase(held.settings(), NUMBERS, DECISION)
    assert traces(held) != []
    with held.lake.hold():
        assert traces(held) == []
    assert not held.lake.change.exists()
    assert contents(held.lake) != before


def test_an_erasure_that_fails_before_its_commit_changes_nothing(held: Landing, monkeypatch: pytest.MonkeyPatch):
    before = dict(everything(held.lake))

    def cut(*_: object, **__: object) -> None:
        raise PowerCut

    monkeypatch.setattr(change.Change, "note", cut)
    with pytest.raises(PowerCut):
        erase.erase(held.settings(), NUMBERS, DECISION)
    assert {path: content for path, content in everything(held.lake) if path.suffix != ".lock"} == before
