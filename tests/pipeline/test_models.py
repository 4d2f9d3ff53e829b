"""The dbt project: each model has one grain, data flows one way, sources match the contracts, and an empty lake works."""

import re
import shutil
from dataclasses import replace

import duckdb
import pytest
from dbt.cli.main import dbtRunner
from mutants import outdated, survivors
from trial import judge
from unit_tests import collect

from expectations import contract, reference
from orchestration.deliveries import ingest
from orchestration.lake import Lake
from orchestration.publication import extract
from orchestration.settings import Settings
from orchestration.warehouse import build

LAYERS = ("lake", "staging", "intermediate", "kern", "jaarverslag")


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Settings:
    """A lake whose first night found no deliveries."""
    folder = tmp_path_factory.mktemp("leeg")
    settings = Settings(lake=folder / "meer", key_file=folder / "sleutel")
    for bron in contract.BRONNEN:
        assert ingest.ingest(settings, bron, "leeg") == ([], [])
    return settings


@pytest.fixture(scope="module")
def manifest(empty):
    return build.parse(empty)


@pytest.fixture(scope="module")
def models(manifest):
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def test_another_lake_begins_with_what_dbt_knows_of_the_project(empty, manifest, tmp_path):
    other = empty.model_copy(update={"lake": tmp_path / "meer"})
    build.copy_partial_parse(Lake(empty.lake), Lake(other.lake))
    again = build.parse(other)
    assert {part: content for part, content in again.items() if part != "metadata"} == {
        part: manifest[part] for part in again.keys() - {"metadata"}
    }
    first, second = ((Lake(settings.lake).dbt_target / "dbt.log").read_text() for settings in (empty, other))
    assert "Starting full parse" in first
    assert "Starting full parse" not in second


def test_an_installation_in_another_folder_reads_its_own_seeds(empty, manifest, tmp_path, monkeypatch):
    assert manifest["nodes"], "the cache of the lake is of this installation"
    moved, known = tmp_path / "dbt_project", empty.model_copy(update={"lake": tmp_path / "meer"})
    shutil.copytree(build.DBT_PROJECT, moved, ignore=shutil.ignore_patterns("target", "logs"))
    build.copy_partial_parse(Lake(empty.lake), Lake(known.lake))
    monkeypatch.setattr(build, "DBT_PROJECT", moved)
    seeds = [node for node in build.parse(known)["nodes"].values() if node["resource_type"] == "seed"]
    assert seeds
    assert {seed["root_path"] for seed in seeds} == {str(moved)}


@pytest.fixture(scope="module")
def built(empty):
    """Return dbt's compiled nodes."""
    return build.build(empty, Lake(empty.lake).warehouse_build)


def test_without_deliveries_every_table_is_there_and_empty(built, empty, models):
    assert {result.status for result in built} == {"success", "pass"}
    with duckdb.connect(str(Lake(empty.lake).warehouse_build), read_only=True) as connection:
        found = connection.execute("select schema_name, table_name, estimated_size from duckdb_tables()").fetchall()
        [(melding,)] = connection.execute("select count(*) from (describe kern.melding)").fetchall()
    expected = {(model["schema"], model["alias"]) for model in models if model["database"] == "leerplicht"}
    assert expected <= {(schema, name) for schema, name, _ in found}
    assert melding == len(next(model for model in models if model["name"] == "melding")["columns"])
    with_rows = {f"{schema}.{name}" for schema, name, size in found if size and (schema, name) in expected}
    assert with_rows == {
        *("kern.gemeente", "kern.school", "kern.gebied"),
        *("kern.verband", "kern.optelling", "kern.indicator_entiteit", "kern.uitsplitsing"),
        *("kern.uitsplitsing_label", "kern.wijk", "kern.trendbreuk"),
    }  # filled from reference data alone


@pytest.mark.usefixtures("built")
def test_each_listed_survivor_is_one_mutant_of_its_model(empty):
    listed = survivors()
    chosen = collect(Lake(empty.lake).dbt_target, {survivor.model for survivor in listed})
    assert outdated(listed, [verdict for model in chosen for verdict in judge(replace(model, tests=()))]) == []


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
        "een_spreekuur_heeft_een_melding_binnen_28_dagen",
        "een_schooljaar_is_bekend_vanaf_de_peildatum_en_na_1_augustus",
        "een_interventie_op_de_dag_van_de_melding_is_nul_dagen",
        "buiten_de_definitie_van_het_jaarverslag_is_overig_verzuim_van_14_tot_16_uren",
        "een_school_is_een_genoemde_vestiging",
        "een_inschrijving_geldt_tot_de_dag_van_uitschrijving",
    } <= names


def test_every_model_states_its_grain_and_tests_it(manifest, models):
    tested = {
        test["attached_node"]
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test" and test.get("test_metadata", {}).get("name") in ("unique", "uniek", "sleutel")
    }
    for model in models:
        assert re.match(r"Grain: één rij per .+\. ", model["description"] + " "), model["name"]
        readers = [reader["unique_id"] for reader in models if model["unique_id"] in reader["depends_on"]["nodes"]]
        # a duplicate in a view is also in its only reader, so it is tested once, where it is written
        is_passed_on = model["config"]["materialized"] == "view" and len(readers) == 1
        is_tested = tested & {model["unique_id"], *(readers if is_passed_on else ())}
        # the rows of files are numbered; the base models, which write them, test that the numbers are unique
        assert is_tested or model["name"].startswith(("int_waarschuwing_", "rijen_")), model["name"]


