"""The published schema has a version, and does not change without a new one that says what changed."""

import csv
import re

import pyarrow as pa
import pytest

from expectations import published
from orchestration.publication import schemas
from orchestration.settings import PROJECT

CHANGELOG = PROJECT / "docs" / "schema.md"
FINGERPRINT = re.compile(r"^- `(\w+)` ([0-9a-f]{12})(?:: \S.*)?$", re.MULTILINE)
NOW, NEXT = published.load().version, "9.0.0"
SEEDS = PROJECT / "dbt_project" / "seeds"


def versions(text: str) -> dict[str, dict[str, str]]:
    """Of each version, the latest first, the fingerprint of each table that it changed."""
    parts = re.split(r"^## (\d+\.\d+\.\d+)$", text, flags=re.MULTILINE)[1:]
    return {version: dict(FINGERPRINT.findall(told)) for version, told in zip(parts[::2], parts[1::2], strict=True)}


def differences(text: str, tables: dict[str, pa.Schema], version: str) -> list[str]:
    """What is not as the changelog says: tables of another shape than in the last version that speaks of them, or a version not told."""
    told = versions(text)
    last: dict[str, str] = {}
    for found in reversed(told.values()):
        last |= found
    wrong = [name for name, schema in tables.items() if last.get(name) != schemas.fingerprint(schema)[:12]]
    wrong += [name for name in last if name not in tables]
    return wrong + [version for latest in [next(iter(told), "")] if latest != version]


@pytest.fixture
def text() -> str:
    return CHANGELOG.read_text(encoding="utf-8")


def test_the_schema_of_now_is_that_of_the_last_version(text: str):
    changed = differences(text, schemas.RELEASE, published.load().version)
    assert not changed, "a new version in publicatie.odcs.yaml, and what it brings in docs/schema.md: " + ", ".join(changed)


def test_versions_are_told_once_and_count_up(text: str):
    told = [tuple(map(int, version.split("."))) for version in versions(text)]
    assert told and told == sorted(set(told), reverse=True)
    assert set(versions(text)["1.0.0"]) == set(schemas.RELEASE)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda field: field.with_type(pa.float64()), id="type"),
        pytest.param(lambda field: field.with_name("getal"), id="name"),
        pytest.param(lambda field: field.with_nullable(not field.nullable), id="may be empty"),
    ],
)
def test_a_change_without_a_new_version_is_seen(text: str, change):
    place = schemas.KWALITEIT.get_field_index("aantal")
    tables = {**schemas.RELEASE, "kwaliteit": schemas.KWALITEIT.set(place, change(schemas.KWALITEIT.field(place)))}
    assert differences(text, tables, NOW) == ["kwaliteit"]


def test_a_column_that_comes_or_goes_is_seen(text: str):
    more = schemas.KWALITEIT.append(pa.field("reden", pa.string()))
    assert differences(text, {**schemas.RELEASE, "kwaliteit": more}, NOW) == ["kwaliteit"]
    assert differences(text, {**schemas.RELEASE, "kwaliteit": schemas.KWALITEIT.remove(0)}, NOW) == ["kwaliteit"]


def test_a_table_that_comes_or_goes_is_seen(text: str):
    assert differences(text, {**schemas.RELEASE, "nieuw": schemas.KWALITEIT}, NOW) == ["nieuw"]
    assert differences(text, {name: schema for name, schema in schemas.RELEASE.items() if name != "poorten"}, NOW) == ["poorten"]


def test_a_new_version_that_is_not_told_is_seen_and_one_that_is_told_is_enough(text: str):
    assert differences(text, schemas.RELEASE, NEXT) == [NEXT]
    more = schemas.KWALITEIT.append(pa.field("reden", pa.string()))
    line = f"## {NEXT}\n\n- `kwaliteit` {schemas.fingerprint(more)[:12]}: kolom `reden` erbij\n\n## {NOW}\n"
    assert differences(text.replace(f"## {NOW}\n", line), {**schemas.RELEASE, "kwaliteit": more}, NEXT) == []


def test_the_breakdowns_of_the_contract_are_those_that_are_made():
    with (SEEDS / "kern" / "uitsplitsing.csv").open(encoding="utf-8", newline="") as file:
        made = {row["uitsplitsing"] for row in csv.DictReader(file)}
    [table] = [table for table in published.load().tables if table.name == "uitsplitsingen"]
    [column] = [column for column in table.columns if column.name == "uitsplitsing"]
    assert set(column.allowed) == made


def test_the_units_of_the_contract_are_those_that_are_used():
    with (SEEDS / "kern" / "indicator.csv").open(encoding="utf-8", newline="") as file:
        used = {row["eenheid"] for row in csv.DictReader(file)}
    told = [set(column.allowed) for table in published.load().tables for column in table.columns if column.name == "eenheid"]
    assert told == [used] * 3
