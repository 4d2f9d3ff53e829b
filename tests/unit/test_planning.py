"""Dagster's way of starting nights: what is on, what starts a run, what waits, and what is marked and retried."""

import json
import os
import signal
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import command_line
import dagster as dg
import postgres
import pytest
import yaml
from leveringen import Landing, melding

from orchestration.defs import dead_runs, lake_run, planning
from orchestration.lake import Lake, LakeBusyError
from orchestration.runs import LONGEST
from orchestration.settings import Settings

JOB = "proef"


@pytest.fixture
def instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.ephemeral()


def look(landing: Landing, instance: dg.DagsterInstance, cursor: str | None = None) -> dg.SensorResult | dg.SkipReason:
    """One tick of the sensor."""
    with dg.build_sensor_context(instance, cursor=cursor) as context:
        found = planning.leveringen_geland(landing.settings())(context)
    assert isinstance(found, dg.SensorResult | dg.SkipReason)
    return found


def keys(found: dg.SensorResult | dg.SkipReason) -> list[str | None]:
    return [request.run_key for request in found.run_requests or []] if isinstance(found, dg.SensorResult) else []


@pytest.mark.parametrize(("value", "runs"), [("uit", False), ("dagster", True)])
def test_one_setting_switches_schedule_and_sensors(landing: Landing, value: str, runs: bool):
    settings = landing.settings(planning=value)
    switched = [planning.elke_nacht(settings), planning.leveringen_geland(settings), planning.afgebroken_runs(settings)]
    assert [one.default_status.value for one in switched] == ["RUNNING" if runs else "STOPPED"] * 3


def test_no_run_of_dagster_lasts_longer_than_a_night_of_the_timer_may():
    monitoring = yaml.safe_load(planning.DAGSTER_YAML.read_text())["run_monitoring"]
    assert monitoring["enabled"]
    assert monitoring["max_runtime_seconds"] == LONGEST.total_seconds()


def test_a_set_of_complete_deliveries_starts_one_run(landing: Landing, instance: dg.DagsterInstance):
    assert keys(look(landing, instance)) == []
    landing.meldingen("20250303T020000", [melding()])
    found = look(landing, instance)
    assert len(keys(found)) == 1
    assert keys(look(landing, instance, found.cursor)) == [], "the same set"
    assert keys(look(landing, instance)) == keys(found), "without its cursor: the same key, which Dagster starts once"
    landing.meldingen("20250304T020000", [melding(2)])
    assert len({*keys(look(landing, instance, found.cursor)), *keys(found)}) == 2


def test_a_delivery_without_levering_json_starts_nothing(landing: Landing, instance: dg.DagsterInstance):
    folder = landing.meldingen("20250303T020000", [melding()])
    (folder / "levering.json").rename(folder / "levering.json.half")
    assert keys(look(landing, instance)) == []
    (folder / "levering.json.half").rename(folder / "levering.json")
    assert len(keys(look(landing, instance))) == 1


def test_what_was_read_starts_nothing_and_leaves_the_cursor(landing: Landing, instance: dg.DagsterInstance):
    landing.meldingen("20250303T020000", [melding()])
    cursor = look(landing, instance).cursor
    landing.ingest()
    with dg.build_sensor_context(instance, cursor=cursor) as context:
        assert isinstance(planning.leveringen_geland(landing.settings())(context), dg.SkipReason)
        assert json.loads(context.cursor) == []


def test_what_stays_postponed_does_not_start_a_run_again(landing: Landing, instance: dg.DagsterInstance):
    landing.meldingen("20250303T020000", [melding()])
    landing.meldingen("20250304T020000", [melding(2)])
    both = look(landing, instance).cursor
    name = landing.ingest()[0].file
    (landing.lake.ledger / "duo" / name).unlink()  # as if that one could not be read
    assert keys(look(landing, instance, both)) == []


@pytest.mark.parametrize("status", planning.ACTIVE)
def test_nothing_starts_while_a_run_is_queued_or_active(landing: Landing, instance: dg.DagsterInstance, status: dg.DagsterRunStatus):
    landing.meldingen("20250303T020000", [melding()])
    planning.set_code_location(instance, JOB)  # a queued run must have one
    instance.create_run_for_job(_job(lambda _context: None), status=status)
    found = look(landing, instance)
    assert isinstance(found, dg.SkipReason)
    assert "er loopt al een run" in str(found.skip_message)


def _job(step, settings: Settings | None = None) -> dg.JobDefinition:
    """A job of one step; with settings it has the lake as every job of ours, and takes it in that step."""
    resources = {"lake_run": lake_run.resource(settings)} if settings else {}

    @dg.op(name="stap", required_resource_keys=set(resources))
    def op(context: dg.OpExecutionContext) -> None:
        step(context)

    @dg.job(name=JOB, executor_def=dg.in_process_executor, resource_defs=resources)
    def job() -> None:
        op()

    return job


@pytest.fixture(params=["sqlite", "postgres"])
def stored(request: pytest.FixtureRequest, landing: Landing) -> Iterator[Settings]:
    """The settings of a lake with Dagster's records in each of the two databases."""
    if request.param == "sqlite":
        yield landing.settings()
        return
    if reason := postgres.why_not():
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LEERPLICHT_DAGSTER_STORAGE", postgres.shared().database())
        yield landing.settings()


def environment(stored: Settings) -> dict[str, str]:
    """Return the variables that give another process these settings."""
    secret = stored.dagster_storage
    return {"LEERPLICHT_LAKE": str(stored.lake)} | ({"LEERPLICHT_DAGSTER_STORAGE": secret.get_secret_value()} if secret else {})


