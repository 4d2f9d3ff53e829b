"""The dbt project as a reader finds it: unit tests that run, one grain each, data that flows one way, the contracts' own words."""

import re

import duckdb
import pytest

from expectations import contract
from orchestration.lake import Lake
from orchestration.settings import Settings
from orchestration.warehouse import build, sources

LAYERS = ("lake", "staging", "intermediate", "kern", "jaarverslag")


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Settings:
    """A lake without deliveries: enough to build every model and run the unit tests."""
    folder = tmp_path_factory.mktemp("leeg")
    return Settings(lake=folder / "meer", key_file=folder / "sleutel")


@pytest.fixture(scope="module")
def manifest(empty):
    return build.parse(empty)


@pytest.fixture(scope="module")
def models(manifest):
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def test_another_lake_begins_with_what_dbt_knows_of_the_project(empty, manifest, tmp_path):
    other = empty.model_copy(update={"lake": tmp_path / "meer"})
    build.take_over(Lake(empty.lake), Lake(other.lake))
    again = build.parse(other)
    assert {part: content for part, content in again.items() if part != "metadata"} == {
        part: manifest[part] for part in again.keys() - {"metadata"}
    }
    first, second = ((Lake(settings.lake).dbt_target / "dbt.log").read_text() for settings in (empty, other))
    assert "Starting full parse" in first
    assert "Starting full parse" not in second


def test_every_unit_test_passes_and_there_are_many(empty, manifest):
    lake = Lake(empty.lake)
    lake.warehouse_build.parent.mkdir(parents=True)
    with duckdb.connect(str(lake.warehouse_build)) as connection:
        sources.create(connection, lake)
    outcome = build._invoke(empty, "build", "--exclude-resource-type", "test")
    assert outcome.exception is None
    results = {result.node.name: result for result in outcome.result.results if result.node.resource_type == "unit_test"}
    assert len(results) == len(manifest["unit_tests"]) >= 23
    failed = {name: result.message for name, result in results.items() if str(result.status) != "pass"}
    assert not failed


def test_the_boundaries_of_the_law_each_have_a_unit_test(manifest):
    names = {test["name"] for test in manifest["unit_tests"].values()}
    assert {
        "geboren_op_31_juli_wordt_16_in_het_schooljaar",
        "geboren_op_1_augustus_wordt_16_in_het_volgende",
        "vijf_op_30_september_telt_op_de_peildatum",
        "vijf_op_1_oktober_telt_niet_op_de_peildatum",
        "achttien_op_de_peildatum_is_niet_plichtig",
        "startkwalificatie_beeindigt_kwalificatieplicht_op_de_dag_zelf",
        "startkwalificatie_beeindigt_geen_leerplicht",
        "verhuizing_op_de_peildatum",
        "overleden_op_de_dag_zelf",
        "geboren_op_29_februari_wordt_ouder_op_1_maart",
    } <= names


def test_every_model_states_its_grain_and_tests_it(manifest, models):
    tested = {
        test["attached_node"]
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test" and test["test_metadata"]["name"] in ("unique", "uniek")
    }
    for model in models:
        assert re.match(r"Grain: één rij per .+\. ", model["description"] + " "), model["name"]
        readers = [reader["unique_id"] for reader in models if model["unique_id"] in reader["depends_on"]["nodes"]]
        # what a view has twice its only reader has twice: one look at it, where it is written
        is_passed_on = model["config"]["materialized"] == "view" and len(readers) == 1
        is_tested = tested & {model["unique_id"], *(readers if is_passed_on else ())}
        assert is_tested or model["name"].startswith("int_waarschuwing_"), model["name"]


def test_every_column_of_a_mart_is_described_and_contracted(models):
    marts = [model for model in models if model["schema"] in ("kern", "jaarverslag")]
    assert len(marts) > 35
    for model in marts:
        assert model["config"]["contract"]["enforced"], model["name"]
        assert model["columns"]
        assert all(column["description"] and column["data_type"] for column in model["columns"].values()), model["name"]


def test_data_flows_one_way_and_jaarverslag_reads_only_kern(manifest, models):
    schema = {node["unique_id"]: node["schema"] for node in manifest["nodes"].values()} | {
        node["unique_id"]: "lake" for node in manifest["sources"].values()
    }
    for model in models:
        for parent in model["depends_on"]["nodes"]:
            if model["schema"] == "jaarverslag":
                assert schema[parent] in ("kern", "jaarverslag"), (model["name"], parent)
            elif schema[parent] != "referentie":
                assert LAYERS.index(schema[parent]) <= LAYERS.index(model["schema"]), (model["name"], parent)


def test_no_model_is_longer_than_a_reader_can_hold(models):
    assert max(len(model["raw_code"].splitlines()) for model in models) <= 120


def test_staging_says_of_its_columns_what_the_contract_says(models):
    by_name = {model["name"]: model for model in models}
    for bron in contract.BRONNEN:
        for entity in contract.load(bron).entities.values():
            columns = by_name[f"stg_{bron}__{entity.name}"]["columns"]
            for column in entity.columns:
                if column.lake_name:
                    assert columns[column.lake_name]["description"] == column.description


def test_no_birth_date_reaches_the_file_that_analysts_open(models):
    readers = {model["name"]: model for model in models if "geboortedatum" in model["columns"] or "geboortedatum" in model["raw_code"]}
    assert {"stg_monitor__jongere", "int_jongere", "int_plicht_op_datum", "jongere"} <= readers.keys()
    assert {name for name, model in readers.items() if model["database"] == "build"} == {"jongere"}
    assert "geboortedatum" not in readers["jongere"]["columns"]
