"""The published schema has a version, and a change requires a new version with a description."""

from dataclasses import replace

import pytest

from expectations import published, reference
from expectations.published import PublishedColumn, PublishedContract, PublishedTable, Version, fingerprint, unversioned

NOW = published.load()
NEXT = "9.0.0"
REASON = PublishedColumn("reden", "string", "string", "Waarom.", "", required=False, allowed=())


def with_table(table: PublishedTable) -> PublishedContract:
    """Return the current contract, with one table replaced."""
    tables = {one.name: one for one in NOW.tables} | {table.name: table}
    return replace(NOW, tables=tuple(tables.values()))


def kwaliteit(*columns: PublishedColumn) -> PublishedTable:
    return replace(published.table("kwaliteit"), columns=columns)


def test_the_schema_of_now_is_that_of_the_last_version():
    changed = unversioned(NOW)
    assert not changed, f"a new version with its fingerprints in {published.CONTRACT.name}: {', '.join(changed)}"


def test_versions_are_recorded_once_and_count_up():
    numbers = [tuple(map(int, version.number.split("."))) for version in NOW.versions]
    assert numbers and numbers == sorted(set(numbers), reverse=True)
    assert all(version.brings for version in NOW.versions)
    assert {name for version in NOW.versions for name in version.changed} == {table.name for table in NOW.tables}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"type": "string"}, id="type"),
        pytest.param({"name": "getal"}, id="name"),
        pytest.param({"required": False}, id="may be empty"),
    ],
)
def test_a_change_without_a_new_version_is_seen(change):
    columns = [replace(column, **change) if column.name == "aantal" else column for column in published.table("kwaliteit").columns]
    assert unversioned(with_table(kwaliteit(*columns))) == ["kwaliteit"]


def test_a_column_that_comes_or_goes_is_seen():
    columns = published.table("kwaliteit").columns
    for others in ((*columns, REASON), columns[1:], columns[::-1]):
        assert unversioned(with_table(kwaliteit(*others))) == ["kwaliteit"]


def test_a_table_that_comes_or_goes_is_seen():
    assert unversioned(with_table(replace(published.table("kwaliteit"), name="nieuw"))) == ["nieuw"]
    assert unversioned(replace(NOW, tables=NOW.tables[:-1])) == [NOW.tables[-1].name]


def test_a_new_version_that_is_not_recorded_is_seen_and_one_that_is_recorded_is_enough():
    assert unversioned(replace(NOW, version=NEXT)) == [NEXT]
    assert unversioned(replace(NOW, version=NEXT, versions=())) == [*(table.name for table in NOW.tables), NEXT]
    more = with_table(kwaliteit(*published.table("kwaliteit").columns, REASON))
    [changed] = [table for table in more.tables if table.name == "kwaliteit"]
    version = Version(NEXT, "kolom reden erbij", {"kwaliteit": fingerprint(changed.schema)[: published.FINGERPRINT]})
    assert unversioned(replace(more, version=NEXT, versions=(version, *NOW.versions))) == []


def test_the_breakdowns_of_the_contract_are_those_that_are_made():
    [column] = [column for column in published.table("uitsplitsingen").columns if column.name == "uitsplitsing"]
    made = {name for row in reference.rows("indicator") for name in reference.parts(row["uitsplitsingen"])}
    assert set(column.allowed) == set(reference.breakdowns()) == made


def test_the_units_of_the_contract_are_those_that_are_used():
    used = {row["eenheid"] for row in reference.rows("indicator")}
    told = [set(column.allowed) for table in published.load().tables for column in table.columns if column.name == "eenheid"]
    assert told == [used] * 3
