"""What nights leave is bounded: the table of rules, the removal by it, and what killed processes leave."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration import housekeeping, unfinished
from orchestration.defs import history, planning
from orchestration.lake import Lake, files
from orchestration.settings import PROJECT, Settings

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def meer(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "meer")


@pytest.fixture
def dead() -> int:
    """The id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def write(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def tidy(meer: Lake) -> list[str]:
    return list(housekeeping.tidy(meer))


def test_the_page_shows_the_table():
    assert housekeeping.table() in (PROJECT / "docs" / "nacht.md").read_text()


def test_each_file_of_a_lake_after_a_night_has_a_rule(night):
    places = [path.relative_to(night.place.root).as_posix() for path in night.place.root.rglob("*") if path.is_file()]
    assert len(places) > 100
    assert not [place for place in places if not housekeeping.rule_of(place)]


def test_a_file_of_no_kind_has_no_rule():
    assert not housekeeping.rule_of("werk/gx/uncommitted/a.json")
    assert not housekeeping.rule_of("werk/nieuw.json")


def test_records_of_runs_are_kept_up_to_a_number(meer):
    made = [write(meer.runs / f"2026{number:06d}-a.json") for number in range(housekeeping.RUNS + 3)]
    assert tidy(meer) == []
    assert sorted(meer.runs.iterdir()) == made[3:]


def test_the_log_begins_anew_and_few_are_kept(meer):
    for number in range(housekeeping.LOGS + 3):
        write(meer.log, str(number) * (housekeeping.LOG_BYTES + 1))
        tidy(meer)
    assert not meer.log.exists()
    assert [path.read_text()[0] for path in sorted(meer.log.parent.iterdir())] == ["5", "4", "3"]
    write(meer.log, "x" * housekeeping.LOG_BYTES)
    tidy(meer)
    assert meer.log.is_file()


def test_what_is_old_goes_and_the_rest_stays(meer, monkeypatch):
    monkeypatch.setattr(housekeeping.clock, "now", lambda: NOW)
    moments = [NOW - timedelta(days=days) for days in (housekeeping.DAYS_SET_ASIDE + 1, housekeeping.DAYS_SET_ASIDE - 1)]
    aside = [write(meer.set_aside / "intern" / f"r@{moment:%Y%m%dT%H%M%S.%fZ}" / "a.parquet").parent for moment in moments]
    looked = [write(meer.looked_back / name / "warehouse" / "a").parents[1] for name in ("oud", "nieuw")]
    for folder, days in zip(looked, (housekeeping.DAYS_LOOKED_BACK + 1, housekeeping.DAYS_LOOKED_BACK - 1), strict=True):
        for path in (folder, folder / "warehouse"):
            os.utime(path, (moment := (NOW - timedelta(days=days)).timestamp(), moment))
    tidy(meer)
    assert [path.exists() for path in (*aside, *looked)] == [False, True, False, True]


def test_what_cannot_be_removed_is_a_sentence(meer, monkeypatch):
    def full(_path):
        raise OSError(5, "Input/output error", "x")

    for number in range(housekeeping.RUNS + 1):
        write(meer.runs / f"2026{number:06d}-a.json")
    monkeypatch.setattr(housekeeping, "remove", full)
    assert tidy(meer) == ["opruimen is niet gelukt: Input/output error: x"]


LEFT = (
    "lake/rijen/duo/.lezen-abc.{pid}.tmp/verzuimmelding.rijen.parquet",
    "lake/grootboek/duo/.a@b.json.{pid}.tmp",
    "landing/duo/.maken-abc.{pid}.tmp/verzuimmeldingen.csv",
    "warehouse/.current.duckdb.{pid}.tmp",
    "published/intern/.register.jsonl.{pid}.tmp",
    "werk/poorten/.bronnen.json.{pid}.tmp",
    "werk/runs/.a.json.{pid}.tmp",
    "werk/zoals-bekend/20250101T000000Z/warehouse/.current.duckdb.{pid}.tmp",
)
LEFT_BY_WHO_HELD = (
    "published/intern/.in_aanbouw/kerncijfers.parquet",
    "published/intern/.current.nieuw",
    "published/intern/.elders-nieuw/feiten.parquet",
    "published/openbaar/weergaven/.20250101T000000Z-1.nieuw/index.html",
    "werk/nagaan/lake/grootboek/duo/a.json",
)
STAYS = (
    "landing/duo/.rsync-deel",
    "landing/duo/a/.verborgen.csv",
    "werk/dagster/.iets",
    "published/intern/.kandidaat/run/kerncijfers.parquet",
    "warehouse/bouw/run/leerplicht.duckdb",
)


def test_who_takes_the_lake_removes_what_killed_processes_left(meer, dead):
    left = [write(meer.root / place.format(pid=dead)) for place in LEFT] + [write(meer.root / place) for place in LEFT_BY_WHO_HELD]
    alive = [write(meer.root / place.format(pid=1)) for place in LEFT]
    stays = [write(meer.root / place) for place in STAYS]
    with meer.hold():
        pass
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in (*alive, *stays))


