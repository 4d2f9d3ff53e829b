"""`dcat.jsonld`: it has the mandatory fields of DCAT-AP-NL 3, they are correct, and nothing reveals where it was made."""

import json
import os
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from pydantic import ValidationError
from rdflib import Graph, Namespace, URIRef

from orchestration.lake.files import digest
from orchestration.publication import catalogue, manifest, register
from orchestration.settings import Settings

SHAPES = Path(__file__).parents[1] / "shapes" / "dcat_ap_nl.ttl"
DCAT, DCT = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")
SOMEWHERE = "https://voorbeeld.test/cijfers/openbaar/releases/een/"


@pytest.fixture(params=register.ZONES)
def release(request: pytest.FixtureRequest, night) -> Path:
    return (night.lake.published(request.param) / "current").resolve()


@pytest.fixture
def record(release: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((release / catalogue.FILE).read_text(encoding="utf-8"))
    return found


def described(release: Path, **settings: Any) -> dict[str, Any]:
    """Return the record of a release with other settings."""
    kennisdatum = datetime(2025, 8, 2, tzinfo=UTC)
    found: dict[str, Any] = json.loads(
        catalogue.describe(release, release.name, release.parent.parent.name, kennisdatum, Settings(**settings))
    )
    return found


def graph(record: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(record), format="json-ld", publicID=f"{SOMEWHERE}{catalogue.FILE}")


def conforms(record: dict[str, Any]) -> bool:
    kept, _, _ = pyshacl.validate(graph(record), shacl_graph=Graph().parse(SHAPES))
    return bool(kept)


def test_the_record_keeps_to_the_profile(record: dict[str, Any]):
    assert conforms(record)


MANDATORY = (
    *("dct:identifier", "dct:title", "dct:description", "dct:accessRights", "dct:publisher", "dct:creator", "dcat:contactPoint"),
    *("dcat:theme", "dcat:distribution"),
)


@pytest.mark.parametrize("name", MANDATORY)
def test_a_record_without_what_is_mandatory_is_refused(record: dict[str, Any], name: str):
    broken = deepcopy(record)
    del broken[name]
    assert not conforms(broken)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda file: file.pop("dct:license"), id="without a licence"),
        pytest.param(lambda file: file.pop("dcat:accessURL"), id="without a place"),
        pytest.param(lambda file: file.update({"dcat:accessURL": [{"@id": "a"}, {"@id": "b"}]}), id="at two places"),
        pytest.param(lambda file: file.update({"dcat:byteSize": "veel"}), id="a size that is no number"),
        pytest.param(lambda file: file["spdx:checksum"].pop("spdx:algorithm"), id="a hash of an unknown kind"),
    ],
)
def test_a_file_that_is_not_described_as_it_must_is_refused(record: dict[str, Any], change):
    broken = deepcopy(record)
    change(broken["dcat:distribution"][0])
    assert not conforms(broken)


def test_wherever_the_folder_stands_the_record_points_at_its_files(record: dict[str, Any], release: Path):
    found = graph(record)
    dataset = URIRef(SOMEWHERE)
    files = {str(place) for file in found.objects(dataset, DCAT.distribution) for place in found.objects(file, DCAT.downloadURL)}
    assert files == {SOMEWHERE + path.name for path in release.iterdir() if path.suffix in (".parquet", ".csv", ".xlsx")}


def test_it_says_what_is_true_of_the_files(record: dict[str, Any], release: Path):
    for file in record["dcat:distribution"]:
        path = release / file["dcat:downloadURL"]["@id"]
        assert file["spdx:checksum"]["spdx:checksumValue"]["@value"] == digest(path)
        assert file["dcat:byteSize"]["@value"] == str(path.stat().st_size)
    told = json.loads((release / manifest.MANIFEST).read_text(encoding="utf-8"))
    assert record["dct:modified"]["@value"] == told["kennisdatum"]
    assert record["dcat:version"] == release.name
    assert record["dct:identifier"] == f"jaarverslag-leerplicht-{told['zone']}/{release.name}"
    assert record["dct:temporal"]["dcat:startDate"]["@value"] == "2023-08-01"
    assert record["dct:temporal"]["dcat:endDate"]["@value"] == "2025-07-31"


def test_only_openbaar_is_for_everybody(record: dict[str, Any], release: Path):
    wanted = {"intern": "NON_PUBLIC", "openbaar": "PUBLIC"}[release.parent.parent.name]
    assert record["dct:accessRights"]["@id"].endswith(f"access-right/{wanted}")


def test_it_is_covered_by_the_hashes_of_the_release_and_no_part_of_its_name(release: Path):
    sums = manifest.parse_sums((release / manifest.SUMS).read_text(encoding="utf-8"))
    assert sums[catalogue.FILE] == digest(release / catalogue.FILE)
    data = {name: digest for name, digest in sums.items() if name not in (catalogue.FILE, manifest.MANIFEST)}
    assert manifest.release_name(manifest.moment_of(release.name), data) == release.name


def test_it_holds_no_host_path_or_clock(record: dict[str, Any], release: Path):
    text = (release / catalogue.FILE).read_text(encoding="utf-8")
    run = json.loads((release / manifest.MANIFEST).read_text(encoding="utf-8"))
    for word in (os.uname().nodename, str(release.parent), run["run"], run["gemaakt"], run["gemaakt"][:10]):
        assert word not in text
    own = [record["@id"], *(file["@id"] for file in record["dcat:distribution"])]
    assert not [name for name in own if ":" in name]


def test_without_settings_it_says_no_more_than_is_known(record: dict[str, Any]):
    assert record["dct:publisher"]["@id"].endswith("gm0164")
    assert record["dct:publisher"]["foaf:name"]["@value"] == "Gemeente Hengelo"
    assert "vcard:hasEmail" not in record["dcat:contactPoint"] and "vcard:hasURL" not in record["dcat:contactPoint"]
    assert {file["dct:license"]["@id"] for file in record["dcat:distribution"]} == {Settings.model_fields["licence"].default}


@pytest.mark.parametrize("contact", ["leerplicht@gemeente.test", "https://gemeente.test/vragen"])
def test_who_publishes_whom_to_ask_and_the_licence_are_settings(release: Path, contact: str):
    licence = "https://creativecommons.org/licenses/by/4.0/deed.nl"
    found = described(release, publisher="0147", contact=contact, licence=licence)
    assert conforms(found)
    assert found["dct:publisher"]["foaf:name"]["@value"] == "Gemeente Borne"
    assert contact in json.dumps(found["dcat:contactPoint"])
    dataset = graph(found)
    assert {str(one) for one in dataset.objects(None, DCT.license)} == {licence}


@pytest.mark.parametrize("wrong", [{"publisher": "Hengelo"}, {"contact": "bel maar"}, {"licence": "vrij"}])
def test_a_setting_that_cannot_be_is_refused(wrong: dict[str, str]):
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_the_settings_behind_it_are_in_the_manifest_so_that_it_can_be_made_again():
    assert {"publisher", "contact", "licence"} <= set(manifest.SETTINGS)
