"""Canary persons in every place and spelling of a delivery: nothing of them leaves landing, in any night and after any kill.

`CANARIES=200` makes it 200 persons and more moments of a kill.
"""

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import command_line
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from canaries import Canary, Search, canaries
from conftest import Night, Place
from leveringen import Landing, melding, to_csv, to_xlsx, to_xml

from orchestration.warehouse import build

COUNT = int(os.environ.get("CANARIES", "20"))
PERSONS = canaries(COUNT)
FULL = COUNT > 20
CHECKS = (0.1, 1.0) if FULL else (1.0,)  # seconds after a check began to write
NIGHTS: list[tuple[str, float]] = []  # seconds after a step of the night began
if FULL:
    NIGHTS += [("DUO lezen", 0.7), ("magazijn bouwen", 2.0), ("release voorbereiden", 0.1)]
    command_line.SECONDS = 3600
LATER = "2025-09-01T02:00:00+02:00"


def meldingen(person: Canary) -> list[dict[str, str]]:
    """Return rows with the person in every column of a melding, as number, as code, as free text and in an unknown column."""
    n = 10 * person.place
    spelled = [person.spelled(person.place + place) for place in range(12)]
    told = f"{person.with_birth}, bsn {person.spelled(n)}, ouder van {person.onderwijsnummer}"
    kept = {"TOELICHTING": told, "OPMERKING": told}
    return [
        melding(7_000_000 + n, BSN=person.bsn, **kept),
        melding(1, BSN=person.bsn, **kept) | {"MELDINGSNUMMER": person.bsn},
        melding(1, BSN=person.bsn, **kept) | {"MELDINGSNUMMER": f"M{person.bsn}"},
        melding(1, BSN=person.bsn, **kept) | {"MELDINGSNUMMER": f"2025{person.bsn}"},
        melding(1, BSN="", ONDERWIJSNUMMER=person.onderwijsnummer, **kept) | {"MELDINGSNUMMER": f"{person.onderwijsnummer}-1"},
        melding(1, BSN=person.bsn, **kept) | {"MELDINGSNUMMER": spelled[0].replace(";", " ")},
        melding(1, BSN=person.bsn, UREN="x", **kept) | {"MELDINGSNUMMER": f"N{person.onderwijsnummer}"},
        melding(1, BSN=person.bsn, UREN="1", **kept) | {"MELDINGSNUMMER": f"K{person.bsn}"},
        melding(1, BSN=person.bsn, UREN="2", **kept) | {"MELDINGSNUMMER": f"K{person.bsn}"},
        melding(7_000_001 + n, AANLEIDING=spelled[1], **kept),
        melding(7_000_002 + n, AANLEIDING=person.with_birth, **kept),
        melding(7_000_003 + n, BRIN=spelled[2], **kept),
        melding(7_000_004 + n, UREN=spelled[3], **kept),
        melding(7_000_005 + n, DATUM_BEGIN=spelled[4], **kept),
        melding(7_000_006 + n, VERZUIMSOORT=person.name, **kept),
        melding(7_000_007 + n, **kept) | {"BSN": spelled[5] + "!"},
        melding(7_000_008 + n, TIJDSTIP_LAATSTE_MUTATIE=spelled[6], **kept),
        melding(7_000_009 + n, VESTIGING=spelled[7], STATUS=person.bsn[1:], **kept),
    ]


def incidenten(person: Canary) -> list[list[Any]]:
    """Return rows of a workbook: numbers without their zeros, names with birth dates as codes."""
    short: Any = int(person.bsn)
    return [
        [f"I{7_000_000 + person.place}", short, "03-03-2025", "school", person.with_birth, person.spelled(person.place)],
        [short, short, "03-03-2025", "ouders", "", ""],
        [f"I{8_000_000 + person.place}", short, "03-03-2025", person.with_birth, "", ""],
        [f"I{8_500_000 + person.place}", short, person.spelled(person.place), "school", "", ""],
        [person.with_birth, short, "03-03-2025", "school", person.name, person.name],
    ]