def _open_at_once(variables: dict[str, str], together: Barrier) -> None:
    """Open Dagster's storage at the same moment as other processes."""
    os.environ.update(variables)
    together.wait()
    planning.instance(Settings()).dispose()


def test_services_that_start_together_create_one_storage(stored: Settings):
    together = command_line.server().Barrier(4)
    services = [command_line.server().Process(target=_open_at_once, args=(environment(stored), together)) for _ in range(4)]
    for service in services:
        service.start()
    for service in services:
        service.join()
    assert [service.exitcode for service in services] == [0] * 4


def _hang(variables: dict[str, str], reached: str) -> None:
    """Run a job that waits to be killed."""
    os.environ.update(variables)
    settings = Settings()

    def wait(_context: dg.OpExecutionContext) -> None:
        Path(reached).touch()
        time.sleep(600)

    _job(wait, settings).execute_in_process(instance=planning.instance(settings))


def test_a_run_whose_process_was_killed_is_marked_failed_and_a_live_one_is_not(stored: Settings, tmp_path: Path):
    secret = stored.dagster_storage
    process = command_line.server().Process(target=_hang, args=(environment(stored), str(tmp_path / "begonnen")))
    process.start()
    until = time.monotonic() + 240
    while not (tmp_path / "begonnen").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    with planning.instance(stored) as instance:
        [run] = instance.get_runs()
        assert dead_runs.mark(instance) == 0
        assert run.status == dg.DagsterRunStatus.STARTED
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        dead_runs.mark(instance)
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
    assert (Lake(stored.lake).dagster_home / "history" / "runs.db").exists() == (secret is None)
    if secret:
        password = secret.get_secret_value().split(":")[2].partition("@")[0].encode()
        assert not [path for path in stored.lake.rglob("*") if path.is_file() and password in path.read_bytes()]


@pytest.mark.parametrize(("boot", "began", "gone"), [("{0}", 0, 0), ("{0}", -1, 1), ("an-earlier-boot", 0, 1)])
def test_the_number_of_a_dead_process_that_another_one_got_is_not_life(
    landing: Landing, instance: dg.DagsterInstance, boot: str, began: int, gone: int
):
    marked = []

    def inside(context: dg.OpExecutionContext) -> None:
        noted = dead_runs.process_of(instance.get_run_by_id(context.run_id)).split()
        instance.add_run_tags(context.run_id, {dead_runs.TAG: f"{context.run_id} {boot.format(*noted)} {noted[1]} {int(noted[2]) + began}"})
        instance.add_run(dg.DagsterRun(job_name=JOB, status=dg.DagsterRunStatus.STARTED))  # begins just now: it has noted none yet
        marked.append(dead_runs.mark(instance))

    _job(inside, landing.settings()).execute_in_process(instance=instance)
    assert marked == [gone]


def test_a_run_that_begins_again_is_not_judged_by_the_process_of_the_one_that_died(landing: Landing, instance: dg.DagsterInstance):
    died = _job(lambda _context: None, landing.settings()).execute_in_process(instance=instance)
    tags = instance.get_run_by_id(died.run_id).tags
    instance.add_run_tags(died.run_id, {dead_runs.TAG: f"{tags[dead_runs.TAG]}0"})  # no process has this start time
    instance.add_run(dg.DagsterRun(job_name=JOB, status=dg.DagsterRunStatus.STARTED, tags=instance.get_run_by_id(died.run_id).tags))
    assert dead_runs.mark(instance) == 0


@pytest.mark.parametrize(("waited", "gone"), [(-1, 0), (1, 1)])
def test_a_run_that_died_before_it_noted_its_process_is_found_later(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, waited: int, gone: int
):
    instance.add_run(dg.DagsterRun(job_name=JOB, status=dg.DagsterRunStatus.STARTED))
    monkeypatch.setattr(dead_runs, "NOTED_WITHIN", -waited * dead_runs.NOTED_WITHIN)
    assert dead_runs.mark(instance) == gone


@pytest.mark.parametrize("waits", [True, False])
def test_only_a_run_that_nobody_started_waits_for_a_lake_that_is_taken(
    landing: Landing, instance: dg.DagsterInstance, waits: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lake_run, "WAIT_SECONDS", 0)
    taken = [True, True]

    def hold(_lake: Lake):
        raise LakeBusyError

    def step(context: dg.OpExecutionContext) -> None:
        run = lake_run.LakeRun(landing.settings(), "los", lake_run.silent, waits=lake_run.WAITS in context.run.tags)
        with monkeypatch.context() as now:
            if taken and taken.pop():
                now.setattr(Lake, "hold", hold)
            with run.step("lezen"):
                pass
        run.release()

    landing.lake.log.parent.mkdir(parents=True)
    tags = planning.UNATTENDED if waits else {}
    ended = _job(step).execute_in_process(instance=instance, raise_on_error=False, tags=tags)
    kinds = [event.event_type for event in ended.all_events]
    assert ended.success == waits
    assert kinds.count(dg.DagsterEventType.STEP_UP_FOR_RETRY) == (2 if waits else 0)


def test_the_address_of_the_database_is_in_no_file_and_in_no_sentence(landing: Landing):
    settings = landing.settings(dagster_storage="postgresql+psycopg2://u:wachtwoord@127.0.0.1:1/d")
    with pytest.raises(planning.StorageError) as refused:
        planning.instance(settings)
    assert "wachtwoord" not in str(refused.value) + repr(settings)
    files = [path for path in landing.lake.root.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"dagster.yaml"}
    assert not [path for path in files if b"wachtwoord" in path.read_bytes()]