def test_a_rebuild_in_progress_is_left_alone(meer):
    from filelock import FileLock

    being_made = write(meer.rebuilt / "lake" / "a")
    with FileLock(meer.rebuilt.with_suffix(".lock")), meer.hold():
        assert being_made.exists()


def test_what_was_left_outside_the_lake_goes_with_the_next_start(tmp_path, monkeypatch, dead):
    monkeypatch.setattr(unfinished.tempfile, "tempdir", str(tmp_path))
    left = write(tmp_path / f"leerplicht-abc.{dead}.tmp" / "rijen.parquet").parent
    other = write(tmp_path / "leerplicht-abc" / "iets").parent
    with unfinished.outside() as made:
        assert not left.exists() and made.is_dir() and made.stat().st_mode & 0o077 == 0
        unfinished.clear_outside()
        assert made.is_dir()
    assert not made.exists() and other.exists()


def test_a_file_that_cannot_be_written_leaves_nothing(meer, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    meer.root.mkdir()
    with pytest.raises(OSError, match="No space"):
        files.replace_bytes(meer.root / "a.json", b"{}")
    assert not list(meer.root.iterdir())


KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.lake import files
from orchestration.unfinished import folder, outside
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
root = Path(sys.argv[1])
if sys.argv[2] == "bytes":
    files.replace_bytes(root / "werk" / "a.json", b"{}", die)
elif sys.argv[2] == "link":
    Path.replace = die
    files.replace_link(root / "werk" / "a", root)
elif sys.argv[2] == "folder":
    files.make_private(root / "landing" / "duo")
    folder(root / "landing" / "duo", "maken")
    die()
else:
    with outside():
        die()
"""


@pytest.mark.parametrize("kind", ["bytes", "link", "folder", "outside"])
def test_a_kill_leaves_what_the_next_start_removes(meer, tmp_path, monkeypatch, kind):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    meer.root.mkdir()
    (meer.root / "werk").mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(meer.root), kind], env=environment, check=False)
    assert done.returncode == -9
    left = [path for folder in (meer.root, temporary) for path in folder.rglob("*") if path.name.endswith(".tmp")]
    assert len(left) == 1
    monkeypatch.setattr(unfinished.tempfile, "tempdir", str(temporary))
    with meer.hold():
        assert not left[0].exists() and not left[0].is_symlink()


def test_of_dagsters_runs_the_last_ones_are_kept(meer, monkeypatch):
    @dg.asset_check(asset="iets")
    def klopt():
        return dg.AssetCheckResult(passed=True)

    @dg.asset
    def iets():
        return None

    job = dg.Definitions(assets=[iets], asset_checks=[klopt], jobs=[dg.define_asset_job("taak")]).resolve_job_def("taak")
    monkeypatch.setattr(history, "RUNS_OF_DAGSTER", 2)
    with planning.instance(Settings(lake=meer.root)) as instance:
        ids = [job.execute_in_process(instance=instance).run_id for _ in range(5)]
        history.tidy(instance, meer)
        assert [run.run_id for run in instance.get_runs()] == [ids[4], ids[3]]
        with instance.event_log_storage.index_connection() as connection:
            kept = connection.execute(history.text("select distinct run_id from asset_check_executions")).fetchall()
        assert {run for (run,) in kept} == {ids[3], ids[4]}
        assert instance.get_latest_materialization_event(dg.AssetKey("iets")) is not None
    found = {path.name.partition(".")[0] for path in (meer.dagster_home / "history" / "runs").iterdir()}
    assert found == {"index", ids[3], ids[4]}
