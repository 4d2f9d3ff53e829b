"""The graph as Dagster shows it: complete, described, and in one piece."""

import dagster as dg
import pytest

from expectations import contract
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def definitions(night):
    from orchestration.definitions import assemble

    return assemble(Settings(lake=night.place.root, key_file=night.place.key_file))


def test_every_asset_is_described_owned_and_grouped(definitions):
    nodes = definitions.resolve_all_asset_specs()
    assert len(nodes) > 40
    for spec in nodes:
        assert spec.description, spec.key
        assert spec.group_name, spec.key
        assert spec.owners, spec.key


def test_the_graph_is_one_piece_from_landing_to_release(definitions):
    graph = definitions.resolve_asset_graph()
    upstream = graph.get_ancestor_asset_keys(dg.AssetKey(["jaarverslag", "release_intern"]))
    assert {dg.AssetKey(["landing", bron]) for bron in contract.BRONNEN} <= upstream
    assert dg.AssetKey(["kern", "melding"]) in upstream


def test_the_three_gates_and_dbts_tests_are_checks(definitions):
    keys = definitions.resolve_asset_graph().asset_check_keys
    assert {"poort_bronnen", "poort_warehouse", "poort_publicatie", "dbt_tests"} <= {key.name for key in keys}
    assert len(keys) > 50


def test_the_night_is_scheduled_at_two_in_dutch_time(definitions):
    schedule = definitions.resolve_schedule_def("elke_nacht")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Europe/Amsterdam")
    assert schedule.job_name == "nacht"