def woonperioden(person: Canary) -> dict[str, str]:
    wijk = (person.spelled(person.place), person.with_birth, person.bsn[1:])[person.place % 3]
    return {"BSN": person.bsn, "GEMEENTECODE": "0164", "WIJKCODE": wijk, "DATUM_VESTIGING": "2020-01-01"}


def deliver(landing: Landing) -> None:
    """Write the deliveries: accepted ones with rejected rows, and one refused for each way to be refused that names something."""
    rows = [row for person in PERSONS for row in meldingen(person)]
    landing.meldingen("kanaries csv", rows, kennisdatum=LATER)
    first, second = PERSONS[0], PERSONS[1]
    tree = to_xml([{k: v for k, v in row.items() if k != "OPMERKING"} for row in rows if "<" not in str(row)])
    spoken = f'<!-- {first.name} {first.bsn} --><?pi {second.bsn}?><Extra naam="{first.with_birth}" n{first.bsn}="1">{second.name}</Extra>'
    tree = tree.replace(b"<Verzuimgeval>", f"<Verzuimgeval>{spoken}".encode())
    landing.write("kanaries xml", {"verzuimmeldingen.xml": tree}, rijen=len(rows), kennisdatum="2025-09-02T02:00:00+02:00")
    header = ["INCIDENTNR", "BSN", "DATUM", "CONTACT_MET", "MEMO", f"OPM {first.bsn}"]
    sheets = {"Blad1": [header, *(row for person in PERSONS for row in incidenten(person))], first.name: [[second.bsn, second.name]]}
    landing.write(
        "kanaries", {"incidenten.xlsx": to_xlsx(sheets)}, bron="carel", entiteit="incident", blad={"incidenten.xlsx": "Blad1"},
        rijen=len(PERSONS) * 5, kennisdatum=LATER,
    )  # fmt: skip
    table = to_csv(map(woonperioden, PERSONS))
    landing.write(
        "kanaries", {"woonperioden.csv": table}, bron="monitor", entiteit="woonperiode", rijen=len(PERSONS), kennisdatum=LATER,
    )  # fmt: skip
    for number, spelled in enumerate(s for s in first.spellings if "/" not in s):
        good = to_csv([melding(number)])
        landing.write(f"map {spelled}", {"verzuimmeldingen.csv": good}, kennisdatum=LATER)
        landing.write(f"bestand {number}", {f"{spelled}.csv": good}, kennisdatum=LATER)
        folder = landing.write(f"los {number}", {"verzuimmeldingen.csv": good}, kennisdatum=LATER)
        (folder / f"{spelled} {first.bsn}.csv").write_text("x")
        landing.write(f"blad {number}", {"incidenten.xlsx": b"PK"}, bron="carel", entiteit="incident", blad={"incidenten.xlsx": spelled})
        landing.write(f"entiteit {number}", {"x.csv": good}, entiteit=spelled)
        landing.write(f"kop {number}", {"verzuimmeldingen.csv": f"{spelled};{first.name};x\n1;2;3\n".encode()})
        landing.write(f"wortel {number}", {"verzuimmeldingen.xml": f"<x{first.bsn}><{first.name.split()[1]}/>".encode()})
        (landing.lake.landing / "duo" / f"wacht {spelled}").mkdir()
        (landing.lake.landing / f"{spelled}.csv").write_text("x")


def environment(place: Place, temporary: Path) -> dict[str, str]:
    own = {"TMPDIR": str(temporary), "HOME": str(temporary / "huis"), "LEERPLICHT_MAX_REJECTED_SHARE": "0.99"}
    return place.environment | own


