"""`datapackage.json`: a Data Package (version 2) that describes each file correctly."""

import hashlib
import json
import shutil
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft7Validator

from expectations import published
from orchestration.publication import csv_file, datapackage, derived, register

PROFILE = json.loads(files("dplib").joinpath("profiles/2.0/datapackage.json").read_text(encoding="utf-8"))
KINDS = {"string": "string", "int64": "integer", "bool": "boolean", "date32[day]": "date"}
NOT_DESCRIBED = {datapackage.FILE, "dcat.jsonld", "manifest.json", "SHA256SUMS"}


@pytest.fixture(params=register.ZONES)
def release(request: pytest.FixtureRequest, night) -> Path:
    return (night.lake.published(request.param) / "current").resolve()


@pytest.fixture
def package(release: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((release / datapackage.FILE).read_text(encoding="utf-8"))
    return found


def tables(package: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every file except the workbook, whose sheets are for readers."""
    found = [resource for resource in package["resources"] if resource["path"] != "jaarverslag.xlsx"]
    assert found
    return found


def faults(package: dict[str, Any]) -> list[str]:
    return [error.json_path for error in Draft7Validator(PROFILE).iter_errors(package)]


def test_it_keeps_to_the_profile(package: dict[str, Any]):
    Draft7Validator.check_schema(PROFILE)
    assert faults(package) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda package: package.pop("resources"), id="without files"),
        pytest.param(lambda package: package["resources"].clear(), id="with no file"),
        pytest.param(lambda package: package["resources"][0].update(name=7), id="a name that is no text"),
        pytest.param(lambda package: package["resources"][0].update(path="/absolute.csv"), id="a path out of the folder"),
        pytest.param(lambda package: package["resources"][0].update(bytes="veel"), id="a size that is no number"),
        pytest.param(lambda package: package["resources"][0]["schema"]["fields"][0].update(type="tekst"), id="a type that is none"),
        pytest.param(lambda package: package["resources"][0]["schema"].pop("fields"), id="a table without columns"),
        pytest.param(lambda package: package["sources"][0].update(title=1), id="a source without a name"),
    ],
)
def test_what_does_not_keep_to_the_profile_is_refused(package: dict[str, Any], change):
    broken = deepcopy(package)
    change(broken)
    assert faults(broken)


def test_every_file_is_described_by_its_own_bytes(package: dict[str, Any], release: Path):
    said = {resource["path"]: resource for resource in package["resources"]}
    assert said.keys() == {path.name for path in release.iterdir()} - NOT_DESCRIBED
    assert len({resource["name"] for resource in said.values()}) == len(said) == len(package["resources"])
    for name, resource in said.items():
        content = (release / name).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        assert resource["mediatype"] == datapackage.MEDIA_TYPES[Path(name).suffix]


def test_columns_units_and_meanings_are_those_in_the_parquet(package: dict[str, Any], release: Path):
    for resource in tables(package):
        schema = pq.read_schema((release / resource["path"]).with_suffix(".parquet"))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == schema.names
        for field, column in zip(fields, schema, strict=True):
            assert field["type"] == KINDS.get(str(column.type), "number")
            assert field["description"] == column.metadata[b"description"].decode()
            assert field.get("unit", "") == column.metadata.get(b"eenheid", b"").decode()
            assert field["constraints"]["required"] is not column.nullable
        assert resource["description"] == schema.metadata[b"description"].decode()


def test_keys_are_keys_and_every_indicator_has_a_definition(package: dict[str, Any], release: Path):
    parquet = {resource["name"]: resource for resource in package["resources"] if resource["format"] == "parquet"}
    frames = {name: polars.read_parquet(release / resource["path"]) for name, resource in parquet.items()}
    keyed = [name for name, resource in parquet.items() if "primaryKey" in resource["schema"]]
    quality = ["kwaliteit"] if "kwaliteit" in frames else []
    assert keyed == ["kerncijfers", "uitsplitsingen", "indicatoren", "bronnen", "vergelijking", *quality]
    assert all(not frames[name].select(parquet[name]["schema"]["primaryKey"]).is_duplicated().any() for name in keyed)
    references = {name: reference for name, resource in parquet.items() for reference in resource["schema"].get("foreignKeys", [])}
    assert references.keys() == {"kerncijfers", "uitsplitsingen", "reconciliatie"}
    for name, reference in references.items():
        there = frames[reference["reference"]["resource"]]
        assert set(frames[name]["indicator"]) <= set(there["indicator"])


def test_the_csv_is_read_as_it_says(package: dict[str, Any], release: Path):
    [resource] = [resource for resource in package["resources"] if resource["path"] == csv_file.FILE]
    dialect, fields = resource["dialect"], {field["name"]: field for field in resource["schema"]["fields"]}
    content = (release / resource["path"]).read_bytes().decode(resource["encoding"]).removeprefix("\ufeff")
    first = content.split(dialect["lineTerminator"])[1].split(dialect["delimiter"])
    assert first[:2] == ["2023-2024", "0147"]
    assert resource["schema"]["missingValues"] == [""]
    assert fields["percentage"]["decimalChar"] == csv_file.DECIMAL_CHAR
    assert fields["trendbreuk"]["trueValues"] == ["ja"]
    assert "decimalChar" not in fields["waarde"]


def test_codes_are_those_of_the_contract(package: dict[str, Any]):
    for resource in tables(package):
        table = next(table for table in published.load().tables if table.name == Path(resource["path"]).stem)
        told = {field["name"]: tuple(field["constraints"].get("enum", ())) for field in resource["schema"]["fields"]}
        assert told == {column.name: column.allowed for column in table.columns}


def test_it_says_which_zone_it_is_of_and_nothing_of_when_or_where_it_was_made(release: Path, package: dict[str, Any]):
    zone = release.parent.parent.name
    assert package["name"] == f"jaarverslag-leerplicht-{zone}"
    assert package["description"].endswith(datapackage.ZONES[zone])
    assert package["version"] == published.load().version
    text = json.dumps(package)
    assert release.name not in text
    assert "created" not in package and "licenses" not in package


def test_it_is_made_of_the_files_beside_it_and_is_the_same_each_time(release: Path, tmp_path: Path):
    zone = release.parent.parent.name
    for table in published.tables(zone):
        shutil.copyfile(release / table.file, tmp_path / table.file)
    for _ in range(2):
        derived.write(tmp_path, zone)
        assert (tmp_path / datapackage.FILE).read_bytes() == (release / datapackage.FILE).read_bytes()


def test_the_workbook_holds_no_table_of_the_contract_and_is_described_without_columns(package: dict[str, Any]):
    [workbook] = [resource for resource in package["resources"] if resource["path"] == "jaarverslag.xlsx"]
    assert "schema" not in workbook
