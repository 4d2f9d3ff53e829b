"""The contracts are complete: they define everything that reading, typing and gating need."""

from datetime import date

import pyarrow as pa
import pytest
from canaries import canaries

from expectations.contract import BRONNEN, load
from orchestration.deliveries.columns import Horizon, convert
from orchestration.scrub import could_identify

NAMED: dict[str, set[str]] = {
    "kerncijfer": set(),
    "meldingdossier": set(),
    "vergelijkingscijfer": set(),
    "bsn_wijziging": {"bsn_oud", "bsn"},
}
ENTITIES = [entity for bron in BRONNEN for entity in load(bron).entities.values()]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: f"{entity.bron}.{entity.name}")
def test_every_entity_has_a_key_a_person_or_a_reason_not_to(entity):
    assert entity.key
    persons = {column.name for column in entity.columns if column.is_identifier}
    assert persons == NAMED.get(entity.name, {"bsn", "onderwijsnummer"})


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
    assert melding.xml_roots and melding.xml_row
    assert all(column.xml_element for column in melding.columns)


def test_an_unknown_bron_is_an_error():
    with pytest.raises(KeyError):
        load("elders")


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: f"{entity.bron}.{entity.name}")
def test_no_accepted_text_can_hold_an_identifier_or_a_name(entity):
    """Every column of text has a list of codes, a pattern or a kind, and none of these fits a person."""
    given = [text for person in canaries(11) for text in (*person.spellings, person.name, person.with_birth, "Jansen", person.bsn[1:])]
    assert not [column.name for column in entity.columns if column.kind == "text" and not (column.allowed or column.pattern)]
    for column in entity.columns:
        if column.is_identifier or column.kind in ("vrije_tekst", "date"):
            continue
        kept = convert(column, pa.array(given), load(entity.bron).date_formats, Horizon.of(date(2025, 3, 3))).values
        held = [text for text, value in zip(given, kept.to_pylist(), strict=True) if value is not None]
        if column.kind == "nummer":
            held = [text for text in held if not could_identify(text)]  # the others become a pseudonym
            assert all(sum(map(str.isalpha, text)) <= 2 and sum(map(str.isdecimal, text)) == 8 for text in held)
        else:
            assert not held, column.name