def killed(arguments: list[str], variables: dict[str, str], after: Callable[[], bool]) -> str:
    """Start a command in a group of its own, kill the group when it is time, and return its output and the arguments of its processes."""
    output = Path(variables["TMPDIR"]).parent / "uitvoer"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [command_line.INSTALLED, *arguments], env=variables, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    told = []
    while process.poll() is None and not after():
        told += [text for child in _children(process.pid) for text in _described(child)]
        time.sleep(0.05)
    children = _children(process.pid)
    process.kill()
    process.wait()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return "\n".join([output.read_text(), *told])


def _children(parent: int) -> list[int]:
    with suppress(OSError):
        found = [int(child) for task in Path(f"/proc/{parent}/task").iterdir() for child in (task / "children").read_text().split()]
        return found + [other for child in found for other in _children(child)]
    return []


def _described(process: int) -> Iterator[str]:
    for name in ("cmdline", "environ"):
        with suppress(OSError):
            yield Path(f"/proc/{process}/{name}").read_bytes().replace(b"\0", b"\n").decode(errors="replace")


def test_the_search_finds_what_is_there(tmp_path: Path):
    """Each kind of file, with a canary in it that its bytes do not show."""
    person, search = PERSONS[0], Search(PERSONS)
    for spelled in person.spellings:
        assert person.bsn in search.text(f"x {spelled} y"), spelled
    assert search.text(f"van {person.name}") == {"naam"}
    assert search.text(person.bsn[1:]) == {person.bsn[1:]}, "without its zero"
    assert not search.text(f"{int(person.bsn) + 1:09d}, 2025-03-03T02:00:00, 2.147.483.648")
    table = pa.table({"n": pa.array([f"x{n}" for n in range(999)] + [person.spelled(3)])})
    pq.write_table(table, tmp_path / "a.parquet", compression="zstd")
    with duckdb.connect(str(tmp_path / "b.duckdb")) as connection:
        connection.execute("create schema s; create table s.t as select range as n, 'x' as s from range(9)")
        connection.execute("insert into s.t values (?, ?)", [int(PERSONS[1].bsn), person.name])
    with sqlite3.connect(tmp_path / "c.db") as base:
        base.execute("pragma journal_mode = wal")
        base.execute("create table t (a text)")
        base.execute("insert into t values (?)", [person.spelled(1)])
        base.commit()
        base.execute("pragma wal_checkpoint(truncate)")
    base.close()
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("blad.xml", person.bsn * 9)
    (tmp_path / "e.gz").write_bytes(gzip.compress(person.bsn.encode() * 9))
    (tmp_path / "f.json").write_text(json.dumps({"a": person.bsn.translate(str.maketrans("1", "１"))}))
    (tmp_path / person.spelled(2)).mkdir()
    found = {Path(path).name[:1] for path in search.folder(tmp_path)}
    assert found == {*"abcdef", person.bsn[0]}


def test_reading_leaves_nothing_of_a_canary(landing: Landing):
    deliver(landing)
    for bron in ("monitor", "duo", "carel"):
        assert landing.ingest(bron, max_rejected_share=0.99)
    search = Search(PERSONS)
    found = search.folder(landing.root, leaving_out=landing.lake.landing)
    assert not found, found
    assert search.folder(landing.lake.landing) and search.seen > 1000


@pytest.fixture(scope="module")
def lake(night: Night, tmp_path_factory: pytest.TempPathFactory, example_landing: Path) -> tuple[Place, dict[str, str]]:
    root = tmp_path_factory.mktemp("kanaries")
    landing = Landing(root)
    place = Place(landing.lake.root, landing.settings().key_file)
    build.copy_partial_parse(night.lake, place.lake)
    shutil.copytree(example_landing, place.lake.landing)
    deliver(landing)
    temporary = root / "tijdelijk"
    (temporary / "huis").mkdir(parents=True)
    return place, environment(place, temporary)


@pytest.fixture(scope="module")
def search() -> Search:
    """One search for all tests of this module, which knows what it has seen."""
    return Search(PERSONS)