def test_every_column_of_a_mart_is_described_and_has_a_type(manifest):
    marts = [node for node in manifest["nodes"].values() if node["schema"] in ("kern", "jaarverslag") and node["resource_type"] != "test"]
    assert len(marts) > 35
    for mart in marts:
        assert mart["columns"]
        assert all(column["description"] for column in mart["columns"].values()), mart["name"]
        if mart["resource_type"] == "model":
            assert mart["config"]["contract"]["enforced"], mart["name"]
            assert all(column["data_type"] for column in mart["columns"].values()), mart["name"]
        else:
            assert mart["columns"].keys() == mart["config"]["column_types"].keys(), mart["name"]


def test_a_release_depends_on_every_table_that_the_publication_reads(manifest):
    queries = " ".join(value for name, value in vars(extract).items() if name.startswith("_") and isinstance(value, str))
    contract = (build.PROJECT / "expectations" / "contracts" / "publicatie.odcs.yaml").read_text(encoding="utf-8")
    stated = " ".join(re.findall(r"^ +tabel: (\S+)$", contract, re.MULTILINE))
    # the gates read the soorten and the sums
    read = set(re.findall(r"\b(?:kern|jaarverslag|referentie)\.\w+", f"{queries} {stated} kern.verzuimsoort kern.optelling"))
    assert len(read) > 8
    exposures = {exposure["name"]: exposure for exposure in manifest["exposures"].values()}
    assert exposures.keys() == {"release_intern", "release_openbaar", "portal", "factsheet"}
    for name, exposure in exposures.items():
        nodes = [manifest["nodes"][node] for node in exposure["depends_on"]["nodes"]]
        assert {f"{node['schema']}.{node['alias']}" for node in nodes} == read, name


def test_dbt_refuses_a_figure_that_is_not_computed_from_kern(tmp_path):
    shutil.copytree(build.DBT_PROJECT, tmp_path / "dbt", ignore=shutil.ignore_patterns("target", "logs"))
    model = tmp_path / "dbt" / "models" / "marts" / "jaarverslag" / "incidenten.sql"
    model.write_text(model.read_text().replace('ref("incident")', 'ref("int_feit")'))
    folders = ["--project-dir", str(tmp_path / "dbt"), "--profiles-dir", str(tmp_path / "dbt"), "--target", build.TARGETS["duckdb"]]
    outcome = dbtRunner().invoke(["--quiet", "parse", *folders])
    assert not outcome.success
    assert "int_feit" in str(outcome.exception)
    assert "private" in str(outcome.exception)


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


def test_the_sources_are_the_entiteiten_of_the_contracts(manifest):
    """Both lists in dbt: the sources, and the entiteiten whose rows name a person."""
    entities = {(bron, entity.name): entity for bron in contract.BRONNEN for entity in contract.load(bron).entities.values()}
    sources = {source["name"]: source["description"] for source in manifest["sources"].values()}
    assert sources.keys() - {"grootboek", "quarantaine"} == {"__".join(names) for names in entities}, "models/staging/<bron>/"
    for names, entity in entities.items():
        assert sources["__".join(names)].startswith(entity.description), f"models/staging/<bron>/: {names}"
    listed = manifest["macros"]["macro.leerplicht.entiteiten_met_persoon"]["macro_sql"]
    persons = {names for names, entity in entities.items() if any(column.is_identifier for column in entity.columns)}
    assert set(re.findall(r'\("(\w+)", "(\w+)"\)', listed)) == persons, "macros/jongere.sql"


def test_every_indicator_that_is_counted_is_expected_by_a_unit_test_of_its_model(manifest):
    """An indicator with a row and no model would be published as 0; a unit test that expects it shows that a model computes it."""
    figures = {node["name"] for node in manifest["nodes"].values() if node["schema"] == "jaarverslag"}
    expected = {
        row["indicator"]
        for test in manifest["unit_tests"].values()
        if test["model"] in figures
        for row in test["expect"]["rows"]
        if "indicator" in row
    }
    counted = [row for row in reference.rows("indicator") if row["telwijze"] in ("jongeren", "aantal", "herhaald")]
    assert len(counted) > 40
    missing = [f"{row['indicator']}: models/marts/jaarverslag/{row['tabel']}.yml" for row in counted if row["indicator"] not in expected]
    assert not missing


def test_no_birth_date_reaches_the_file_that_analysts_open(empty, built, models):
    """Neither as a column of it, nor in the SQL of a model in it, but for the year of birth that `kern.jongere` takes of it."""
    assert built
    with duckdb.connect(str(Lake(empty.lake).warehouse_build), read_only=True) as connection:
        columns = connection.execute("select table_name, column_name from duckdb_columns()").fetchall()
    assert len(columns) > 300
    assert not [table for table, column in columns if column == "geboortedatum"]
    readers = {model["name"]: model for model in models if "geboortedatum" in model["raw_code"]}
    assert {"int_jongere", "int_plicht_op_datum", "jongere"} <= readers.keys()
    assert {name for name, model in readers.items() if model["database"] == "leerplicht"} == {"jongere"}
