"""A lake of an earlier version is refused with the sentence that says how to bring it up, and `leerplicht upgrade` does so.

The lakes are frozen ones of real earlier versions (`tests/lakes`). A whole night on each takes minutes: `UPGRADED_NIGHTS=1` runs it.
"""

import json
import os
import shutil
import tarfile
from pathlib import Path

import dagster as dg
import duckdb
import magazijn
import pyarrow.parquet as pq
import pytest
from conftest import Place, place, snapshot
from typer.testing import CliRunner, Result

from orchestration import upgrade, whole
from orchestration.cli import app
from orchestration.defs.lake_run import LakeRun, silent
from orchestration.deliveries import ledger
from orchestration.deliveries.ledger import Ledger
from orchestration.lake import Lake, layout
from orchestration.lake.layout import LAYOUT, LayoutError
from orchestration.settings import Settings
from orchestration.warehouse import nights

LAKES = Path(__file__).parents[1] / "lakes"
VERSIONS = ("f2b1ba2", "ec694da")
OLDER = f"✗ dit meer is van een oudere leerplicht (indeling 1, en nu {LAYOUT}); breng het over met: leerplicht upgrade\n"
NEWER = f"✗ dit meer is van een nieuwere leerplicht (indeling {LAYOUT + 1}, en deze kent {LAYOUT}); installeer die versie"


def thawed(version: str, folder: Path) -> Place:
    with tarfile.open(LAKES / f"{version}.tar.xz") as archive:
        archive.extractall(folder, filter="tar")
    key = folder / "sleutel" / "k.key"
    key.parent.chmod(0o700)
    key.rename(key.with_name("pseudoniem.key"))
    return place(folder)


