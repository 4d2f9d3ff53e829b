"""Dagster's own entry points give the guarantees of `leerplicht run`: one run at a time, and readers only get judged files."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import command_line
import dagster as dg
import prebuilt
import pytest
from conftest import Place, copy_of, snapshot
from prebuilt import Prebuilt

from expectations import gate
from orchestration.definitions import assemble
from orchestration.settings import Settings
from orchestration.warehouse import build, nights

BUSY = "er loopt al een nacht op dit meer"
STRIDE = 50  # 1 launches all two hundred, which takes ten minutes


@pytest.fixture(scope="module")
def published(night, tmp_path_factory) -> Place:
    """A copy of the published example, shared by all tests of this module."""
    return copy_of(night, tmp_path_factory.mktemp("kopie"))


@pytest.fixture
def settings(published: Place) -> Settings:
    return Settings(lake=published.root, key_file=published.key_file, openbaar="op_verzoek")


@pytest.fixture(scope="module")
def built(published: Place, tmp_path_factory: pytest.TempPathFactory) -> Prebuilt:
    return prebuilt.keep(published.lake, tmp_path_factory.mktemp("gebouwd") / "build")


@pytest.fixture
def without_dbt(built: Prebuilt, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace dbt's part of a build; the later steps are real."""
    monkeypatch.setattr(build, "build", built.build)


def dagster(published: Place, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of Dagster's own commands, with another Dagster home."""
    program = command_line.INSTALLED.with_name("dagster")
    return command_line.forked([*arguments, "-m", "orchestration.definitions"], published.environment, program)


@pytest.mark.parametrize("arguments", [("job", "execute", "-j", "nacht"), ("asset", "materialize", "--select", "kern/melding")])
def test_while_a_run_holds_the_lake_every_other_way_in_is_refused_with_the_sentence(published: Place, arguments: tuple[str, ...]):
    before = snapshot(published.root / "warehouse", published.root / "published")
    with published.lake.hold():
        refused = dagster(published, *arguments)
    assert refused.returncode != 0
    assert BUSY in refused.stdout + refused.stderr
    assert snapshot(published.root / "warehouse", published.root / "published") == before


def alone(settings: Settings, *, assets: list[dg.AssetKey]) -> dg.ExecuteInProcessResult:
    job = assemble(settings).resolve_implicit_global_asset_job_def()
    return job.execute_in_process(asset_selection=assets, instance=dg.DagsterInstance.ephemeral(), raise_on_error=False)


@pytest.mark.usefixtures("without_dbt")
def test_every_asset_and_every_check_alone_ends_green_and_readers_see_only_what_was_judged(published: Place, settings: Settings):
    """What Dagster's UI offers to launch: one asset without its checks, or one check. Of those of one step, one in `STRIDE`."""
    definitions = assemble(settings)
    graph = definitions.resolve_asset_graph()
    assets = [spec.key for spec in definitions.resolve_all_asset_specs() if spec.key.path[0] != "landing"]
    assert len(assets) > 110
    assert len(graph.asset_check_keys) > 80
    alone: dict[object, dg.AssetSelection] = {}
    for step in _by_step(assets, lambda key: definitions.resolve_assets_def(key).op.name):
        alone |= {key: dg.AssetSelection.assets(key).without_checks() for key in step[::STRIDE]}
    for step in _by_step(graph.asset_check_keys, lambda key: key.name):
        alone |= {key: dg.AssetSelection.checks(key) for key in step[::STRIDE]}
    assert len(alone) > 15
    for key, selection in alone.items():
        job = dg.define_asset_job("alleen", selection=selection).resolve(asset_graph=graph)
        outcome = job.execute_in_process(instance=dg.DagsterInstance.ephemeral(), raise_on_error=False)
        assert outcome.success, (key, [event.message for event in outcome.all_events if event.is_step_failure])
    judged = gate.read("warehouse", published.lake)
    assert judged.passed
    assert judged.covers(published.lake.warehouse_current)


def _by_step(keys: Iterable, name: Callable[..., str]) -> list[list]:
    steps: dict[str, list] = {}
    for key in sorted(keys):
        steps.setdefault(name(key), []).append(key)
    return list(steps.values())


@pytest.mark.usefixtures("without_dbt")
def test_materialising_one_table_records_all_tables_of_the_build(settings: Settings):
    outcome = alone(settings, assets=[dg.AssetKey(["kern", "melding"])])
    made = {event.asset_key for event in outcome.all_events if event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION}
    assert {dg.AssetKey(["kern", "melding"]), dg.AssetKey(["kern", "jongere"]), dg.AssetKey(["warehouse", "current"])} <= made


def test_a_red_gate_is_shown_with_its_sentence_on_the_assets_concerned_only(
    published: Place, built: Prebuilt, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    corrupted = replace(built, statement="insert into kern.interventie select * from kern.interventie limit 1")
    monkeypatch.setattr(build, "build", corrupted.build)
    before = published.lake.warehouse_current.resolve()
    outcome = alone(settings, assets=[dg.AssetKey(["warehouse", "current"]), *_gated(settings)])
    assert not outcome.success
    checks = {one.asset_key: one for one in outcome.get_asset_check_evaluations() if one.check_name == "poort_warehouse"}
    red = {key.path[-1] for key, one in checks.items() if not one.passed}
    assert "interventie" in red
    assert "jongere" not in red
    assert "de poort warehouse is rood" in str(checks[dg.AssetKey(["kern", "interventie"])].description)
    assert "de sleutel is uniek" in str(checks[dg.AssetKey(["kern", "interventie"])].description)
    assert published.lake.warehouse_current.resolve() == before


def _gated(settings: Settings) -> list[dg.AssetKey]:
    keys = assemble(settings).resolve_asset_graph().asset_check_keys
    return [key.asset_key for key in keys if key.name == "poort_warehouse"]


def test_a_run_stopped_before_the_swap_changes_nothing_when_it_goes_on_after_another_finished(published: Place, built: Prebuilt):
    """Stopped with SIGSTOP after its gate; the lock file is removed by hand, as an operator in a hurry would, and another night runs."""
    stopped = published.forked_leerplicht("run", before=built.install_and_stop)
    state = Path(f"/proc/{stopped.pid}/stat")
    assert stopped.wait(lambda: state.read_text().rpartition(")")[2].split()[0] == "T") is None, stopped.told()
    try:
        refused = published.leerplicht("run")
        assert refused.returncode == 11
        assert BUSY in refused.stderr
        published.lake.lock.unlink()
        other = published.forked_leerplicht("run", before=built.install)
        assert other.wait() in (0, 10), other.told()
        after = (published.lake.warehouse_current.resolve(), (published.lake.published("intern") / "current").resolve())
    finally:
        os.kill(stopped.pid, signal.SIGCONT)
    code = stopped.wait()
    current = published.lake.warehouse_current.resolve()
    assert (code, current) == (12, after[0]), "its build was removed"
    verdict = gate.read("warehouse", published.lake)
    assert verdict.covers(current)
    assert verdict.passed
    assert (published.lake.published("intern") / "current").resolve() == after[1]
    assert nights.nights(published.lake)
