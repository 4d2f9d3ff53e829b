"""The contracts are complete: they define everything that reading, typing and gating need."""

import pytest

from expectations.contract import BRONNEN, load

ENTITIES = [entity for bron in BRONNEN for entity in load(bron).entities.values()]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: f"{entity.bron}.{entity.name}")
def test_every_entity_has_a_key_a_person_or_a_reason_not_to(entity):
    assert entity.key
    persons = {column.kind for column in entity.columns if column.is_identifier}
    assert persons == ({"bsn", "onderwijsnummer"} if entity.name != "kerncijfer" else set())


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: f"{entity.bron}.{entity.name}")
def test_every_column_is_described_and_named_once(entity):
    assert entity.description
    assert entity.grain.startswith("één rij per")
    assert all(column.description for column in entity.columns)
    names = [name for column in entity.columns for name in (column.header, *column.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: f"{entity.bron}.{entity.name}")
def test_rules_of_an_entity_refer_to_its_own_columns(entity):
    names = {column.name for column in entity.columns}
    assert set(entity.mutation_moment) <= names
    assert {name for period in entity.periods for name in period} <= names
    assert {column.required_when.column for column in entity.columns if column.required_when} <= names


def test_free_text_and_identifiers_do_not_enter_the_lake_as_they_are():
    for entity in ENTITIES:
        names = set(entity.lake_schema.names)
        assert not names & {"bsn", "onderwijsnummer", "toelichting", "memo"}


def test_xml_names_every_column_of_what_comes_as_xml():
    melding = load("duo").entities["verzuimmelding"]
    assert melding.xml_root and melding.xml_row
    assert all(column.xml_element for column in melding.columns)


def test_an_unknown_bron_is_an_error():
    with pytest.raises(KeyError):
        load("elders")
