"""Dagster's event log with its files held open is the one that Dagster reads without it, and is let go at the end."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs import planning

FAILING = "mislukt"


@dg.asset
def bron() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"dagster/row_count": 3})


@dg.asset(deps=[bron])
def figures() -> None:
    raise dg.Failure(FAILING)


@dg.asset_check(asset=bron)
def has_rows() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True, metadata={"afwijkend": 0})


def held(home: Path) -> set[str]:
    """The files of the event log that this process has open."""
    opened = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.exists()]
    return {path for path in opened if path.startswith(str(home / "history" / "runs")) and path.endswith(".db")}


def test_dagster_itself_reads_what_was_written(tmp_path):
    with planning.instance(tmp_path) as instance:
        result = dg.materialize([bron, figures, has_rows], instance=instance, raise_on_error=False)
        written = instance.all_logs(result.run_id)
        checks = instance.event_log_storage.get_asset_check_execution_history(dg.AssetCheckKey(bron.key, "has_rows"), limit=2)
    assert not result.success
    assert any(FAILING in str(entry.dagster_event) for entry in written)
    assert len(checks) == 1
    with dg.DagsterInstance.from_config(str(tmp_path)) as own:
        assert own.all_logs(result.run_id) == written
        assert own.get_latest_materialization_event(bron.key).run_id == result.run_id
        assert own.event_log_storage.get_asset_check_execution_history(dg.AssetCheckKey(bron.key, "has_rows"), limit=2) == checks


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells of open files")
def test_files_stay_open_between_runs_and_are_closed_at_the_end(tmp_path):
    with planning.instance(tmp_path) as instance:
        for _ in range(2):
            dg.materialize([bron], instance=instance)
        assert len(held(tmp_path)) == 3, "the index, and one of each run"
    assert held(tmp_path) == set()
    assert not list((tmp_path / "history" / "runs").glob("*-wal"))
