"""A lake whose rows were read under an earlier contract, without the columns and entiteiten that were added since, goes on working."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import duckdb
import pyarrow.parquet as pq
import pytest
from leveringen import Landing, bsn, melding, onderwijsnummer, to_csv

from expectations import contract as contracts
from expectations.contract import Contract
from expectations.suites import bronnen
from orchestration.deliveries import ledger
from orchestration.persons import disclose, erase, hold, identity, purge, retention, rotate

ADDED = {
    "monitor": {"bsn_wijziging"},
    "carel": {"meldingdossier", "verlofaanvraag", "thuiszitter_geoorloofd"},
}
COLUMN = "datum_einde_kwalificatieplicht"
THEIRS, OTHER = bsn(44_000_000), bsn(44_000_100)
BIRTH = {"GEBOORTEDATUM": "2009-05-06", "GESLACHT": "V"}
HOME = {"GEMEENTECODE": "0164", "DATUM_VESTIGING": "2019-10-01"}
DECISION = hold.decide("omdat", "Jansen")


@contextmanager
def earlier_contracts() -> Iterator[None]:
    """Read deliveries as the version before these columns and entiteiten did."""
    load = contracts.load

    def earlier(bron: str) -> Contract:
        known = load(bron)
        entities = {name: entity for name, entity in known.entities.items() if name not in ADDED.get(bron, ())}
        if "jongere" in entities:
            kept = tuple(column for column in entities["jongere"].columns if column.name != COLUMN)
            entities["jongere"] = replace(entities["jongere"], columns=kept)
        return replace(known, entities=entities, fingerprint=f"eerder {known.fingerprint}")

    with patch.object(contracts, "load", earlier):
        yield


def staged(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the full name of a model of staging."""
    models = "select database_name, table_name from duckdb_tables() union all select database_name, view_name from duckdb_views()"
    [(database,)] = connection.execute(f"select database_name from ({models}) where table_name = $1", [name]).fetchall()
    return f"{database}.staging.{name}"


def ingest(landing: Landing) -> int:
    return sum(len(landing.ingest(bron)) for bron in contracts.BRONNEN)


@pytest.fixture
def earlier(landing: Landing) -> Landing:
    with earlier_contracts():
        persons = [{"BSN": THEIRS, "ONDERWIJSNUMMER": onderwijsnummer(3)} | BIRTH, {"BSN": OTHER, "ONDERWIJSNUMMER": ""} | BIRTH]
        files = {"jongeren.csv": to_csv(persons), "woonperioden.csv": to_csv([{"BSN": one["BSN"]} | HOME for one in persons])}
        names = {"jongeren.csv": "jongere", "woonperioden.csv": "woonperiode"}
        landing.write("a", files, bron="monitor", entiteit=names, rijen=dict.fromkeys(files, 2), aard="volledig")
        landing.meldingen("b", [melding(1, BSN=THEIRS), melding(2, BSN=OTHER)])
        assert ingest(landing) == 2
        for bron, names in ADDED.items():
            assert not any((landing.lake.rows / bron / name).exists() for name in names)
    [rows] = [path for path in (landing.lake.rows / "monitor" / "jongere").glob("*.parquet") if path.name != "leeg.parquet"]
    assert COLUMN not in pq.read_schema(rows).names
    return landing


def test_the_next_night_builds_with_empty_tables_and_an_empty_column(models, earlier: Landing):
    assert ingest(earlier) == 0
    with models.run(earlier.lake) as connection:
        for bron, names in ADDED.items():
            for name in names:
                assert connection.execute(f"select count(*) from {staged(connection, f'stg_{bron}__{name}')}").fetchall() == [(0,)]
        found = connection.execute(f"select count(*), count({COLUMN}) from {staged(connection, 'stg_monitor__jongere')}").fetchall()
        counted = connection.execute("select count(*) from kern.melding").fetchall()
    assert (found, counted) == ([(2, 0)], [(2,)])
    assert [table.size for table in bronnen.tables(earlier.lake)]


def test_a_later_delivery_has_the_column_beside_rows_without_it(models, earlier: Landing):
    row = {"BSN": OTHER, "DATUM_EINDE_KWALIFICATIEPLICHT": "2025-01-01"} | BIRTH
    earlier.write("c", {"jongeren.csv": to_csv([row])}, bron="monitor", entiteit="jongere", kennisdatum="2025-06-03T02:00:00+02:00")
    assert ingest(earlier) == 1
    with models.run(earlier.lake) as connection:
        found = connection.execute(f"select count(*), count({COLUMN}) from {staged(connection, 'stg_monitor__jongere')}").fetchall()
    assert found == [(2, 1)]


def test_the_same_delivery_again_is_still_a_repeat(earlier: Landing):
    folder = earlier.lake.landing / "duo" / "b"
    files = {"verzuimmeldingen.csv": (folder / "verzuimmeldingen.csv").read_bytes()}
    earlier.write("b-nogmaals", files, rijen=2)
    (entry,) = earlier.ingest()
    assert (entry.oordeel, entry.reden) == ("herhaald", "dezelfde levering als b")


def test_persons_can_be_shown_kept_renewed_and_erased(models, earlier: Landing):
    ingest(earlier)
    settings, numbers = earlier.settings(), identity.parse_numbers(THEIRS)
    assert len(retention.persons(earlier.lake, ledger.read(earlier.lake)).born) == 2
    assert purge.purge(settings, None).nothing
    rotate.rotate(settings, DECISION)
    assert {place: len(rows) for place, rows in disclose.collect(settings, numbers).rows.items()} == {
        ("monitor", "jongere"): 1, ("monitor", "woonperiode"): 1, ("duo", "verzuimmelding"): 1
    }  # fmt: skip
    erase.erase(settings, numbers, DECISION)
    assert disclose.collect(settings, numbers).nothing
    ingest(earlier)
    with models.run(earlier.lake) as connection:
        assert connection.execute("select count(*) from kern.melding").fetchall() == [(1,)]