def search_everything(search: Search, place: Place, variables: dict[str, str], told: str = "") -> None:
    for name in ("duo/kanaries csv", "duo/kanaries xml", "carel/kanaries", "monitor/kanaries"):
        assert search.folder(place.lake.landing / name), "the canaries are in landing"
    found = search.folder(place.root.parent, leaving_out=place.lake.landing)
    assert not found, found
    assert not search.text(told), [line for line in told.splitlines() if search.text(line)][:5]
    assert search.seen > 20 and Path(variables["TMPDIR"]).is_relative_to(place.root.parent)


def test_a_killed_check_leaves_nothing(lake: tuple[Place, dict[str, str]], search: Search, tmp_path: Path):
    place, variables = lake
    many = tmp_path / "verzuimmeldingen.csv"
    many.write_bytes(to_csv([row for person in PERSONS for row in meldingen(person)] * (80_000 // COUNT // 18)))
    temporary = Path(variables["TMPDIR"])
    for wait in CHECKS:
        began: list[float] = []

        def reading(wait: float = wait, began: list[float] = began) -> bool:
            """Return whether the check has begun to write its temporary files, and this long ago."""
            if not began and any(temporary.glob("leerplicht-*")):
                began.append(time.monotonic())
            return bool(began) and time.monotonic() - began[0] > wait

        told = killed(["check", str(many), "--bron", "duo"], variables, reading)
        assert began, told
        search_everything(search, place, variables, told)
        for left in temporary.glob("leerplicht-*"):
            shutil.rmtree(left)


def test_no_night_and_no_command_lets_a_canary_out(lake: tuple[Place, dict[str, str]], search: Search):
    place, variables = lake
    for step, seconds in NIGHTS:
        earlier = place.lake.log.read_text() if place.lake.log.exists() else ""

        def reached(step: str = step, seconds: float = seconds, earlier: str = earlier) -> bool:
            """Return whether the step began in this run, and wait a little."""
            begun = place.lake.log.exists() and f'"{step}", "gebeurtenis": "begonnen"' in place.lake.log.read_text()[len(earlier) :]
            time.sleep(seconds if begun else 0)
            return begun

        told = killed(["run"], variables, reached)
        assert f'"{step}"' in place.lake.log.read_text(), told
        search_everything(search, place, variables, told)
    good = command_line.forked(["run"], variables)
    assert good.returncode == 0, good.stderr
    search_everything(search, place, variables, good.stdout + good.stderr)
    rows = max(place.lake.rows.glob("duo/verzuimmelding/*.parquet"), key=lambda path: path.stat().st_size)
    whole, landing = rows.read_bytes(), place.lake.landing / "duo"
    rows.write_bytes(whole[:-9])
    landing.rename(landing.with_name(".duo"))  # otherwise the file is read again
    failed = command_line.forked(["run"], variables)
    landing.with_name(".duo").rename(landing)
    rows.write_bytes(whole)
    assert failed.returncode == 15 and "is beschadigd" in failed.stderr
    told = failed.stdout + failed.stderr
    for arguments in (["status", "--alles"], ["status", "--json"], *_asked(place)):
        answered = command_line.forked(arguments, variables)
        assert "Traceback" not in answered.stderr
        assert arguments[0] != "explain" or answered.returncode == 0, answered.stderr
        told += answered.stdout + answered.stderr
    assert PERSONS[0].bsn not in told and "[negen cijfers]" in told
    search_everything(search, place, variables, told)


def _asked(place: Place) -> Iterator[list[str]]:
    """Return commands that name a canary's deliveries and numbers."""
    yield ["explain", PERSONS[1].bsn]
    yield ["explain", f"M{PERSONS[1].bsn}"]
    yield ["explain", f"2025{PERSONS[1].bsn}"]
    yield ["check", str(place.lake.landing / "duo" / f"map {PERSONS[0].bsn}")]
    yield ["check", str(place.lake.landing / "duo" / "kanaries csv"), "--json"]
    yield ["check", str(place.lake.landing / "carel" / "kanaries")]
