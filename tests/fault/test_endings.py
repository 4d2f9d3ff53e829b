"""How a run ends: each ending has its exit code and one last sentence; a full or read-only disk costs nothing but that night."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from conftest import Night, Place, copy_of
from filelock import FileLock

from expectations import gate
from expectations.suites import warehouse as suite
from orchestration import runs
from orchestration.lake import Lake
from orchestration.lake.files import digest
from orchestration.outcome import CODES, Afloop
from orchestration.settings import PROJECT

FULL = "de schijf is vol, alleen te lezen of defect"  # as SQLite and DuckDB say it, in their own words
PRINTED = str(PROJECT / "docs" / "proef" / "gedrukt.csv")
ROOM = 400 << 20  # of the disk that is filled: the lake of the example and a night beside it


def ended(place: Place) -> tuple[int, str]:
    """Run a night; return its exit code and last line, after a look at all other lines."""
    night = place.leerplicht("run")
    assert "Traceback" not in night.stderr + night.stdout
    return night.returncode, night.stderr.splitlines()[-1]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk in memory, which can be filled and made read-only."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)


def fill(folder: Path) -> Path:
    """Fill a disk to the last byte."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(1 << 20))
                file.flush()
        except OSError:
            pass
    return ballast


def test_a_full_and_a_read_only_disk_end_a_night_with_a_sentence_and_cost_nothing(night: Night, tmp_path: Path):
    with small_disk(tmp_path / "schijf") as disk:
        place = copy_of(night, disk / "hier")
        whole = digest((place.lake.published("intern") / "current").resolve())
        for entry in place.lake.ledger.rglob("*.json"):  # so that there is something to do
            entry.unlink()
        ballast = fill(disk)
        code, said = ended(place)
        # with Dagster's records in PostgreSQL the night comes to where it looks how much the warehouse needs
        assert code == Afloop.SCHIJF.code and any(words in said for words in ("No space left", FULL, "te weinig schijfruimte")), said
        ballast.unlink()
        remount(disk, "ro")
        code, said = ended(place)
        assert code == Afloop.SCHIJF.code and ("Read-only file system" in said or FULL in said), said
        remount(disk, "rw")
        assert digest((place.lake.published("intern") / "current").resolve()) == whole
        code, said = ended(place)
        assert code == Afloop.NIETS_NIEUWS.code, said
        assert digest((place.lake.published("intern") / "current").resolve()) == whole


def test_a_night_that_meets_another_one_says_so_and_leaves_no_record(night: Night, tmp_path: Path):
    place = copy_of(night, tmp_path)
    before = runs.read(place.lake)
    with FileLock(place.lake.lock):
        code, said = ended(place)
    assert (code, said) == (Afloop.BEZET.code, "✗ Niet gepubliceerd: er loopt al een nacht op dit meer; wacht tot die klaar is")
    assert runs.read(place.lake) == before


@pytest.mark.parametrize("what", ["altered", "missing"])
def test_a_damaged_lake_has_its_own_ending(night: Night, tmp_path: Path, what: str):
    place = copy_of(night, tmp_path)
    entry = next(place.lake.ledger.rglob("*.json"))
    if what == "altered":
        entry.write_bytes(entry.read_bytes().replace(b'"rijen": 1', b'"rijen": 2', 1).replace(b'"geladen": ', b'"geladen": 9', 1))
    else:
        for file in [*place.lake.rows.rglob("*.parquet"), *place.lake.landing.rglob("*.csv"), *place.lake.landing.rglob("*.xml")]:
            file.unlink()
    code, said = ended(place)
    assert code == Afloop.BESCHADIGD.code, said
    assert runs.read(place.lake)[-1].afloop is Afloop.BESCHADIGD
    assert runs.read(place.lake)[-1].reden in said


def test_a_wrong_setting_is_told_before_anything_happens(elsewhere: Place):
    night = elsewhere.leerplicht("run", LEERPLICHT_GEMEENTEN="164")
    assert night.returncode == Afloop.INSTELLING.code
    assert night.stderr.startswith("✗ instelling LEERPLICHT_GEMEENTEN") and night.stderr.count("\n") == 1


def test_an_error_that_nothing_foresaw_is_one_sentence_and_its_traceback_is_in_the_log(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from typer.testing import CliRunner

    from orchestration.cli import app
    from orchestration.deliveries import ledger

    place = copy_of(night, tmp_path)
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("een waarde: 123456782")

    monkeypatch.setattr(ledger, "read", broken)
    result = CliRunner().invoke(app, ["status", "--alles"])
    assert result.exit_code == Afloop.FOUT.code
    assert result.stderr.startswith("✗ onbekende fout in status (ZeroDivisionError, test_endings.py:")
    assert result.stderr.rstrip().endswith(f"; het spoor staat in {place.lake.log}") and result.stderr.count("\n") == 1
    last = place.lake.log.read_text(encoding="utf-8").splitlines()[-1]
    assert "test_endings.py" in last and "een waarde" not in last


def test_the_warehouse_of_another_version_asks_for_a_night(night: Night, tmp_path: Path):
    place = copy_of(night, tmp_path)
    warehouse = place.lake.warehouse_current.resolve()
    warehouse.chmod(0o600)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table jaarverslag.verband_ontbreekt")
    assert gate.run("warehouse", suite.tables(warehouse, None), place.lake, warehouse, after=gate.read("bronnen", place.lake)).passed
    asks = [place.leerplicht("publish", "--zone", "openbaar")]
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table jaarverslag.kerncijfers")
    asks += [place.leerplicht(*command) for command in (["remember", PRINTED], ["reconcile", PRINTED], ["reconcile"])]
    for done in asks:
        assert done.returncode == Afloop.MISLUKT.code
        said = done.stderr.splitlines()[-1]
        assert "maakte een andere versie het, draai dan eerst leerplicht run (CatalogException" in said and "Traceback" not in done.stderr
    warehouse.write_bytes(b"geen magazijn")
    done = place.leerplicht("reconcile")
    assert done.returncode == Afloop.MISLUKT.code and "not a valid DuckDB database file" in done.stderr


def test_the_page_for_operators_shows_the_code_of_every_ending():
    page = (PROJECT / "docs" / "nacht.md").read_text(encoding="utf-8")
    table = page.partition("## Exit codes")[2].partition("\n## ")[0]
    shown = {
        name: int(row.split("|")[1])
        for row in table.splitlines()
        if row.count("|") > 3
        for name in Afloop
        if f"`{name}`" in row.split("|")[2]
    }
    assert shown == CODES


def test_the_record_of_a_night_says_what_it_did(night: Night):
    first, second, *_ = runs.read(Lake(night.place.root))
    assert (first.afloop, second.afloop) == (Afloop.GEPUBLICEERD, Afloop.NIETS_NIEUWS)
    assert first.nieuw == ("intern", "openbaar") and second.nieuw == ()
    assert second.releases["intern"] == (night.lake.published("intern") / "current").resolve().name
    assert first.seconds and sum(first.stappen.values()) <= first.seconds + 1
    assert oct(next(night.lake.runs.glob("*.json")).stat().st_mode & 0o777) == "0o600"
