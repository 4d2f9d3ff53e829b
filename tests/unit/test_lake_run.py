"""The resource of a run: what it built is removed when it ends, unless it was refused or failed, and what it says of how it ended."""

import traceback
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy.exc import OperationalError

from orchestration import logbook, runs
from orchestration.defs.lake_run import SILENT_END, LakeRun, resource, silent
from orchestration.lake import Lake
from orchestration.outcome import Afloop
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


def refuses(_context: dg.OpExecutionContext) -> None:
    raise dg.DagsterInvariantViolationError("in de verkeerde volgorde")


def is_stopped(_context: dg.OpExecutionContext) -> None:
    raise dg.DagsterExecutionInterruptedError


def loses_its_database(context: dg.OpExecutionContext) -> None:
    def gone(*_: object, **__: object) -> None:
        raise dg.DagsterError from OperationalError("select", {}, Exception("server closed the connection"))

    context.instance.all_logs = gone


@pytest.mark.parametrize(
    ("after", "afloop", "reden"),
    [
        (lambda _context: None, Afloop.KLAAR, ""),
        (refuses, Afloop.FOUT, SILENT_END),
        (is_stopped, Afloop.AFGEBROKEN, runs.DIED),
        (loses_its_database, Afloop.MISLUKT, "de database waarin Dagster zijn runs bijhoudt, antwoordt niet"),
    ],
)
def test_a_run_that_fails_beside_its_steps_does_not_end_as_if_all_went_well(tmp_path: Path, after, afloop: Afloop, reden: str):
    @dg.op(required_resource_keys={"lake_run"})
    def op(context: dg.OpExecutionContext) -> None:
        with context.resources.lake_run.step("bouwen"):
            pass
        after(context)

    @dg.job(resource_defs={"lake_run": resource(Settings(lake=tmp_path / "meer", key_file=tmp_path / "sleutel"))})
    def job() -> None:
        op()

    try:
        job.execute_in_process(instance=dg.DagsterInstance.ephemeral(), raise_on_error=False)
    except dg.DagsterExecutionInterruptedError:
        assert after is is_stopped
    [run] = runs.read(Lake(tmp_path / "meer"))
    assert (run.afloop, run.reden.startswith(reden), bool(run.reden)) == (afloop, True, bool(reden))
