"""dbt reads only accepted deliveries from the lake, in the order of their kennisdata, whatever the path of the lake."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from leveringen import Landing, melding
from models import Models

from expectations import contract
from expectations.suites import sql_text
from orchestration import clock
from orchestration.deliveries import decide, ledger
from orchestration.lake import Lake
from orchestration.lake.paths import BIRTH_DATES, PROVENANCE
from orchestration.settings import Settings
from orchestration.warehouse import build

# name, kennisdatum in any delivered form, meldingen; the names and the kennisdata have different orders
DELIVERIES = (
    ("c-eerste", "2025-03-03T02:00+01:00", (1, 2)),
    ("b-tweede", "2025-W10-1T01:30:00,5Z", (2, 3)),
    ("a-derde", "20250303T033000+0100", (1,)),
    ("d-zelfde-moment", "2025-03-03 02:30:00+00:00", (4,)),
    ("0-zomertijd", "2025-04-30T22:15:00.25-00:30", (5,)),
)
SELECT = ("+base_duo__verzuimmelding", "+levering")


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory, models: Models) -> Landing:
    landing = Landing(tmp_path_factory.mktemp('een \' meer, [met] "vreemde" *tekens é%20'))
    build.copy_partial_parse(models.empty, landing.lake)
    for name, kennisdatum, numbers in DELIVERIES:
        rows = [melding(number, DATUM_LAATSTE_MUTATIE="2025-02-28") for number in numbers]
        landing.meldingen(name, rows, kennisdatum=kennisdatum)
    landing.meldingen("e-deels", [melding(6), melding(7, VERZUIMSOORT="bestaat niet")], kennisdatum="2025-05-01T00:00:00Z")
    refused = landing.meldingen("f-geweigerd", [melding(8)], kennisdatum="2025-05-02T00:00:00Z")
    (refused / "verzuimmeldingen.csv").write_bytes(b"anders dan levering.json zegt")
    (landing.lake.landing / "duo" / "g-onleesbaar").mkdir()
    (landing.lake.landing / "duo" / "g-onleesbaar" / "levering.json").write_text("{")
    landing.meldingen("h-herhaald", [melding(4, DATUM_LAATSTE_MUTATIE="2025-02-28")], kennisdatum=DELIVERIES[3][1])
    for bron in contract.BRONNEN:
        landing.ingest(bron)
    verdicts = {entry.levering: entry.oordeel for entry in ledger.read(landing.lake)}
    assert list(verdicts.values()).count("geaccepteerd") == 6
    assert {verdicts[name] for name in ("f-geweigerd", "g-onleesbaar")} == {"geweigerd"}
    assert verdicts["h-herhaald"] == "herhaald"
    return landing


def built(settings: Settings) -> duckdb.DuckDBPyConnection:
    path = Lake.of(settings).warehouse_build
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in (path.name, PROVENANCE, BIRTH_DATES):
        path.with_name(name).unlink(missing_ok=True)
    parsed, variables = build._parsed(settings), build._variables(settings, path)
    only = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")  # every night and `dbt build` run these
    outcome = build._invoke(settings, "build", "--select", *SELECT, *only, manifest=parsed, variables=variables)
    assert outcome.success, outcome.exception or [result.message for result in outcome.result.results if result.message]
    connection = duckdb.connect(str(path), read_only=True)
    connection.execute(f"attach {sql_text(path.with_name(PROVENANCE))} as herkomst (read_only)")
    connection.execute("set timezone = 'America/New_York'")
    return connection


@pytest.fixture(scope="module")
def connection(landing: Landing) -> Iterator[duckdb.DuckDBPyConnection]:
    """What was built from all deliveries."""
    with built(landing.settings()) as connection:
        yield connection


def expected(entries: list[ledger.LedgerEntry], lake: Lake) -> list[tuple[object, ...]]:
    """Return the rows that count, read without dbt: a version number is the rank of the delivery and the index in the file."""
    accepted = sorted((entry.instant, entry.levering, entry) for entry in entries if entry.accepted and entry.instant)
    found = []
    for rank, (instant, levering, entry) in enumerate(accepted, 1):
        rows = duckdb.execute("select sleutel from read_parquet(?)", [str(lake.rows / str(entry.entiteiten[0].rijen))]).fetchall()
        found += [(levering, instant.replace(tzinfo=None), rank, rank * 10**10 + place, key) for place, (key,) in enumerate(rows)]
    return found


def versions(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    query = "select levering, kennisdatum, volgorde, versie, sleutel from herkomst.staging.base_duo__verzuimmelding order by versie"
    return connection.execute(query).fetchall()


def test_accepted_deliveries_count_in_the_order_of_their_moments(landing: Landing, connection: duckdb.DuckDBPyConnection):
    found = versions(connection)
    assert found == expected(ledger.read(landing.lake), landing.lake)
    assert [name for name, *_ in found] == [name for name, _, numbers in DELIVERIES for _ in numbers] + ["e-deels"]
    [rejected] = connection.execute("select levering, sleutel, code from herkomst.staging.stg_grootboek__afwijzing").fetchall()
    assert rejected == ("e-deels", "M7", "code_onbekend")


def test_the_ledger_includes_refused_deliveries(landing: Landing, connection: duckdb.DuckDBPyConnection):
    found = connection.execute("select levering, kennisdatum, oordeel, bestanden, rijen, sha256 from kern.levering").fetchall()
    told = [
        (entry.levering, entry.kennisdatum, entry.oordeel, len(entry.bestanden), sum(file.rijen for file in entry.bestanden), entry.sha256)
        for entry in ledger.read(landing.lake)
    ]
    assert sorted(found) == sorted(told)
    assert ("g-onleesbaar", None, "geweigerd", 0, 0, "") in found


def test_looking_back_leaves_out_what_was_made_later(landing: Landing):
    moment = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
    with built(landing.settings(known_at=moment)) as connection:
        assert {name for name, *_ in versions(connection)} == {"c-eerste", "b-tweede"}
        assert connection.execute("select count(*) from kern.levering").fetchall() == [(2,)]


def test_looking_back_shows_a_withdrawn_delivery_as_it_was_then(landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    withdrawn = Landing(tmp_path)
    shutil.copytree(landing.lake.root, withdrawn.lake.root)
    decisions = (("withdraw", 1), ("accept", 3), ("withdraw", 5))
    for verb, month in decisions:
        monkeypatch.setattr(clock, "now", lambda month=month: datetime(2026, month, 1, tzinfo=UTC))
        getattr(decide, verb)(withdrawn.settings(), "duo", "c-eerste", "daarom", "Jansen")
    verdicts = []
    for moment in (None, datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)):
        with built(withdrawn.settings(known_at=moment)) as connection:
            [(found,)] = connection.execute("select oordeel from kern.levering where levering = 'c-eerste'").fetchall()
            assert any(name == "c-eerste" for name, *_ in versions(connection)) is (found == "geaccepteerd")
        verdicts.append(found)
    assert verdicts == ["ingetrokken", "geaccepteerd", "ingetrokken", "geaccepteerd"]


def test_an_old_ledger_entry_has_only_the_delivered_kennisdatum(landing: Landing, tmp_path: Path):
    older = Landing(tmp_path)
    shutil.copytree(landing.lake.root, older.lake.root)
    for path in older.lake.ledger.rglob("*.json"):
        entry = json.loads(path.read_bytes())
        del entry["kennisdatum_utc"], entry["ingetrokken"], entry["bewaakt_sinds"], entry["zegel"]
        if entry["levering"] in ("c-eerste", "d-zelfde-moment", "e-deels"):
            path.write_text(json.dumps(entry))
        else:
            path.unlink()
    with built(older.settings()) as connection:
        assert versions(connection) == expected(ledger.read(older.lake), older.lake)
        assert len({name for name, *_ in versions(connection)}) == 3


def test_a_new_column_of_the_contract_is_null_in_earlier_rows(landing: Landing, tmp_path: Path):
    older = Landing(tmp_path)
    shutil.copytree(landing.lake.root, older.lake.root)
    for path in (older.lake.rows / "duo" / "verzuimmelding").glob("*.parquet"):
        if path != older.lake.no_rows("duo", "verzuimmelding"):
            duckdb.execute(f"copy (select * exclude (aanleiding) from '{path}') to '{path}.nieuw' (format parquet)")
            Path(f"{path}.nieuw").replace(path)
    with built(older.settings()) as connection:
        assert versions(connection) == expected(ledger.read(older.lake), older.lake)
        assert connection.execute("select distinct aanleiding from herkomst.staging.base_duo__verzuimmelding").fetchall() == [(None,)]


def test_a_lake_that_was_never_read_is_refused_in_a_sentence(tmp_path: Path):
    lake = Landing(tmp_path).lake
    with pytest.raises(build.BuildError) as refused:
        build.build(Landing(tmp_path).settings(), lake.warehouse_build)
    told = str(refused.value)
    named = {f"{bron}.{entiteit}" for bron in contract.BRONNEN for entiteit in contract.load(bron).entities}
    assert told.removeprefix(f"in {lake.root} is van ").partition(" ")[0] in named
    assert told.endswith(
        " nog niets gelezen, ook niet dat er niets is; draai eerst leerplicht run, of zet LEERPLICHT_LAKE op het goede meer"
    )
