"""What is held of a person: all of it, of nobody else, in a file for one reader."""

import stat
from pathlib import Path

import duckdb
import pytest
from leveringen import Landing, bsn
from test_erase import COUPLED, DECISION, NUMBERS, OTHER, THEIRS, deliver, ingest

from orchestration.deliveries.pseudonym import Pseudonymiser, load_key
from orchestration.persons import disclose, erase, hold, identity
from orchestration.persons.identity import PersonError


@pytest.fixture
def held(landing: Landing) -> Landing:
    deliver(landing)
    ingest(landing)
    made = Pseudonymiser(load_key(landing.settings().key_file, landing.lake))
    night = landing.lake.warehouse_night("20250101T000000.000000Z")
    night.parent.mkdir(parents=True)
    with duckdb.connect(str(night)) as connection:
        connection.execute("create schema kern")
        for place, number in enumerate((THEIRS, OTHER)):
            values = (made.one("bsn", number), f"soort {place}")
            connection.execute(
                f"{'insert into kern.melding' if place else 'create table kern.melding as'} select $1 as jongere_id, $2 as soort", values
            )
    return landing


def test_everything_of_one_person_and_nothing_of_others(held: Landing, tmp_path: Path):
    found = disclose.disclose(held.settings(), NUMBERS, tmp_path / "inzage.md", "Jansen")
    assert {place: len(rows) for place, rows in found.rows.items()} == {
        ("duo", "verzuimmelding"): 2, ("duo", "koppeling"): 1, ("monitor", "jongere"): 1, ("monitor", "woonperiode"): 1
    }  # fmt: skip
    assert sorted(entiteit for _, entiteit, _ in found.rejected) == ["verzuimmelding", "woonperiode"]
    assert found.warehouses["warehouse/nachten/20250101T000000.000000Z/leerplicht.duckdb"]["kern.melding"][0]["soort"] == "soort 0"
    assert found.originals == ["monitor/register", "duo/20250303"]
    text = (tmp_path / "inzage.md").read_text()
    assert stat.S_IMODE((tmp_path / "inzage.md").stat().st_mode) == 0o600
    for expected in (
        "2010-05-06",
        "levering duo/20250303 (bekend sinds 2025-03-03T02:00:00+01:00",
        "soort 0",
        "19 jaar na de geboorte",
        "landing",
    ):
        assert expected.lower() in text.lower()
    made = Pseudonymiser(load_key(held.settings().key_file, held.lake))
    assert not any(sign in text for sign in (made.one("bsn", OTHER), "soort 1", THEIRS, OTHER, COUPLED))


def test_a_coupled_number_is_the_same_person(held: Landing):
    by_bsn, by_other = (disclose.collect(held.settings(), identity.parse_numbers(number)) for number in (THEIRS, COUPLED))
    assert (by_bsn.rows, by_bsn.rejected, by_bsn.warehouses, by_bsn.originals) == (
        by_other.rows, by_other.rejected, by_other.warehouses, by_other.originals
    )  # fmt: skip


def test_the_page_says_what_was_decided(held: Landing, tmp_path: Path):
    hold.hold(held.settings(), None, NUMBERS, DECISION, release=False)
    disclose.disclose(held.settings(), NUMBERS, tmp_path / "a.md", "Jansen")
    assert "bewaarplicht" in (tmp_path / "a.md").read_text()
    hold.hold(held.settings(), None, NUMBERS, DECISION, release=True)
    (held.lake.warehouse_nights / "20250101T000000.000000Z" / "leerplicht.duckdb").unlink()
    erase.erase(held.settings(), NUMBERS, DECISION)
    found = disclose.disclose(held.settings(), NUMBERS, tmp_path / "b.md", "Jansen")
    assert found.nothing and found.until == "2029-12-31"
    assert "tot en met 2029-12-31 niet terug" in (tmp_path / "b.md").read_text()
    assert disclose.collect(held.settings(), identity.parse_numbers(bsn(44_444_444))).until == ""


def test_an_existing_file_stays(held: Landing, tmp_path: Path):
    (tmp_path / "inzage.md").write_text("van iemand anders")
    with pytest.raises(PersonError, match="bestaat al"):
        disclose.disclose(held.settings(), NUMBERS, tmp_path / "inzage.md", "Jansen")
    assert (tmp_path / "inzage.md").read_text() == "van iemand anders"