@pytest.fixture(params=VERSIONS)
def older(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A lake of an earlier version, selected by the settings."""
    here = thawed(request.param, tmp_path)
    for name, value in here.environment.items():
        monkeypatch.setenv(name, value)
    return here


def leerplicht(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def kept(lake: Lake) -> dict[str, tuple[int, bytes]]:
    """Return what an upgrade must not touch: what was delivered, published and proven."""
    found = snapshot(lake.landing, lake.published("intern") / "releases", lake.published("openbaar") / "releases", lake.proofs)
    return found | snapshot(lake.register.parent / "register.jsonl")


def verdicts(lake: Lake) -> list[tuple[object, ...]]:
    entries = ledger.read(lake)
    return [(entry.bron, entry.file, entry.oordeel, entry.gezien, entry.run, entry.bestanden) for entry in entries]


@pytest.mark.parametrize("older", VERSIONS[:1], indirect=True)
@pytest.mark.parametrize(
    "command",
    [("status",), ("run",), ("query", "select 1"), ("audit",), ("backup", "kopie", "--key", "sleutel"), ("diff", "current", "current")],
)
def test_no_command_works_on_an_older_lake(older: Place, command: tuple[str, ...]):
    before = kept(older.lake)
    told = leerplicht(*command)
    assert (told.exit_code, told.stdout, told.stderr) == (2, "", OLDER)
    assert kept(older.lake) == before
    assert not older.lake.version.exists()


def test_no_run_works_on_an_older_lake_whatever_started_it(older: Place):
    run = LakeRun(Settings(lake=older.root, key_file=older.key_file), "een", silent)
    with pytest.raises(dg.Failure) as refused, run.step("monitor lezen"):
        pass
    assert f"✗ {refused.value.description}\n" == OLDER


def test_an_older_lake_is_brought_up_and_loses_nothing(older: Place):
    lake = older.lake
    before, judged = kept(lake), verdicts(lake)
    rows = {
        entry.file: [(one.entiteit, one.gelezen, one.geladen, one.afgewezen) for one in entry.entiteiten] for entry in ledger.read(lake)
    }
    assert before and len(judged) == 15
    told = leerplicht("upgrade")
    assert told.exit_code == 0, told.output
    assert "landing" not in told.stdout, "every delivery was read again"
    assert kept(lake) == before
    assert verdicts(lake) == judged
    assert {e.file: [(o.entiteit, o.gelezen, o.geladen, o.afgewezen) for o in e.entiteiten] for e in ledger.read(lake)} == rows
    assert whole.damaged(lake) == []
    named = {one.rijen for entry in ledger.read(lake) for one in entry.entiteiten if one.rijen}
    assert {path.relative_to(lake.rows).as_posix() for path in lake.rows.rglob("*.parquet") if path.name != "leeg.parquet"} == named
    assert layout.found(lake) == LAYOUT
    assert len(list(lake.warehouse_nights.iterdir())) == 1, "the one that analysts have open"
    assert not (lake.root / "werk" / "gx").exists()
    assert not list(lake.deviating())
    assert leerplicht("status").exit_code == 0
    assert leerplicht("upgrade").stdout == "dit meer is al van deze versie; er is niets veranderd\n"


@pytest.mark.parametrize("older", VERSIONS[:1], indirect=True)
def test_a_killed_upgrade_is_completed_by_the_next(older: Place, monkeypatch: pytest.MonkeyPatch):
    class Killed(BaseException):
        pass

    commit, count = Ledger.commit, 0

    def killed(self, entry):
        nonlocal count
        count += 1
        if count == 5:
            raise Killed
        commit(self, entry)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(Ledger, "commit", killed)
        list(upgrade.upgrade(Settings(), silent))
    assert layout.found(older.lake) == 1
    judged = verdicts(older.lake)
    assert leerplicht("upgrade").exit_code == 0
    assert verdicts(older.lake) == judged
    assert whole.damaged(older.lake) == []


@pytest.mark.parametrize("older", VERSIONS[:1], indirect=True)
def test_a_delivery_that_is_no_longer_in_landing_counts_as_it_was_read(older: Place):
    lake = older.lake
    entry = next(entry for entry in ledger.read(lake, "monitor") if entry.accepted)
    shutil.rmtree(lake.landing / "monitor" / entry.levering)
    told = leerplicht("upgrade")
    assert f"monitor/{entry.levering} staat niet meer in landing; zij telt zoals zij toen is gelezen" in told.stdout
    assert [one.rijen for one in entry.entiteiten] == [
        one.rijen for again in ledger.read(lake, "monitor") if again.levering == entry.levering for one in again.entiteiten
    ]
    assert whole.damaged(lake) == []


def test_a_newer_lake_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lake = place(tmp_path).lake
    lake.landing.mkdir(parents=True)
    layout.note(lake)
    lake.version.write_text(json.dumps({"indeling": LAYOUT + 1, "meer": []}))
    monkeypatch.setenv("LEERPLICHT_LAKE", str(lake.root))
    for command in ("status", "upgrade", "run"):
        told = leerplicht(command)
        assert told.exit_code == 2
        assert told.stderr.startswith(NEWER)
    assert not lake.auditlog.exists()


def test_a_damaged_version_is_said(tmp_path: Path):
    lake = place(tmp_path).lake
    layout.note(lake)
    lake.version.write_text("{")
    with pytest.raises(LayoutError, match="is beschadigd"):
        layout.require(lake)


def test_a_new_lake_has_the_layout_of_this_version_from_its_first_delivery(landing):
    from leveringen import melding

    assert layout.found(landing.lake) is None
    landing.meldingen("een", [melding()])
    landing.ingest()
    assert layout.found(landing.lake) == LAYOUT


def test_after_the_first_night_no_warehouse_of_an_earlier_layout_is_left(tmp_path: Path):
    lake = place(tmp_path).lake

    def night(number: int) -> None:
        lake.warehouse_build.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(lake.warehouse_build)) as connection:
            connection.execute(f"create table nacht as select {number} as nummer")
        magazijn.swap(lake)

    for number in range(3):
        night(number)
    layout.note(lake)
    night(4)
    assert len(nights.nights(lake)) == 1
    night(5)
    assert len(nights.nights(lake)) == 2


@pytest.mark.skipif("UPGRADED_NIGHTS" not in os.environ, reason="a night on each older lake takes minutes: UPGRADED_NIGHTS=1")
def test_a_night_after_an_upgrade_publishes_the_same_figures(older: Place):
    def figures() -> set[tuple[object, ...]]:
        columns = ["schooljaar", "gemeente_code", "indicator", "waarde", "percentage", "status"]
        rows = pq.read_table(older.lake.published("intern") / "current" / "kerncijfers.parquet", columns=columns).to_pylist()
        return {tuple(row.values()) for row in rows}

    before, releases = figures(), sorted((older.lake.published("intern") / "releases").iterdir())
    assert leerplicht("upgrade").exit_code == 0
    ran = older.leerplicht("run")
    assert ran.returncode in (0, 10), ran.stderr
    assert before <= figures(), "later versions have more indicators"
    assert set(releases) <= set((older.lake.published("intern") / "releases").iterdir())
    assert older.leerplicht("status").returncode == 0
