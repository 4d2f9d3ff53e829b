"""The resource of a run: what it built is removed when it ends, unless it was refused or failed."""

import traceback
from pathlib import Path

import dagster as dg
import pytest

from orchestration import logbook
from orchestration.defs.lake_run import LakeRun, silent
from orchestration.lake import Lake
from orchestration.settings import Settings


def begun(folder: Path, run: str) -> tuple[LakeRun, Path]:
    """Return a run that has built a warehouse, and that warehouse."""
    lake_run = LakeRun(Settings(lake=folder / "meer", key_file=folder / "sleutel"), run, silent)
    with lake_run.step("magazijn bouwen") as lake:
        lake.warehouse_build.parent.mkdir(parents=True)
        lake.warehouse_build.write_bytes(b"gebouwd")
    return lake_run, lake.warehouse_build


def test_a_run_that_ends_well_leaves_no_build(tmp_path: Path):
    lake_run, built = begun(tmp_path, "een")
    lake_run.release()
    assert not built.exists()


def test_a_refused_build_stays_until_the_next_run(tmp_path: Path):
    lake_run, built = begun(tmp_path, "een")
    with pytest.raises(dg.Failure) as refused:
        lake_run.refuse("de poort is rood")
    assert refused.value.description == "de poort is rood"
    lake_run.release()
    assert built.is_file()
    _, next_build = begun(tmp_path, "twee")
    assert next_build.is_file()
    assert not built.exists()


def test_a_step_that_fails_keeps_the_build_and_no_text_of_the_error_is_kept(tmp_path: Path):
    lake_run, built = begun(tmp_path, "een")
    with pytest.raises(dg.Failure) as failed, lake_run.step("poort"):
        raise ValueError("een waarde: 123456782")
    lake_run.release()
    assert built.is_file()
    stored = "".join(traceback.format_exception(failed.value))  # as Dagster stores it, with every cause
    assert "ValueError, test_lake_run.py" in stored and "een waarde" not in stored.replace('"een waarde: 123456782"', "")
    log = Lake(tmp_path / "meer").log.read_text()
    assert "ValueError" in log
    assert "een waarde" not in log


def test_a_log_line_that_was_cut_off_does_not_stop_the_end_of_a_run(tmp_path: Path):
    lake_run, built = begun(tmp_path, "een")
    lake_run.warn("poort", "een zin")
    log = Lake(tmp_path / "meer").log
    with log.open("a") as file:
        file.write('{"run": "een", "gebeurtenis": "let op", "zi')
    lake_run.release()
    assert not built.exists()
    assert logbook.warnings(Lake(tmp_path / "meer"), "een") == ["een zin"]
